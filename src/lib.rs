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
// Dead code shows where the edge is there with all of its jobs. Some re-exports are used by the tests only, or name the
// type of a result.
#![cfg_attr(not(feature = "testing"), allow(unused_imports))]
#![cfg_attr(
    not(any(
        feature = "testing",
        all(target_arch = "wasm32", feature = "read", feature = "sync", feature = "send")
    )),
    allow(dead_code)
)]

mod base64;
mod fnv;
mod key_table;
mod text;

cfg_if::cfg_if! {
    if #[cfg(any(doc, feature = "testing"))] {
        pub mod api;
        pub mod clock;
        pub mod error;
        pub mod http;
        pub mod latch;
        pub mod options;
        pub mod pages;
        pub mod store;
        pub mod sync;
        pub mod upload;
        pub mod uri;
    } else {
        // Only the edge uses them, so the compiler finds what is of no use to it.
        mod api;
        mod clock;
        mod error;
        mod http;
        mod latch;
        mod options;
        mod pages;
        mod store;
        mod sync;
        mod upload;
        mod uri;
    }
}

#[cfg(any(doc, all(target_arch = "wasm32", not(feature = "testing"))))]
#[warn(unused_imports)]
mod bindings;

#[cfg(test)]
mod testing {
    //! `test`: the attribute of a test that also runs as WebAssembly. For wasm-bindgen's runner, `#[test]` alone marks
    //! none.

    #[cfg(not(target_arch = "wasm32"))]
    pub use std::prelude::v1::test;
    #[cfg(target_arch = "wasm32")]
    pub use wasm_bindgen_test::wasm_bindgen_test as test;
}
