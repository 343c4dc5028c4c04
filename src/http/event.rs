//! What a client tells of itself while it works. No event carries a secret, a query or a health value.

use std::rc::Rc;

/// One thing that happened. What it means is `ClientEvent` of the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request is about to be sent.
    Request {
        /// Counts the calls of this client; the same for all attempts of a call.
        id: u32,
        /// HTTP method.
        method: &'static str,
        /// Path without the query.
        path: Rc<str>,
        /// From 1.
        attempt: u32,
    },
    /// An answer came, whatever its status.
    Response {
        /// The call.
        id: u32,
        /// HTTP status.
        status: u16,
        /// From the request to the end of the body, in milliseconds.
        duration: u64,
        /// The server's name for the request.
        request_id: Option<String>,
    },
    /// The call is going to be tried again.
    Retry {
        /// The call.
        id: u32,
        /// The attempt that failed.
        attempt: u32,
        /// How long the client waits first, in milliseconds.
        delay: u64,
        /// Why the attempt failed.
        reason: Reason,
    },
    /// Something that its user should know of.
    Warning(&'static Warning),
    /// A list gave fewer records than its total, also when it was gone over again.
    CountShort {
        /// How many were given.
        given: u64,
        /// The smallest total that the server gave.
        total: u64,
    },
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// By its status.
    Status(u16),
    /// The connection failed or broke.
    Connection,
    /// It took too long.
    Timeout,
    /// The answer was larger than the client takes.
    Size,
    /// The secret was refused; another one is asked for.
    Secret,
}

/// Something that the user of a client should know of.
#[derive(Debug, PartialEq, Eq)]
pub struct Warning {
    /// Which one.
    pub code: &'static str,
    /// What it means and what to do.
    pub message: &'static str,
}
