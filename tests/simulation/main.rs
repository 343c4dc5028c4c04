//! Whole engines in a simulated world: an independent check of the walk over pages, of the sync of apps, of the upload
//! of samples, and of the client that all of them use.
//!
//! - `world` is the executor with virtual time, the chance and the network; `server` is what the network leads to.
//! - `setup` builds a client in a world; `http`, `pages`, `sync` and `upload` hold the tests of those modules.
//!
//! A seed decides everything that happens. A test that fails prints the seed of its world; with that seed in
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
