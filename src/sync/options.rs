//! The options of a run.

use super::mark_slots::MarkCapacity;
use crate::api::BatchType;

/// The options of a run.
#[derive(Clone, Debug)]
pub struct SyncOptions {
    /// The types, each once.
    pub types: Vec<BatchType>,
    /// Where the first run of a type begins, in seconds since the epoch, rounded down. Default: 31 days ago.
    pub since: Option<i64>,
    /// Where the run ends, in seconds since the epoch, rounded up. Default: at the server's clock.
    pub until: Option<i64>,
    /// How far a run reaches back before the end of the last one, in seconds, rounded up.
    pub overlap: i64,
    /// How many marks of delivered records are stored.
    pub mark_capacity: MarkCapacity,
}
