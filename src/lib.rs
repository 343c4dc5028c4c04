//! Reads people's health data, keeps it in sync, and sends samples: the core of the npm package `humansync`.

// The lints that forbid panics (the workspace's) hold outside tests.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::as_conversions
    )
)]

pub mod api;
mod base64;
pub mod clock;
pub mod error;
mod fnv;
pub mod http;
pub mod latch;
pub mod options;
pub mod pages;
pub mod store;
pub mod sync;
mod text;
pub mod upload;

#[cfg(any(doc, all(target_arch = "wasm32", not(feature = "testing"))))]
pub mod bindings;

#[cfg(test)]
mod testing {
    //! `test`: the attribute of a test that also runs as WebAssembly. For wasm-bindgen's runner, `#[test]` alone marks
    //! none.

    #[cfg(not(target_arch = "wasm32"))]
    pub use std::prelude::v1::test;
    #[cfg(target_arch = "wasm32")]
    pub use wasm_bindgen_test::wasm_bindgen_test as test;
}
