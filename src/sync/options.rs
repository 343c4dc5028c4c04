//! What the user of a run may set.

use super::mark_slots::MarkCapacity;
use crate::api::BatchType;

/// What the user of a run may set.
#[derive(Clone, Debug)]
pub struct SyncOptions {
    /// Which types, each once.
    pub types: Vec<BatchType>,
    /// Where the first run of a type begins, in seconds since the epoch, rounded down. Absent: 31 days ago.
    pub since: Option<i64>,
    /// Where the run ends, in seconds, rounded up. Absent: at the server's clock.
    pub until: Option<i64>,
    /// How far a run reaches back before the end of the last one, in seconds, rounded up.
    pub overlap: i64,
    /// How much of what was delivered is remembered.
    pub mark_capacity: MarkCapacity,
}
