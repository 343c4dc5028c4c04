//! What the caller is told of an upload: reports, plans, progress and watermarks.

use crate::error::Error;
use crate::http::Warning;
use humansync_ingest::Rejection;
use humansync_ingest::time::Instant;
use serde::Serialize;

/// A report lists no more rejections than this; the listener is told of all of them.
pub const REJECTIONS_KEPT: usize = 1000;

/// Up to when every known sample of a device was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Watermark {
    /// The device's name.
    pub device: String,
    /// Start of the latest accepted sample that is earlier than all samples known and not accepted; `None` if there is
    /// no such sample.
    pub until: Option<Instant>,
    /// How many of its samples were ever accepted.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub samples: u64,
}

/// A batch that was not accepted, or the samples that were never sent because the upload stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UploadFailure {
    /// HTTP status; 0 if there was none.
    pub status: u16,
    /// Why, in our own words: the server's text may hold personal data.
    pub message: &'static str,
    /// The lowest position of its samples in the source.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub first: u64,
    /// How many samples failed.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub count: u64,
}

/// The result of an upload. Every sample is counted in exactly one place:
/// `read + carried = sent + already_sent + duplicates + rejected_count + held + unknown + failed`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadReport {
    /// Samples found in the source, valid or not.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub read: u64,
    /// Samples that earlier uploads had held, and that this one took along.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub carried: u64,
    /// Acknowledged by the server in this upload.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub sent: u64,
    /// Sent more than once in this upload, because an answer was lost or late: the server may have them twice. They are
    /// also counted in their own place.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub resent: u64,
    /// Known to be acknowledged before.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub already_sent: u64,
    /// Repetitions of a sample that was counted already.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub duplicates: u64,
    /// Invalid samples.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub rejected_count: u64,
    /// The first of these, `REJECTIONS_KEPT` at most.
    pub rejected: Vec<Rejection>,
    /// Too few for a batch; the store holds them for the next upload.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub held: u64,
    /// In batches of which nobody knows whether the server has them.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub unknown: u64,
    /// In batches that were refused or never sent.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub failed: u64,
    /// The reasons, batch by batch.
    pub failures: Vec<UploadFailure>,
    /// Batches that are done, whatever their outcome.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub batches: u64,
    /// Requests sent, retries included.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub requests: u64,
    /// Requests other than the first of each batch.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub retries: u64,
    /// Bytes of all request bodies together.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub bytes_sent: u64,
    /// One for each device.
    pub watermarks: Vec<Watermark>,
    /// What else the user should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<&'static Warning>,
}

impl UploadReport {
    /// Samples that are not counted in any place yet.
    pub fn unaccounted(&self) -> u64 {
        let placed = [
            self.sent,
            self.already_sent,
            self.duplicates,
            self.rejected_count,
            self.held,
            self.unknown,
            self.failed,
        ];
        let all = self.read.saturating_add(self.carried);
        placed.iter().fold(all, |left, part| left.saturating_sub(*part))
    }

    fn fail_the_rest(&mut self, error: &Error, first: u64) {
        let rest = self.unaccounted();
        if rest == 0 {
            return;
        }
        let status = match error {
            Error::Api(error) => error.status,
            _ => 0,
        };
        let message = "not sent: the upload ended before it came to these";
        self.failed = self.failed.saturating_add(rest);
        self.failures.push(UploadFailure { status, message, first, count: rest });
    }
}

/// An upload that was stopped by an error.
#[derive(Clone, Debug)]
pub struct StoppedUpload {
    /// What stopped it.
    pub error: Error,
    /// The report up to then; samples that were never sent count as failed.
    pub report: Box<UploadReport>,
    /// Whether the error is the source's own.
    pub by_source: bool,
}

impl StoppedUpload {
    /// Counts what was never sent as failed; `first` is the lowest position of these samples in the source.
    pub fn new(error: Error, mut report: UploadReport, first: u64) -> Self {
        report.fail_the_rest(&error, first);
        Self { error, report: Box::new(report), by_source: false }
    }
}

/// What an upload would do.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadPlan {
    /// Samples that would be sent.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub samples: u64,
    /// In how many batches.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub batches: u64,
    /// Known to be acknowledged before.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub already_sent: u64,
    /// The same sample more than once.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub duplicates: u64,
    /// Samples that the store would hold for the next upload.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub held: u64,
    /// Samples that cannot be sent.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub rejected_count: u64,
    /// The first of them.
    pub rejected: Vec<Rejection>,
    /// Start of the first sample that would be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Instant>,
    /// Start of the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Instant>,
    /// The names of the devices that have samples among these.
    pub devices: Vec<String>,
    /// The same for each device.
    pub by_device: Vec<DevicePlan>,
}

/// The part of one device in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DevicePlan {
    /// The device's name.
    pub device: String,
    /// How many of its samples would be sent.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub samples: u64,
    /// Start of the first of them.
    pub first: Instant,
    /// Start of the last of them.
    pub last: Instant,
}

/// How far an upload has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadProgress {
    /// Samples found so far.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub read: u64,
    /// Invalid samples among them.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub rejected: u64,
    /// Known to be acknowledged before.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub already_sent: u64,
    /// Acknowledged in this run.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub sent: u64,
    /// Samples to be sent, once the source is read and compared with the ledger.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub total: Option<u64>,
    /// Batches with an outcome.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub batches_done: u64,
    /// Batches in all, once that is known. The number grows when a batch is too large for the server and is halved.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub batches: Option<u64>,
    /// Bytes of the source read so far.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub bytes_read: u64,
    /// Size of the source, if known.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub bytes_total: Option<u64>,
}

/// A number of things in memory as reports count them.
pub fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
