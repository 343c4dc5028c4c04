//! The core compiled to WebAssembly, where `usize` has 32 bits, with the host's own timers.
//!
//! - `formats`: the same tables hold natively and here
//! - `walks`: the engine with in-memory lists and `setTimeout` as its clock; positions beyond 32 bits
//! - `requests`: timeouts, backoff and aborting in real time
//!
//! `wasm-pack test --node` runs this program, and `--chrome` and `--firefox` run `browser.rs`. Natively only `formats`
//! runs. The package's JavaScript is tested in `tests/package` as it is installed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::as_conversions)]

#[cfg(target_arch = "wasm32")]
mod clock;
mod formats;
#[cfg(target_arch = "wasm32")]
mod requests;
#[cfg(target_arch = "wasm32")]
mod server;
#[cfg(target_arch = "wasm32")]
mod walks;
