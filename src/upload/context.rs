//! What all calls of an uploader share.

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

/// The client that sends, the store that remembers, and the options.
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
    /// Runs `future` until it ends, the caller aborts, or the client is closed.
    pub async fn until_aborted<O>(
        &self,
        abort: &Abort,
        future: impl Future<Output = Result<O, Error>>,
    ) -> Result<O, Error> {
        abort.guard(self.client.while_open(future)).await.unwrap_or(Err(Error::Aborted))
    }

    /// Emits a warning if a part of the ledger was missing in the store, and returns it for the report.
    pub fn warn_if_incomplete(&self, ledger: &Ledger<S>) -> Option<&'static Warning> {
        ledger.is_incomplete().then(|| {
            self.client.tell(|| Event::Warning(&INCOMPLETE));
            &INCOMPLETE
        })
    }
}
