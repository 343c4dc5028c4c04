//! What the network records of a request.

use humansync::http::Request;

/// A request and its outcome.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request as it was sent.
    pub request: Request,
    /// When it was sent, in milliseconds since the world began.
    pub sent: u64,
    /// Whether it reached the server.
    pub seen: bool,
    /// When its answer arrives, whether or not the client still waits; known once it reached the server.
    pub arrives: Option<u64>,
    /// How it ended.
    pub fate: Fate,
    /// When it ended.
    pub ended: u64,
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has not ended yet.
    InFlight,
    /// An answer with this status arrived.
    Answered(u16),
    /// The connection broke.
    Cut,
    /// The client cancelled it.
    Cancelled,
}

impl Exchange {
    /// Whether the client cancelled it although its answer had arrived.
    pub fn is_given_up_in_vain(&self) -> bool {
        self.fate == Fate::Cancelled && self.arrives.is_some_and(|arrives| arrives < self.ended)
    }

    /// The value of a header field of the request; names are in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
