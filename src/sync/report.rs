//! What a run tells of itself.

use super::window;
use crate::api::BatchType;

/// How far a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncProgress {
    /// Which one.
    pub batch_type: BatchType,
    /// Records delivered in this run.
    pub records: u64,
    /// The same, and those that are still to come of the span that is being walked, where the server says how many it has.
    pub expected: Option<u64>,
    /// WindowedQuery that are done.
    pub windows_done: u64,
    /// WindowedQuery in all, as far as can be told.
    pub windows: u64,
}

/// What became of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeReport {
    /// Which one.
    pub batch_type: BatchType,
    /// Records delivered in this run.
    pub records: u64,
    /// Up to when everything is delivered, in seconds since the epoch; absent where nothing is.
    pub until: Option<i64>,
}

impl TypeReport {
    /// `until` as RFC 3339 writes it.
    pub fn until_text(&self) -> Option<String> {
        self.until.map(window::rfc3339)
    }
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Records delivered.
    pub records: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests that were not a call's first.
    pub retries: u64,
    /// What became of each type, in the order in which they were given.
    pub types: Vec<TypeReport>,
}
