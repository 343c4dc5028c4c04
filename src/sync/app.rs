//! An app and all of its users.

use super::{SyncOwner, SyncType, WindowedQuery};
use crate::api::{AppPath, BatchType, Query, QueryInit};
use crate::clock::Clock;
use crate::error::{Error, OptionError};
use crate::http::{Abort, Call, Client, Tally, Transport};
use crate::pages::{ListQuery, Paging};
use std::rc::Rc;

/// One app.
pub struct App<T: Transport, C: Clock> {
    /// Its links stay below the app's path.
    pub client: Rc<Client<T, C>>,
    pub(super) path: AppPath,
    client_id: String,
}

impl<T: Transport, C: Clock> App<T, C> {
    /// The app with this `client_id`.
    pub fn new(client: Rc<Client<T, C>>, client_id: &str) -> Result<Self, OptionError> {
        Ok(Self { client, path: AppPath::new(client_id)?, client_id: client_id.into() })
    }

    /// Whose positions runs store.
    pub fn owner(&self) -> SyncOwner {
        SyncOwner::app(&self.client_id, self.client.base().own())
    }

    /// A type as runs keep it in sync.
    pub fn sync_type(&self, batch_type: BatchType) -> SyncType {
        SyncType::of_app(&self.path, batch_type)
    }

    /// The list of all users, which the API gives in one answer.
    pub fn users(&self) -> Result<ListQuery, OptionError> {
        ListQuery::new(self.path.users(), Query::new(QueryInit::default())?, Paging::Whole, None)
    }

    /// One user.
    pub async fn user(&self, human_id: &str, abort: &Abort) -> Result<T::Document, Error> {
        self.client.object(&self.path.user(human_id)?, abort).await
    }

    /// Deletes a user and all of their data. A 404 is no error if an earlier attempt of the same call may have deleted
    /// the user.
    pub async fn delete_user(&self, human_id: &str, abort: &Abort) -> Result<(), Error> {
        let url = self.client.base().url(&self.path.user(human_id)?, "");
        let tally = Rc::new(Tally::default());
        let call = Call::delete(url).counted(Some(tally.clone()));
        match self.client.call(call, abort).await {
            Err(Error::Api(error)) if error.status == 404 && tally.is_in_doubt() => Ok(()),
            outcome => outcome.map(|_| ()),
        }
    }

    /// The records of one type, of all users.
    pub fn batch(
        &self,
        batch_type: BatchType,
        query: QueryInit,
        cursor: Option<&str>,
    ) -> Result<WindowedQuery, OptionError> {
        WindowedQuery::new(self.path.batch(batch_type), query, cursor)
    }
}
