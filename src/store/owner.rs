//! Which server owns what early versions stored.
//!
//! Early versions kept one ledger and one set of positions for all servers. These belong to the server that they are
//! used with next: an owner record beside them says which, written once, under a lock and as one atomic value, so that
//! a crash leaves them either owned or not. Every other server, and every app that never used an early version, has a
//! prefix of its own.

use super::{LockedStore, Store, ValueKind, damaged, open, seal};
use crate::error::Error;
use crate::uri::LinkScope;
use sha2::{Digest, Sha256};

/// Under which prefix a server's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// Under that of early versions, and not under its own.
    pub is_early: bool,
    /// No server owns the prefix of early versions yet.
    pub is_unclaimed: bool,
}

/// The two prefixes that a server's values may have.
#[derive(Clone, Copy, Debug)]
pub struct ServerPrefixes<'key> {
    /// The kind of the owner record.
    pub owner_kind: ValueKind,
    /// The prefix of early versions.
    pub early: &'key str,
    /// The server's own prefix.
    pub own: &'key str,
}

impl ServerPrefixes<'_> {
    /// Finds out which prefix `server` uses.
    pub async fn ownership<S: Store>(self, store: &S, server: &LinkScope) -> Result<Ownership, Error> {
        if let Some(value) = store.get(&self.owner_key()).await? {
            let owner = open(self.owner_kind, &value)?;
            if owner.len() != server_fingerprint(server).len() {
                return Err(damaged(self.owner_kind));
            }
            return Ok(Ownership { is_early: owner == server_fingerprint(server), is_unclaimed: false });
        }
        // A server with values of its own keeps them: an early version may have written the others since.
        let is_unclaimed =
            !store.keys(self.early).await?.is_empty() && store.keys(self.own).await?.is_empty();
        Ok(Ownership { is_early: is_unclaimed, is_unclaimed })
    }

    /// Makes `server` the owner of what early versions stored. Only if nothing is owned yet.
    pub async fn claim<S: Store>(self, locked: &LockedStore<S>, server: &LinkScope) -> Result<(), Error> {
        locked.set(&self.owner_key(), seal(self.owner_kind, &server_fingerprint(server))).await
    }

    /// The key of the owner record.
    pub fn owner_key(self) -> String {
        [self.early, "server"].concat()
    }
}

/// Identifies a server in the store: the same for all ways to write its origin and path.
pub fn server_fingerprint(server: &LinkScope) -> [u8; 16] {
    let origin = server.origin();
    let mut hash = Sha256::new();
    hash.update(if origin.is_https() { b"https\0".as_slice() } else { b"http\0" });
    hash.update(origin.host().as_bytes());
    hash.update(b"\0");
    hash.update(origin.port().to_be_bytes());
    hash.update(server.path().as_bytes());
    let mut cut = [0; 16];
    for (to, from) in cut.iter_mut().zip(hash.finalize().iter()) {
        *to = *from;
    }
    cut
}
