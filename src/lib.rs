//! Reads people's health data and sends samples: the core of the npm package `humansync`, which is to keep data in sync as well.

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

pub mod clock;
pub mod error;
pub mod flag;
pub mod http;
pub mod human;
pub mod link;
pub mod pages;
pub mod query;
pub mod retry;
pub mod samples;
mod scan;
pub mod store;
pub mod time;
pub mod uri;

#[cfg(target_arch = "wasm32")]
mod js;
