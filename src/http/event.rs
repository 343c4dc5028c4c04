//! What a client tells of itself while it works. No event carries a secret, a query or a health value.

use serde::Serialize;

/// One thing that happened. The shape is `ClientEvent` of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Event {
    /// A request is about to be sent.
    Request {
        /// Counts the calls of this client; the same for all attempts of a call.
        id: u32,
        /// HTTP method.
        method: &'static str,
        /// Path without the query.
        path: String,
        /// From 1.
        attempt: u32,
    },
    /// An answer came, whatever its status.
    #[serde(rename_all = "camelCase")]
    Response {
        /// The call.
        id: u32,
        /// HTTP status.
        status: u16,
        /// From the request to the end of the body.
        duration_ms: u64,
        /// The server's name for the request.
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// The call is going to be tried again.
    #[serde(rename_all = "camelCase")]
    Retry {
        /// The call.
        id: u32,
        /// The attempt that failed.
        attempt: u32,
        /// How long the client waits first.
        delay_ms: u64,
        /// `status 503`, `connection`, `timeout` or `secret`.
        reason: String,
    },
    /// Something that its user should know of.
    Warning {
        /// Which one.
        code: &'static str,
        /// What it means and what to do.
        message: String,
    },
}
