//! All tests of `main.rs`, for browsers. A program with this mark runs only in browsers, and one without it only in
//! Node.

#![cfg(target_arch = "wasm32")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "main.rs"]
mod tests;
