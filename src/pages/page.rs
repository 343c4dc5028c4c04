//! A page as the walk returns it.

use super::{Cursor, Links, RecordKey};
use crate::api::decimal;

/// The records that a page of the list adds, and where it lies.
#[derive(Debug)]
pub struct Page<R> {
    /// Records that no page before it had.
    pub records: R,
    /// One key for each of them.
    pub keys: Vec<RecordKey>,
    /// The position after the page.
    pub end: u64,
    /// Position in the list of the first of them.
    pub offset: u64,
    /// `X-Total-Count`.
    pub total_count: Option<u64>,
    /// The relations of the Link field.
    pub links: Links,
    /// The place after this page.
    pub cursor: PageCursor,
    /// When the server answered.
    pub answer_time: AnswerTime,
}

/// A cursor that is not written as text before somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageCursor {
    /// The place in the list.
    pub cursor: Cursor,
    /// Which list it is, counted from 0, of several that are walked as one.
    pub list: u64,
}

impl PageCursor {
    /// The cursor as text.
    pub fn to_text(&self) -> String {
        let text = self.cursor.to_text();
        if self.list == 0 { text } else { [&decimal(self.list), ".", &text].concat() }
    }
}

/// When a server read the page that it answered with: no earlier than the request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerTime {
    /// When the request was sent, on the monotonic clock.
    pub sent: u64,
    /// The answer's own `Date` in seconds since the epoch, if it can be read.
    pub date: Option<i64>,
}
