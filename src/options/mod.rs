//! What callers may set: the options of each class and method as they are given, what holds where one is left out, and
//! the rules for what they may be.
//!
//! - One file for whose options they are: `client` for all clients and for those that read, `sample_uploader`, `list`,
//!   `sync`, `window` and `plan`. A type that ends in `Init` is what was given; its methods check it, and make of it what an engine
//!   takes. Its fields are the names that callers write, in camel case. (The options of a query are `api`'s `QueryInit`.)
//! - `secret` says what is told of a secret, `defaults` has every default, `complaint` the words for what is wrong.
//!
//! Not here: functions, signals and stores of the caller, which only the edge can hold.

pub mod defaults;

mod client;
mod complaint;
mod list;
mod number;
mod plan;
mod sample_uploader;
mod secret;
mod sync;
mod window;

#[cfg(test)]
mod tests;

pub use client::{AppClientInit, ClientInit, HumanClientInit};
pub use complaint::{no_such, unknown_option};
pub use list::{CursorInit, WalkInit, no_cursor};
pub use plan::{CoveredInit, MissingInit, PlanInit, type_with_ids};
pub use sample_uploader::{UploadInit, UploaderInit, data_type};
pub use secret::{ACCESS_TOKEN, APP_KEY, SecretOption, TOKEN};
pub use sync::{PersonSyncInit, SyncInit, SyncTypes, batch_type, no_store, store_and_from, window_records};
pub use window::{CheckpointInit, WindowInit};
