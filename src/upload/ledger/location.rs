//! Where the ledger of a server is. A ledger that an early version of the package left has no server yet: it belongs to
//! the first one that it is used with ([`ServerPrefixes`]).

use super::keys::LedgerKeys;
use crate::error::Error;
use crate::store::{LockedStore, ServerPrefixes, Store, ValueKind};
use crate::uri::LinkScope;
use humansync_ingest::DataType;
use std::rc::Rc;

/// Where the ledger of a server is.
pub struct LedgerLocation {
    /// Its keys.
    pub keys: LedgerKeys,
    /// Whether it is an early ledger that no server owns yet.
    pub is_unclaimed: bool,
}

impl LedgerLocation {
    /// Finds the ledger of `server`.
    pub async fn find<S: Store>(
        store: &S,
        account: Option<&str>,
        data_type: DataType,
        server: &LinkScope,
    ) -> Result<Self, Error> {
        let (early, own) =
            (LedgerKeys::early(account, data_type), LedgerKeys::new(account, data_type, server));
        let location = owner_places(&early, &own).ownership(store, server).await?;
        Ok(Self { keys: if location.is_early { early } else { own }, is_unclaimed: location.is_unclaimed })
    }

    /// Makes `server` the owner. To be called only if the ledger is unclaimed.
    pub async fn claim<S: Store>(&self, locked: &LockedStore<S>, server: &LinkScope) -> Result<(), Error> {
        owner_places(&self.keys, &self.keys).claim(locked, server).await
    }

    /// Deletes the note that says who owns the early ledger, because it cannot be read any more.
    pub async fn disown<S: Store>(
        store: &Rc<S>,
        account: Option<&str>,
        data_type: DataType,
    ) -> Result<(), Error> {
        let early = LedgerKeys::early(account, data_type);
        let locked = LockedStore::enter(store.clone(), early.prefix()).await?;
        locked.delete(&owner_places(&early, &early).owner_key()).await?;
        locked.release().await
    }
}

fn owner_places<'key>(early: &'key LedgerKeys, own: &'key LedgerKeys) -> ServerPrefixes<'key> {
    ServerPrefixes { owner_kind: ValueKind::LedgerOwner, early: early.prefix(), own: own.prefix() }
}
