//! Which server's it is what a store holds.
//!
//! Early versions kept one ledger, and one set of positions, for all servers. They belong to the server that they are used with next:
//! a note beside them says which that is, written once, under a lock and as one atomic value, so that a crash leaves them with an owner
//! or without. All other servers, and all who never had anything of an early version, have places of their own.

use super::{Store, ValueKind, damaged, open, seal};
use crate::error::Error;
use crate::http::uri::Base;
use sha2::{Digest, Sha256};

/// Where a server's things are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// Where those of early versions are, and not in a place of its own.
    pub is_early: bool,
    /// Nobody owns that place yet.
    pub is_unclaimed: bool,
}

/// Where they may be.
#[derive(Clone, Copy, Debug)]
pub struct ServerPrefixes<'key> {
    /// What the note is.
    pub owner_kind: ValueKind,
    /// What the keys of early versions begin with.
    pub early: &'key str,
    /// What those of the server's own place begin with.
    pub own: &'key str,
}

impl ServerPrefixes<'_> {
    /// Finds where the things of `server` are.
    ///
    /// # Errors
    /// Those of the store; a note that is damaged.
    pub async fn ownership<S: Store>(self, store: &S, server: &Base) -> Result<Ownership, Error> {
        if let Some(value) = store.get(&self.owner_key()).await? {
            let owner = open(self.owner_kind, &value)?;
            if owner.len() != server_fingerprint(server).len() {
                return Err(damaged(self.owner_kind));
            }
            return Ok(Ownership { is_early: owner == server_fingerprint(server), is_unclaimed: false });
        }
        // Who has a place already needs no other: an early version may have been at work since.
        let is_unclaimed =
            !store.keys(self.early).await?.is_empty() && store.keys(self.own).await?.is_empty();
        Ok(Ownership { is_early: is_unclaimed, is_unclaimed })
    }

    /// Gives what is of early versions to `server`. Only under a lock, and where nobody owns it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn claim<S: Store>(self, store: &S, server: &Base) -> Result<(), Error> {
        store.set(&self.owner_key(), seal(self.owner_kind, &server_fingerprint(server))).await
    }

    /// The key of the note that says whose it is.
    pub fn owner_key(self) -> String {
        [self.early, "server"].concat()
    }
}

/// What a server is called in the store: the same for every way in which its origin and path can be written.
pub fn server_fingerprint(server: &Base) -> [u8; 16] {
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
