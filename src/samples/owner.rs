//! Which server's a ledger is.
//!
//! Early versions kept one ledger for all servers. It belongs to the server that it is used with next: a note in it says which that is,
//! written once, under the ledger's lock and as one atomic value, so that a crash leaves it with an owner or without. All other servers, and
//! all who never had an early ledger, have scopes of their own.

use super::keys::{Scope, fingerprint};
use crate::error::Error;
use crate::store::{Kind, Store, damaged, open, seal};
use crate::uri::Base;
use humansync_samples::DataType;

/// Where a server's ledger is.
pub struct Home {
    /// Under these keys.
    pub scope: Scope,
    /// Whether it is an early one that nobody owns yet.
    pub is_unclaimed: bool,
}

impl Home {
    /// Finds it.
    pub async fn find<S: Store>(
        store: &S,
        account: Option<&str>,
        data_type: DataType,
        server: &Base,
    ) -> Result<Self, Error> {
        let (early, own) = (Scope::early(account, data_type), Scope::new(account, data_type, server));
        if let Some(value) = store.get(&early.server()).await? {
            let owner = open(Kind::Server, &value)?;
            if owner.len() != fingerprint(server).len() {
                return Err(damaged(Kind::Server));
            }
            let scope = if owner == fingerprint(server) { early } else { own };
            return Ok(Self { scope, is_unclaimed: false });
        }
        // Who has one already needs no other: an early version may have been at work since.
        let is_unclaimed =
            !store.keys(early.prefix()).await?.is_empty() && store.keys(own.prefix()).await?.is_empty();
        Ok(Self { scope: if is_unclaimed { early } else { own }, is_unclaimed })
    }

    /// Makes it this server's. Only under its lock, and where nobody owns it.
    pub async fn claim<S: Store>(&self, store: &S, server: &Base) -> Result<(), Error> {
        store.set(&self.scope.server(), seal(Kind::Server, &fingerprint(server))).await
    }

    /// Forgets whose the early ledger is, where that cannot be read any more.
    pub async fn disown<S: Store>(
        store: &S,
        account: Option<&str>,
        data_type: DataType,
    ) -> Result<(), Error> {
        store.delete(&Scope::early(account, data_type).server()).await
    }
}
