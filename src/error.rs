//! What can go wrong, as one enum with a variant per error class of the package.
//!
//! Engines return [`Error`]; only the edge turns it into a JavaScript class. No message carries a secret, a health
//! value or text of the server.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

/// Something given to the library is wrong; nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    /// Name of the option as its user wrote it, e.g. `limit`.
    pub option: String,
    /// What was given, what was expected, what to do; never a secret's text.
    pub message: String,
}

impl OptionError {
    /// An error about `option`.
    pub fn new(option: impl Into<String>, message: impl Into<String>) -> Self {
        Self { option: option.into(), message: message.into() }
    }
}

impl ProtocolError {
    /// The code of a redirect.
    pub const REDIRECT: &'static str = "redirect";
}

/// A value of the host (a parsed body, something its function threw) that the core carries and never looks into.
#[derive(Clone)]
pub struct HostValue(pub Rc<dyn Any>);

impl fmt::Debug for HostValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is inside may be a health value.
        f.write_str("HostValue(…)")
    }
}

/// The server answered with a status outside 2xx. The edge chooses the class and the words.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// Method of the request.
    pub method: &'static str,
    /// Path of the request, without its query.
    pub path: Rc<str>,
    /// The server's name for this request, where it gave one.
    pub request_id: Option<String>,
    /// When the server wants to be asked again, in milliseconds since the epoch.
    pub retry_at: Option<i64>,
    /// What the server said.
    pub body: Option<HostValue>,
    /// What a pause that the server asked for has to do with it.
    pub pause: PauseEffect,
}

/// How a pause of the server ends a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseEffect {
    /// It does not.
    None,
    /// The pause asked for with this answer is longer than the client sits out.
    TooLong,
    /// Such a pause was asked for before, and nothing was sent.
    Held,
}

/// No answer came.
#[derive(Clone, Debug)]
pub struct ConnectionError {
    /// Whether the server may have seen the request; true wherever that cannot be known.
    pub sent: bool,
    /// The time that an attempt may take, in milliseconds, where it ran out.
    pub timeout: Option<u64>,
    /// Method of the request.
    pub method: &'static str,
    /// Path of the request, without its query.
    pub path: Rc<str>,
    /// What the host said about it.
    pub cause: Option<HostValue>,
}

/// The answer breaks the API's contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProtocolError {
    /// Which rule it breaks.
    pub code: &'static str,
    /// What came and what was expected; the same text for every answer, so that nothing of the server is in it.
    pub message: &'static str,
}

/// What keeps positions and ledgers failed, or gave back something that was not put there.
#[derive(Clone, Debug)]
pub struct StoreError {
    /// Which failure.
    pub code: &'static str,
    /// What happened and what to do; never a value.
    pub message: &'static str,
    /// What the store said about it.
    pub cause: Option<HostValue>,
}

/// Everything that a call of the library can end with besides its result.
///
/// It is handed up through every layer, so what is large in it is boxed.
#[derive(Clone, Debug)]
pub enum Error {
    /// Something given to the library is wrong.
    Option(Box<OptionError>),
    /// A status outside 2xx.
    Api(Box<ApiError>),
    /// No answer.
    Connection(Box<ConnectionError>),
    /// An answer that breaks the API's contract.
    Protocol(&'static ProtocolError),
    /// A store that failed.
    Store(Box<StoreError>),
    /// The caller's signal was aborted; the edge rejects with the signal's reason.
    Aborted,
    /// The client was closed while the call ran, or before.
    Closed,
    /// A function of the caller failed; what it threw is passed on as it is.
    Thrown(HostValue),
}

impl From<OptionError> for Error {
    fn from(error: OptionError) -> Self {
        Self::Option(Box::new(error))
    }
}

impl Error {
    /// Whether the server may have acted on the request that ended with this: it broke off after the sending, or the
    /// answer is one that a server or a gateway before it gives whatever became of the request. A refusal (4xx), 501,
    /// 503 and 505 say that it did not.
    pub fn leaves_outcome_unknown(&self) -> bool {
        match self {
            Self::Connection(error) => error.sent,
            // Something has answered; whether the API had a part in it is not said. A redirect says that it had none.
            Self::Protocol(error) => error.code != ProtocolError::REDIRECT,
            // One that is held back by a pause was not even sent.
            Self::Api(error) => {
                error.pause != PauseEffect::Held && matches!(error.status, 500 | 502 | 504 | 506..)
            }
            _ => false,
        }
    }

    /// Whether a smaller answer might have come: a gateway gives up on a large one, or it breaks off on the way.
    pub fn may_come_of_size(&self) -> bool {
        match self {
            Self::Api(error) => matches!(error.status, 500 | 502 | 504),
            Self::Connection(error) => error.sent,
            _ => false,
        }
    }
}
