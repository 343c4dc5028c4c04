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

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for OptionError {}

/// A value of the host (a parsed body, something its function threw) that the core carries and never looks into.
#[derive(Clone)]
pub struct Foreign(pub Rc<dyn Any>);

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is inside may be a health value.
        f.write_str("Foreign(…)")
    }
}

/// The server answered with a status outside 2xx.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// Method of the request.
    pub method: &'static str,
    /// Path of the request, without its query.
    pub path: String,
    /// The server's name for this request, where it gave one.
    pub request_id: Option<String>,
    /// When the server wants to be asked again, in milliseconds since the epoch.
    pub retry_at: Option<i64>,
    /// What the server said.
    pub body: Option<Foreign>,
}

impl ApiError {
    /// The class of the package that stands for this status.
    pub fn class(&self) -> &'static str {
        match self.status {
            401 => "AuthenticationError",
            403 => "PermissionError",
            404 => "NotFoundError",
            429 => "RateLimitError",
            503 if self.retry_at.is_some() => "RateLimitError",
            500..=599 => "ServerError",
            _ => "ApiError",
        }
    }

    /// The error code that goes with [`ApiError::class`].
    pub fn code(&self) -> &'static str {
        match self.class() {
            "AuthenticationError" => "authentication",
            "PermissionError" => "permission",
            "NotFoundError" => "not-found",
            "RateLimitError" => "rate-limit",
            "ServerError" => "server",
            _ => "api",
        }
    }

    /// What happened, and what to do where that is known.
    pub fn message(&self) -> String {
        let hint = match self.class() {
            "AuthenticationError" => ": the secret was not accepted; check that it is valid and not expired",
            "PermissionError" => ": the secret does not open this; check what its user has shared",
            "NotFoundError" => ": there is nothing at this path",
            "RateLimitError" => ": too many requests; ask again at `retryAt`, where that is given",
            "ServerError" => ": the server failed; the same request may succeed later",
            _ => "",
        };
        format!("{} {} was answered with status {}{hint}", self.method, self.path, self.status)
    }
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
    pub path: String,
    /// What the host said about it.
    pub cause: Option<Foreign>,
}

impl ConnectionError {
    /// What happened.
    pub fn message(&self) -> String {
        let Self { method, path, .. } = self;
        match self.timeout {
            Some(limit) => format!("{method} {path} was not answered in {limit} ms (option `timeout`)"),
            None => format!("{method} {path} was not answered: the connection failed or broke"),
        }
    }
}

/// The answer breaks the API's contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtocolError {
    /// Which rule it breaks.
    pub code: &'static str,
    /// What came and what was expected.
    pub message: String,
}

/// Everything that a call of the library can end with besides its result.
#[derive(Clone, Debug)]
pub enum Error {
    /// Something given to the library is wrong.
    Option(OptionError),
    /// A status outside 2xx.
    Api(ApiError),
    /// No answer.
    Connection(ConnectionError),
    /// An answer that breaks the API's contract.
    Protocol(ProtocolError),
    /// The caller's signal was aborted; the edge rejects with the signal's reason.
    Aborted,
    /// The client was closed while the call ran, or before.
    Closed,
    /// A function of the caller failed; what it threw is passed on as it is.
    Thrown(Foreign),
}

impl Error {
    /// An answer that breaks the rule `code`.
    pub fn protocol(code: &'static str, message: impl Into<String>) -> Self {
        Self::Protocol(ProtocolError { code, message: message.into() })
    }
}

impl From<OptionError> for Error {
    fn from(error: OptionError) -> Self {
        Self::Option(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(error) => f.write_str(&error.message),
            Self::Api(error) => f.write_str(&error.message()),
            Self::Connection(error) => f.write_str(&error.message()),
            Self::Protocol(error) => f.write_str(&error.message),
            Self::Aborted => f.write_str("the call was aborted by its signal"),
            Self::Closed => f.write_str("the client is closed; make a new one"),
            Self::Thrown(_) => f.write_str("a function given to the library failed"),
        }
    }
}

impl std::error::Error for Error {}
