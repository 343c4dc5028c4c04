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
pub mod clock;
pub mod error;
pub mod flag;
mod fnv;
pub mod http;
pub mod pages;
mod scan;
pub mod store;
pub mod sync;
pub mod upload;

#[cfg(any(doc, all(target_arch = "wasm32", not(feature = "testing"))))]
pub mod bindings;
