//! The core where it runs: compiled to WebAssembly, in a browser, with the browser's own timers.
//!
//! - `formats`: the same tables are read natively and here, where `usize` has 32 bits
//! - `walks`: the engine over lists in memory, with `setTimeout` as its clock; positions beyond 32 bits
//! - `requests`: timeouts, backoff and aborting in real time
//!
//! Natively (`cargo test -p humansync-wasm-tests`) only `formats` runs. Not here: the package's JavaScript, which
//! `tests/package/node` and `tests/package/consumers` test as its users have it.

mod formats;
#[cfg(target_arch = "wasm32")]
mod requests;
#[cfg(target_arch = "wasm32")]
mod walks;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
