//! Plain answers of any server.

use super::Document;
use humansync::http::{Body, Headers, Response};

/// An answer with this status and no content.
pub fn status(status: u16) -> Response<Document> {
    Response { status, headers: Headers::default(), body: Body::Empty }
}

/// An answer with status 200 and a document.
pub fn ok(document: Document) -> Response<Document> {
    Response { status: 200, headers: Headers::default(), body: Body::Document(document) }
}
