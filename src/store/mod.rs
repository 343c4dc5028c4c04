//! The port for storage, and the form of what is kept: positions and ledgers, between runs and across crashes.
//!
//! - [`Store`]: what a place to keep values must do. The package's own are in JavaScript; tests have theirs.
//! - [`seal`] and [`open`]: a value with its kind, its version and a checksum, so that a damaged one is an error that
//!   says so, and never a silent fresh start.
//! - [`ServerPrefixes`]: which server's it is what was kept before servers were told apart.
//! - [`ByteWriter`] and [`ByteReader`]: the bytes inside.
//!
//! Not here: what is kept, and under which keys; only how numbers look in them (`hex`).

mod bytes;
mod envelope;
mod hex;
mod owner;

pub use bytes::{ByteReader, ByteWriter};
pub use envelope::{ValueKind, damaged, open, open_version, seal};
pub(crate) use hex::hex;
pub use owner::{Ownership, ServerPrefixes, server_fingerprint};

use crate::error::Error;
use std::future::Future;

/// Where values are kept. Keys hold no personal data.
///
/// The futures are on their own: an engine may drop one, and what it has begun may still happen.
pub trait Store: 'static {
    /// Held by one at a time, over all who share the store.
    type Lock: Lock;

    /// The value under `key`.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + 'static;

    /// Keeps `value`. Atomic: after a crash either the old or the new value is there.
    fn set(&self, key: &str, value: Vec<u8>) -> impl Future<Output = Result<(), Error>> + 'static;

    /// Forgets the value under `key`, if there is one.
    fn delete(&self, key: &str) -> impl Future<Output = Result<(), Error>> + 'static;

    /// All keys that begin with `prefix`.
    fn keys(&self, prefix: &str) -> impl Future<Output = Result<Vec<String>, Error>> + 'static;

    /// Waits until no other holds `name`.
    fn lock(&self, name: &str) -> impl Future<Output = Result<Self::Lock, Error>> + 'static;
}

/// A lock that is held; dropping it lets the next one in.
pub trait Lock: 'static {
    /// Gives it back, and waits until that is done.
    fn release(self) -> impl Future<Output = Result<(), Error>> + 'static;
}
