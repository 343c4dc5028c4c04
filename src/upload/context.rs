//! What everything that an uploader does has in common.

use super::ledger::Ledger;
use super::options::UploaderOptions;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Client, Event, Transport, Warning};
use crate::store::Store;
use std::future::Future;
use std::rc::Rc;

static INCOMPLETE: Warning = Warning {
    code: "ledger-incomplete",
    message: "a part of the ledger is missing in the store: what the other parts do not tell of counts as new, and is sent again. Restore \
              the store from a copy if you have one, and see what removes values from it",
};

/// The client that sends, the store that remembers, and how.
pub struct UploadContext<T: Transport, C: Clock, S: Store> {
    pub client: Rc<Client<T, C>>,
    pub store: Rc<S>,
    pub options: UploaderOptions,
}

impl<T: Transport, C: Clock, S: Store> Clone for UploadContext<T, C, S> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), store: self.store.clone(), options: self.options.clone() }
    }
}

impl<T: Transport, C: Clock, S: Store> UploadContext<T, C, S> {
    /// `future`, unless the caller aborts or the client is closed before its end.
    pub async fn until_aborted<O>(
        &self,
        abort: &Abort,
        future: impl Future<Output = Result<O, Error>>,
    ) -> Result<O, Error> {
        abort.guard(self.client.while_open(future)).await.unwrap_or(Err(Error::Aborted))
    }

    /// Tells that a part of a ledger is missing, if it is so.
    pub fn warn_if_incomplete(&self, ledger: &Ledger<S>) -> Option<&'static Warning> {
        ledger.is_incomplete().then(|| {
            self.client.tell(|| Event::Warning(&INCOMPLETE));
            &INCOMPLETE
        })
    }
}
