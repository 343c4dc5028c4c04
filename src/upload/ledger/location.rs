//! Which server's a ledger is: one of an early version may be anybody's ([`Places`]).

use super::keys::LedgerKeys;
use crate::error::Error;
use crate::http::uri::Base;
use crate::store::{Kind, Places, Store};
use humansync_ingest::DataType;

/// Where a server's ledger is.
pub struct LedgerLocation {
    /// Under these keys.
    pub keys: LedgerKeys,
    /// Whether it is an early one that nobody owns yet.
    pub is_unclaimed: bool,
}

impl LedgerLocation {
    /// Finds it.
    pub async fn find<S: Store>(
        store: &S,
        account: Option<&str>,
        data_type: DataType,
        server: &Base,
    ) -> Result<Self, Error> {
        let (early, own) =
            (LedgerKeys::early(account, data_type), LedgerKeys::new(account, data_type, server));
        let location = owner_places(&early, &own).find(store, server).await?;
        Ok(Self { keys: if location.is_early { early } else { own }, is_unclaimed: location.is_unclaimed })
    }

    /// Makes it this server's. Only under its lock, and where nobody owns it.
    pub async fn claim<S: Store>(&self, store: &S, server: &Base) -> Result<(), Error> {
        owner_places(&self.keys, &self.keys).claim(store, server).await
    }

    /// Forgets whose the early ledger is, where that cannot be read any more.
    pub async fn disown<S: Store>(
        store: &S,
        account: Option<&str>,
        data_type: DataType,
    ) -> Result<(), Error> {
        let early = LedgerKeys::early(account, data_type);
        store.delete(&owner_places(&early, &early).key()).await
    }
}

fn owner_places<'key>(early: &'key LedgerKeys, own: &'key LedgerKeys) -> Places<'key> {
    Places { note: Kind::Server, early: early.prefix(), own: own.prefix() }
}
