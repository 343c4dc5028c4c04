//! The port for storage, and the formats shared by what is stored between runs and across crashes: positions and
//! ledgers.
//!
//! - [`Store`] is the port: anyone may read, and nothing is written but under a [`Lock`]. The package's stores are written
//!   in JavaScript; tests have their own.
//! - [`LockedStore`] is a store with a lock of it, through which engines write. A lock may be lost: storage refuses what
//!   is written under it then, and the engine ends.
//! - [`seal`] and [`open`] put a value into an envelope with its kind, version and checksum, so that damage is reported
//!   and never taken for a fresh start.
//! - [`ServerPrefixes`] finds out which server owns what early versions stored for all servers.
//! - [`ByteWriter`] and [`ByteReader`] write and read the bytes inside.
//!
//! Not here: what is stored, and under which keys; only how numbers are written in keys (`hex`).

mod bytes;
mod envelope;
mod locked;
mod owner;

pub use bytes::{ByteReader, ByteWriter};
pub use envelope::{ValueKind, damaged, open, open_version, seal};
pub use locked::LockedStore;
pub use owner::{Ownership, ServerPrefixes, server_fingerprint};

use crate::error::Error;
use crate::http::Abort;
use std::future::Future;

/// A place to store values. Keys hold no personal data.
///
/// The futures of this port are independent of the store. An engine may drop one, and what it has begun may still
/// happen.
pub trait Store: 'static {
    /// A lock that one holder has at a time, among all who share the store.
    type Lock: Lock;

    /// The value under `key`.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + 'static;

    /// All keys that begin with `prefix`.
    fn keys(&self, prefix: &str) -> impl Future<Output = Result<Vec<String>, Error>> + 'static;

    /// Waits for the lock `name`.
    fn lock(&self, name: &str) -> impl Future<Output = Result<Self::Lock, Error>> + 'static;
}

/// A lock that is held, and the right to write under it. Dropping it lets the next one in.
pub trait Lock: 'static {
    /// Stores `value`. Atomic: after a crash either the old or the new value is there. Errors: [`Error::Store`] with the
    /// code `fenced` once another has the lock.
    fn set(&self, key: &str, value: Vec<u8>) -> impl Future<Output = Result<(), Error>> + 'static;

    /// Deletes the value under `key`, if there is one. Errors: as for [`Lock::set`].
    fn delete(&self, key: &str) -> impl Future<Output = Result<(), Error>> + 'static;

    /// Aborted when the lock is lost: another may have it from then on.
    fn lost(&self) -> Abort;

    /// Releases it, and waits until that is done.
    fn release(&self) -> impl Future<Output = Result<(), Error>> + 'static;
}

/// Appends the last `digits` hexadecimal digits of `value`.
pub(crate) fn hex(out: &mut String, value: u64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = u32::try_from((value >> (4 * place)) & 15).unwrap_or_default();
        out.push(char::from_digit(digit, 16).unwrap_or('0'));
    }
}
