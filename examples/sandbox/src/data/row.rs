//! The compact form of a record: the fields for filters, and the key from which the others are drawn on demand. 50 000
//! readings take 2 MB, and are generated in no time.

use crate::calendar::Day;
use crate::data::source::{SOURCES, Source};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// All other fields of the record are drawn from this.
    pub key: u64,
    /// When it was measured, began, or (for sleeps) ended, in Unix seconds. Lists are sorted by it, newest first.
    pub at: i64,
    /// Unix milliseconds.
    pub created: i64,
    /// Unix milliseconds.
    pub updated: i64,
    /// Minutes east of UTC; old records have none.
    pub offset: Option<i16>,
    source: u8,
    /// How often it was updated on demand. Its content says so.
    pub revision: u16,
}

impl Row {
    #[must_use]
    pub fn new(key: u64, at: i64, created: i64, updated: i64, offset: Option<i16>, source: u8) -> Self {
        Self { key, at, created, updated, offset, source, revision: 0 }
    }

    /// 24 hex digits: seconds of creation, then the key, as MongoDB's ids are made.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{:08x}{:016x}", (self.created / 1000) as u32, self.key)
    }

    /// What it adds to a checksum: the last 32 bits of the id and the update in Unix milliseconds, modulo 2³².
    #[must_use]
    pub fn checksum(&self) -> u32 {
        (self.key as u32).wrapping_add(self.updated as u32)
    }

    /// The day on the person's calendar, or in UTC if the offset is unknown.
    #[must_use]
    pub fn local_day(&self) -> Day {
        Day::of(self.at, self.offset.unwrap_or(0))
    }

    #[must_use]
    pub fn source(&self) -> &'static Source {
        &SOURCES[usize::from(self.source) % SOURCES.len()]
    }
}
