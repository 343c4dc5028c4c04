//! A page as the walk hands it out.

use super::{Links, RecordKey};

/// A page as its reader gets it: what it brings, and where it lies.
#[derive(Debug)]
pub struct Page<R> {
    /// Records that no page before it had.
    pub records: R,
    /// One for each of them.
    pub keys: Vec<RecordKey>,
    /// The position after the page.
    pub end: u64,
    /// Index of the first of them in the list.
    pub offset: u64,
    /// `X-Total-Count`.
    pub total_count: Option<u64>,
    /// The relations of the Link field.
    pub links: Links,
    /// Where to go on after this page.
    pub cursor: String,
    /// When the server read it.
    pub answer_time: AnswerTime,
}

/// When the server read a page from its data: not before its request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerTime {
    /// When that was, on the monotonic clock.
    pub sent: u64,
    /// The answer's own `Date`, in seconds since the epoch, if it can be read.
    pub date: Option<i64>,
}
