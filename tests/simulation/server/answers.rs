//! Answers that a test writes itself.

use super::Document;
use humansync::http::{Body, Headers, Response};

/// An answer of this status without content.
pub fn status(status: u16) -> Response<Document> {
    Response { status, headers: Headers::default(), body: Body::Empty }
}

/// 200 with a document.
pub fn ok(document: Document) -> Response<Document> {
    Response { status: 200, headers: Headers::default(), body: Body::Document(document) }
}
