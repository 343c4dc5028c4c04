//! What the network remembers of a request.

use humansync::http::Request;

/// One request and what became of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request as it was sent.
    pub request: Request,
    /// When it was sent, in milliseconds since the world began.
    pub sent: u64,
    /// Whether the server has seen it.
    pub seen: bool,
    /// How it ended.
    pub fate: Fate,
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
    /// The client gave it up.
    Cancelled,
}

impl Exchange {
    /// Value of a header field of the request; names are lower-case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
