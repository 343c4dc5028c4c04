//! How each kind of answer is read: single objects, the latest reading, documents, and lists, which are walked.

use crate::api::Path;
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::http::{Abort, Accept, Body, Call, Client, Transport};
use crate::pages::{ListQuery, ListTransport, Walk};
use std::rc::Rc;

static EMPTY: ProtocolError =
    ProtocolError { code: "empty-answer", message: "the answer has no content where a record was expected" };

/// HL7 CDA documents are XML; some servers know only the older name.
const XML: &str = "application/xml, text/xml;q=0.9, */*;q=0.1";

/// Reads through a client.
pub struct Reader<T: Transport, C: Clock> {
    client: Rc<Client<T, C>>,
}

impl<T: Transport, C: Clock> Clone for Reader<T, C> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone() }
    }
}

impl<T: ListTransport, C: Clock> Reader<T, C> {
    /// A reader that shares the lanes, the retry budget and the secret of `client`.
    pub fn new(client: Rc<Client<T, C>>) -> Self {
        Self { client }
    }

    /// The client.
    pub fn client(&self) -> &Rc<Client<T, C>> {
        &self.client
    }

    /// One object.
    ///
    /// # Errors
    /// Those of [`Client::call`]; [`Error::Protocol`] where the answer has no content.
    pub async fn object(&self, path: &Path, abort: &Abort) -> Result<T::Document, Error> {
        self.content(path, Accept::Json, abort).await
    }

    /// The text of an HL7 CDA document.
    ///
    /// # Errors
    /// Those of [`Reader::object`].
    pub async fn document(&self, path: &Path, abort: &Abort) -> Result<T::Document, Error> {
        self.content(path, Accept::Text(XML), abort).await
    }

    /// The latest reading, or `None` if there is none. How the API says that is not documented, so every plausible way
    /// is accepted: 404, an empty body, `null` and `{}`.
    ///
    /// # Errors
    /// Those of [`Client::call`], but for a 404.
    pub async fn latest(&self, path: &Path, abort: &Abort) -> Result<Option<T::Document>, Error> {
        let call = Call::get(self.client.base().url(path, ""), Accept::JsonOrEmpty);
        match self.client.call(call, abort).await {
            Ok(reply) => Ok(match reply.body {
                Body::Document(document) if !T::is_blank(&document) => Some(document),
                Body::Document(_) | Body::Empty | Body::NotJson | Body::TooLarge => None,
            }),
            Err(Error::Api(error)) if error.status == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A walk over a list; nothing is sent before its first page is asked for.
    pub fn walk(&self, listing: ListQuery, abort: Abort) -> Walk<T, C> {
        Walk::new(self.client.clone(), listing, abort)
    }

    async fn content(&self, path: &Path, accept: Accept, abort: &Abort) -> Result<T::Document, Error> {
        let reply = self.client.call(Call::get(self.client.base().url(path, ""), accept), abort).await?;
        match reply.body {
            Body::Document(document) => Ok(document),
            Body::Empty | Body::NotJson | Body::TooLarge => Err(Error::Protocol(&EMPTY)),
        }
    }
}
