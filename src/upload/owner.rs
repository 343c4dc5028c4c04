//! Which server's a ledger is: one of an early version may be anybody's ([`Places`]).

use super::keys::Scope;
use crate::error::Error;
use crate::http::uri::Base;
use crate::store::{Kind, Places, Store};
use humansync_ingest::DataType;

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
        let home = places(&early, &own).find(store, server).await?;
        Ok(Self { scope: if home.is_early { early } else { own }, is_unclaimed: home.is_unclaimed })
    }

    /// Makes it this server's. Only under its lock, and where nobody owns it.
    pub async fn claim<S: Store>(&self, store: &S, server: &Base) -> Result<(), Error> {
        places(&self.scope, &self.scope).claim(store, server).await
    }

    /// Forgets whose the early ledger is, where that cannot be read any more.
    pub async fn disown<S: Store>(
        store: &S,
        account: Option<&str>,
        data_type: DataType,
    ) -> Result<(), Error> {
        let early = Scope::early(account, data_type);
        store.delete(&places(&early, &early).key()).await
    }
}

fn places<'key>(early: &'key Scope, own: &'key Scope) -> Places<'key> {
    Places { note: Kind::Server, early: early.prefix(), own: own.prefix() }
}
