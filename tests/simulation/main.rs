//! Whole engines in a simulated world: an independent judge of the walk over pages, of keeping apps in sync, of sending
//! samples, and of the client below all of them.
//!
//! - `world` is the executor with virtual time, the chance and the network; `server` is what the network leads to.
//! - `setup` builds a client in a world; `walks`, `apps`, `uploads` and `client` hold the tests.
//!
//! One seed decides everything that happens. When a test fails, it prints its world's seed, and with that in
//! `HUMANSYNC_SEED` the same happens again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::unreachable
)]
#![cfg(not(target_arch = "wasm32"))]

mod http;
mod pages;
mod server;
mod setup;
mod sync;
mod upload;
mod world;
