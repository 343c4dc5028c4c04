//! What a run reports: its progress, and at the end its result.

use super::window;
use serde::{Serialize, Serializer};

/// The progress of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncProgress {
    /// The name of the type.
    #[serde(rename = "type")]
    pub name: &'static str,
    /// Records delivered in this run.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub records: u64,
    /// Records delivered so far and those still to come of the current window, if the server says how many it has.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub expected: Option<u64>,
    /// Windows that are done.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub windows_done: u64,
    /// Windows in all, as far as can be told.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub windows: u64,
}

/// The result of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TypeReport {
    /// The name of the type.
    #[serde(skip)]
    pub name: &'static str,
    /// Records delivered in this run.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub records: u64,
    /// Everything updated before this is delivered, in seconds since the epoch; `None` if nothing is.
    #[serde(serialize_with = "as_rfc3339")]
    pub until: Option<i64>,
    /// Pages asked for. More than one in a run that goes on from another one mean that it came late.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub pages: u64,
}

fn as_rfc3339<S: Serializer>(seconds: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    seconds.map(window::rfc3339).serialize(serializer)
}

/// The result of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Records delivered.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub records: u64,
    /// Requests sent, retries included.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub requests: u64,
    /// Retries: requests that were not the first of their call.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub retries: u64,
    /// The result of each type, in the order of the options.
    #[serde(serialize_with = "by_type")]
    pub types: Vec<TypeReport>,
}

fn by_type<S: Serializer>(types: &[TypeReport], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(types.iter().map(|report| (report.name, report)))
}
