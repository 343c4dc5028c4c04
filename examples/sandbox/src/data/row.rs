//! A record in small: what filters need, and the key that the rest is drawn from when it is asked for.
//! 50 000 readings take 2 MB this way, and no time to make.

use crate::calendar::Day;
use crate::data::source::{SOURCES, Source};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Everything that is not said here is drawn from this.
    pub key: u64,
    /// When it was measured, began, or (sleeps) ended, in Unix seconds. Lists are ordered by it, newest first.
    pub at: i64,
    /// Unix milliseconds.
    pub created: i64,
    /// Unix milliseconds.
    pub updated: i64,
    /// Minutes east of UTC; old records do not say.
    pub offset: Option<i16>,
    source: u8,
}

impl Row {
    #[must_use]
    pub fn new(key: u64, at: i64, created: i64, updated: i64, offset: Option<i16>, source: u8) -> Self {
        Self { key, at, created, updated, offset, source }
    }

    /// 24 hex digits: seconds of creation, then the key, as MongoDB's ids are made.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{:08x}{:016x}", (self.created / 1000) as u32, self.key)
    }

    /// The day on the person's calendar; where the offset is not known, in UTC.
    #[must_use]
    pub fn local_day(&self) -> Day {
        Day::of(self.at, self.offset.unwrap_or(0))
    }

    #[must_use]
    pub fn source(&self) -> &'static Source {
        &SOURCES[usize::from(self.source) % SOURCES.len()]
    }
}
