//! Reads people's health data, keeps it in sync, and sends samples: the core of the npm package `humansync`.

#![deny(missing_docs)]
#![deny(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented
)]
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
pub mod flag;
pub mod http;
pub mod link;
pub mod pages;
pub mod retry;
mod scan;
pub mod store;
pub mod sync;
pub mod time;
pub mod upload;
pub mod uri;

#[cfg(target_arch = "wasm32")]
mod bindings;
