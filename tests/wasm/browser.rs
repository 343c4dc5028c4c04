//! All tests of `main.rs`, for browsers: a program with this mark runs there and nowhere else, and one without it in Node.

#![cfg(target_arch = "wasm32")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "main.rs"]
mod tests;
