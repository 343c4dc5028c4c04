//! How answers other than lists are read: single objects, the latest reading and documents.

use super::{Abort, Accept, Body, Call, Client, Transport};
use crate::api::Path;
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};

static EMPTY: ProtocolError =
    ProtocolError { code: "empty-answer", message: "the answer has no content where a record was expected" };

/// HL7 CDA documents are XML; some servers know only the older name.
const XML: &str = "application/xml, text/xml;q=0.9, */*;q=0.1";

impl<T: Transport, C: Clock> Client<T, C> {
    /// One object. [`Error::Protocol`] if the answer has no content.
    pub async fn object(&self, path: &Path, abort: &Abort) -> Result<T::Document, Error> {
        self.content(path, Accept::Json, abort).await
    }

    /// The text of an HL7 CDA document.
    pub async fn document(&self, path: &Path, abort: &Abort) -> Result<T::Document, Error> {
        self.content(path, Accept::Text(XML), abort).await
    }

    /// The latest reading, or `None` if there is none. How the API says that is not documented, so every plausible way
    /// is accepted: 404, an empty body, `null` and `{}`.
    pub async fn latest(&self, path: &Path, abort: &Abort) -> Result<Option<T::Document>, Error> {
        let call = Call::get(self.base().url(path, ""), Accept::JsonOrEmpty);
        match self.call(call, abort).await {
            Ok(reply) => Ok(match reply.body {
                Body::Document(document) if !T::is_blank(&document) => Some(document),
                Body::Document(_) | Body::Empty | Body::NotJson | Body::TooLarge => None,
            }),
            Err(Error::Api(error)) if error.status == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn content(&self, path: &Path, accept: Accept, abort: &Abort) -> Result<T::Document, Error> {
        let reply = self.call(Call::get(self.base().url(path, ""), accept), abort).await?;
        match reply.body {
            Body::Document(document) => Ok(document),
            Body::Empty | Body::NotJson | Body::TooLarge => Err(Error::Protocol(&EMPTY)),
        }
    }
}
