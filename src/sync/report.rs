//! What a run reports: its progress, and at the end its result.

use super::window;
use crate::api::BatchType;

/// The progress of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncProgress {
    /// The type.
    pub batch_type: BatchType,
    /// Records delivered in this run.
    pub records: u64,
    /// Records delivered so far and those still to come of the current window, if the server says how many it has.
    pub expected: Option<u64>,
    /// Windows that are done.
    pub windows_done: u64,
    /// Windows in all, as far as can be told.
    pub windows: u64,
}

/// The result of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeReport {
    /// The type.
    pub batch_type: BatchType,
    /// Records delivered in this run.
    pub records: u64,
    /// Everything updated before this is delivered, in seconds since the epoch; `None` if nothing is.
    pub until: Option<i64>,
}

impl TypeReport {
    /// `until` in the form of RFC 3339.
    pub fn until_text(&self) -> Option<String> {
        self.until.map(window::rfc3339)
    }
}

/// The result of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Records delivered.
    pub records: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Retries: requests that were not the first of their call.
    pub retries: u64,
    /// The result of each type, in the order of the options.
    pub types: Vec<TypeReport>,
}
