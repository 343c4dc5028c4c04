//! Events: what a client tells about its work. None carries a secret, a query or a health value.

use std::rc::Rc;

/// One event. Its meaning is documented at `ClientEvent` of the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request is about to be sent.
    Request {
        /// The number of the call; all attempts of a call have the same.
        id: u32,
        /// HTTP method.
        method: &'static str,
        /// Path without the query.
        path: Rc<str>,
        /// The number of the attempt, from 1.
        attempt: u32,
    },
    /// An answer came, whatever its status.
    Response {
        /// The number of the call.
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
        /// The number of the call.
        id: u32,
        /// The attempt that failed.
        attempt: u32,
        /// How long the client waits first, in milliseconds.
        delay: u64,
        /// Why the attempt failed.
        reason: Reason,
    },
    /// Something that the user should know.
    Warning(&'static Warning),
    /// A list gave fewer records than its total, also when it was read again.
    CountShort {
        /// The number of records delivered.
        given: u64,
        /// The smallest total that the server gave.
        total: u64,
    },
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The answer's status.
    Status(u16),
    /// The connection failed or broke.
    Connection,
    /// It took too long.
    Timeout,
    /// The answer was larger than the client accepts.
    Size,
    /// The secret was refused; another one is asked for.
    Secret,
}

/// Something that the user of a client should know.
#[derive(Debug, PartialEq, Eq)]
pub struct Warning {
    /// Its name.
    pub code: &'static str,
    /// What it means and what to do.
    pub message: &'static str,
}
