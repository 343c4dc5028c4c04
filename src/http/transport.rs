//! The port for the network: one request, one answer. It decides nothing.

use super::Redaction;
use crate::error::HostValue;
use std::fmt;
use std::future::Future;
use std::rc::Rc;

/// What a call accepts as its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// A JSON document.
    Json,
    /// A JSON document, or no content: some servers answer so if there is no such record.
    JsonOrEmpty,
    /// Text as it is; the media type goes into the Accept header.
    Text(&'static str),
    /// An acknowledgement: one of these statuses, with no content or with a JSON document that does not say that
    /// something failed. Anything else that answers with a 2xx (a sign-in page, a proxy, another server) acknowledges
    /// nothing.
    Acknowledgement(&'static [u16]),
}

impl Accept {
    /// Value of the Accept header.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json | Self::JsonOrEmpty | Self::Acknowledgement(_) => "application/json",
            Self::Text(media_type) => media_type,
        }
    }
}

/// The content of a request, shared by all attempts of a call.
#[derive(Clone)]
pub struct Content {
    /// Value of the Content-Type header.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Rc<Vec<u8>>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It holds health values.
        f.write_str("Content(…)")
    }
}

/// A request as it goes over the wire.
#[derive(Clone, Debug)]
pub struct Request {
    /// HTTP method.
    pub method: &'static str,
    /// Absolute URL.
    pub url: String,
    /// Header fields, with the secret among them: never log a request.
    pub headers: Vec<(String, String)>,
    /// How to read the answer.
    pub accept: Accept,
    /// The request's content.
    pub content: Option<Content>,
    /// Takes its secrets out of what the server says.
    pub redaction: Redaction,
}

/// The header fields of an answer that the library reads. A field that the host may not see (CORS) is `None`.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    /// RFC 8288.
    pub link: Option<String>,
    /// `X-Total-Count`.
    pub total_count: Option<String>,
    /// RFC 9110 §10.2.3.
    pub retry_after: Option<String>,
    /// RFC 9110 §6.6.1.
    pub date: Option<String>,
    /// `X-Request-Id` or `X-HumanAPI-Request-Id`.
    pub request_id: Option<String>,
}

/// The content of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body<D> {
    /// No content, or only white space.
    Empty,
    /// What was asked for: a parsed JSON document, or the text.
    Document(D),
    /// Content that is not JSON though JSON was asked for.
    NotJson,
    /// More bytes than the host may read.
    TooLarge,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response<D> {
    /// HTTP status; 0 for a redirect that the host hides.
    pub status: u16,
    /// The header fields that the library reads.
    pub headers: Headers,
    /// The content.
    pub body: Body<D>,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub struct TransportError {
    /// Whether the server may have seen the request.
    pub sent: bool,
    /// What the host said.
    pub cause: Option<HostValue>,
}

/// Sends requests. Dropping the future that [`Transport::send`] returns cancels the request.
pub trait Transport: 'static {
    /// A parsed document, held by the host; the core never looks into it.
    type Document: PartialEq + 'static;

    /// Sends one request and reads its whole answer, body included. Redirects are not followed.
    fn send(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<Response<Self::Document>, TransportError>> + 'static;

    /// Whether a document is `null` or an object without members.
    fn is_blank(document: &Self::Document) -> bool;

    /// Whether a document says that something failed.
    fn says_failed(document: &Self::Document) -> bool;

    /// The body of an error answer, for the error.
    fn host_value(body: Body<Self::Document>) -> Option<HostValue> {
        match body {
            Body::Document(document) => Some(HostValue(Rc::new(document))),
            Body::Empty | Body::NotJson | Body::TooLarge => None,
        }
    }
}
