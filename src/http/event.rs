//! Events: what a client tells about its work. None carries a secret, a query or a health value.

use crate::api::decimal;
use serde::{Serialize, Serializer};
use std::rc::Rc;

/// One event. Its meaning is documented at `ClientEvent` of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
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
        #[serde(rename = "durationMs")]
        #[serde(serialize_with = "humansync_ingest::as_double")]
        duration: u64,
        /// The server's name for the request.
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// The call is going to be tried again.
    Retry {
        /// The number of the call.
        id: u32,
        /// The attempt that failed.
        attempt: u32,
        /// How long the client waits first, in milliseconds.
        #[serde(rename = "delayMs")]
        #[serde(serialize_with = "humansync_ingest::as_double")]
        delay: u64,
        /// Why the attempt failed.
        reason: Reason,
    },
    /// Something that the user should know.
    Warning(&'static Warning),
    /// A list gave fewer records than its total, also when it was read again. It is told as a warning.
    #[serde(rename = "warning")]
    CountShort {
        /// The warning's name.
        code: &'static str,
        /// The warning's message, with both numbers in it.
        message: String,
        /// The number of records delivered.
        #[serde(skip)]
        given: u64,
        /// The smallest total that the server gave.
        #[serde(skip)]
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

/// As a listener is told it.
impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Status(status) => {
                serializer.serialize_str(&["status ", &decimal(u64::from(*status))].concat())
            }
            Self::Connection => serializer.serialize_str("connection"),
            Self::Timeout => serializer.serialize_str("timeout"),
            Self::Size => serializer.serialize_str("size"),
            Self::Secret => serializer.serialize_str("secret"),
        }
    }
}

impl Event {
    /// [`Event::CountShort`] of these numbers.
    pub fn count_short(given: u64, total: u64) -> Self {
        let message = [
            "the list gave ",
            &decimal(given),
            " records, and X-Total-Count says that there are at least ",
            &decimal(total),
            ", also after it was gone over again; all that came was delivered, but two records of one person with the same id are \
             taken for one. Read the list again later, and if it stays so, ask the API's operator which of the two is wrong",
        ];
        Self::CountShort { code: "count-short", message: message.concat(), given, total }
    }
}

/// Something that the user of a client should know.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Its name.
    pub code: &'static str,
    /// What it means and what to do.
    pub message: &'static str,
}
