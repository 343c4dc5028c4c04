//! Which server's it is what a store holds.
//!
//! Early versions kept one ledger, and one set of positions, for all servers. They belong to the server that they are used with next:
//! a note beside them says which that is, written once, under a lock and as one atomic value, so that a crash leaves them with an owner
//! or without. All other servers, and all who never had anything of an early version, have places of their own.

use super::{Kind, Store, damaged, open, seal};
use crate::error::Error;
use crate::http::uri::Base;
use sha2::{Digest, Sha256};

/// Where a server's things are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// Where those of early versions are, and not in a place of its own.
    pub is_early: bool,
    /// Nobody owns that place yet.
    pub is_unclaimed: bool,
}

/// Where they may be.
#[derive(Clone, Copy, Debug)]
pub struct Places<'key> {
    /// What the note is.
    pub note: Kind,
    /// What the keys of early versions begin with.
    pub early: &'key str,
    /// What those of the server's own place begin with.
    pub own: &'key str,
}

impl Places<'_> {
    /// Finds where the things of `server` are.
    ///
    /// # Errors
    /// Those of the store; a note that is damaged.
    pub async fn find<S: Store>(self, store: &S, server: &Base) -> Result<Home, Error> {
        if let Some(value) = store.get(&self.key()).await? {
            let owner = open(self.note, &value)?;
            if owner.len() != fingerprint(server).len() {
                return Err(damaged(self.note));
            }
            return Ok(Home { is_early: owner == fingerprint(server), is_unclaimed: false });
        }
        // Who has a place already needs no other: an early version may have been at work since.
        let is_unclaimed =
            !store.keys(self.early).await?.is_empty() && store.keys(self.own).await?.is_empty();
        Ok(Home { is_early: is_unclaimed, is_unclaimed })
    }

    /// Gives what is of early versions to `server`. Only under a lock, and where nobody owns it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn claim<S: Store>(self, store: &S, server: &Base) -> Result<(), Error> {
        store.set(&self.key(), seal(self.note, &fingerprint(server))).await
    }

    /// The key of the note that says whose it is.
    pub fn key(self) -> String {
        [self.early, "server"].concat()
    }
}

/// What a server is called in the store: the same for every way in which its origin and path can be written.
pub fn fingerprint(server: &Base) -> [u8; 16] {
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
