//! An app and all of its users.

use crate::api::Reader;
use crate::api::{AppPath, BatchType, Query, QueryInit};
use crate::clock::Clock;
use crate::error::{Error, OptionError};
use crate::http::{Abort, Call, Client, Tally};
use crate::pages::{ListQuery, ListTransport, Paging};
use crate::store::Store;
use crate::sync::{Run, Settings, Spans};
use std::rc::Rc;

/// One app.
pub struct App<T: ListTransport, C: Clock> {
    reader: Reader<T, C>,
    path: AppPath,
    client_id: Rc<str>,
}

impl<T: ListTransport, C: Clock> Clone for App<T, C> {
    fn clone(&self) -> Self {
        Self { reader: self.reader.clone(), path: self.path.clone(), client_id: self.client_id.clone() }
    }
}

impl<T: ListTransport, C: Clock> App<T, C> {
    /// The app with this `client_id`. The client's links stay below the app's path.
    ///
    /// # Errors
    /// Those of [`AppPath::new`].
    pub fn new(client: Rc<Client<T, C>>, client_id: &str) -> Result<Self, OptionError> {
        let path = AppPath::new(client_id)?;
        Ok(Self { reader: Reader::new(client), path, client_id: client_id.into() })
    }

    /// The client.
    pub fn client(&self) -> &Rc<Client<T, C>> {
        self.reader.client()
    }

    /// The list of all users, which the API gives in one answer.
    ///
    /// # Errors
    /// None: the query is empty.
    pub fn users(&self) -> Result<ListQuery, OptionError> {
        ListQuery::new(self.path.users(), Query::new(QueryInit::default())?, Paging::Whole, None)
    }

    /// One user.
    ///
    /// # Errors
    /// Those of [`AppPath::user`] and [`Reader::object`].
    pub async fn user(&self, human_id: &str, abort: &Abort) -> Result<T::Document, Error> {
        self.reader.object(&self.path.user(human_id)?, abort).await
    }

    /// Deletes a user and all of their data.
    ///
    /// # Errors
    /// Those of [`AppPath::user`] and [`Client::call`]. A 404 is no error if an earlier attempt of the same call may
    /// have deleted the user.
    pub async fn delete_user(&self, human_id: &str, abort: &Abort) -> Result<(), Error> {
        let url = self.client().base().url(&self.path.user(human_id)?, "");
        let tally = Rc::new(Tally::default());
        let call = Call::delete(url).counted(Some(tally.clone()));
        match self.client().call(call, abort).await {
            Err(Error::Api(error)) if error.status == 404 && tally.is_in_doubt() => Ok(()),
            outcome => outcome.map(|_| ()),
        }
    }

    /// The records of one type, of all users.
    ///
    /// # Errors
    /// Those of [`Spans::new`].
    pub fn batch(
        &self,
        batch_type: BatchType,
        query: QueryInit,
        cursor: Option<&str>,
    ) -> Result<Spans, OptionError> {
        Spans::new(self.path.batch(batch_type), query, cursor)
    }

    /// A sync run, whose position `store` keeps.
    pub fn run<S: Store>(&self, store: Rc<S>, settings: Settings, abort: Abort) -> Run<T, C, S> {
        Run::new(self.client().clone(), self.path.clone(), &self.client_id, store, settings, abort)
    }
}
