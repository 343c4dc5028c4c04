//! What callers may set: the options of each class and method as they are given, what holds where one is left out, and
//! the rules for what they may be.
//!
//! - One file for whose options they are: `client` for all clients, `human_client`, `app_client` and `sample_uploader`
//!   for one of them, `query`, `sync`, `upload` and `walk` for what these do. A type that ends in `Init` is what was
//!   given; its methods check it, and make of it what an engine takes. Its fields are the names that callers write, in
//!   camel case. (The options of a query are `api`'s `QueryInit`.)
//! - `secret` says what is told of a secret, `defaults` has every default, `complaint` the words for what is wrong.
//!
//! Not here: functions, signals and stores of the caller, which only the edge can hold.

pub mod defaults;

mod app_client;
mod client;
mod complaint;
mod human_client;
mod number;
mod query;
mod sample_uploader;
mod secret;
mod sync;
mod upload;
mod walk;

#[cfg(test)]
mod tests;

pub use app_client::AppClientInit;
pub use client::ClientInit;
pub use complaint::{no_such, unknown_option};
pub use human_client::HumanClientInit;
pub use query::{CursorInit, no_cursor};
pub use sample_uploader::UploaderInit;
pub use secret::{ACCESS_TOKEN, APP_KEY, SecretOption, TOKEN};
pub use sync::{SyncInit, batch_type, no_store};
pub use upload::{UploadInit, data_type};
pub use walk::WalkInit;
