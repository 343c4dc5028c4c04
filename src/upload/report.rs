//! What an upload tells of itself.

use crate::error::Error;
use crate::http::Warning;
use humansync_ingest::{Moment, Rejection};

/// Rejections that a report keeps; all of them are told as they are found.
pub const REJECTIONS_KEPT: usize = 1000;

/// Up to when everything known of a device was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watermark {
    /// Its name.
    pub device: String,
    /// Start of the last accepted sample before which none is known that was not; `None` where one stands before all of them.
    pub until: Option<Moment>,
    /// How many of its samples were accepted in all.
    pub samples: u64,
}

/// A batch that was not accepted, or the samples that an upload did not come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadFailure {
    /// HTTP status; 0 where there was none.
    pub status: u16,
    /// Why; never the server's text.
    pub message: &'static str,
    /// The least position of its samples in the source.
    pub first: u64,
    /// How many samples.
    pub count: u64,
}

/// What an upload came to.
///
/// `read + carried = sent + already_sent + duplicates + rejected_count + held + unknown + failed`, always.
#[derive(Clone, Debug, Default)]
pub struct UploadReport {
    /// Samples found in the source, good or bad.
    pub read: u64,
    /// Samples that earlier uploads had held, taken up by this one.
    pub carried: u64,
    /// Acknowledged by the server in this run.
    pub sent: u64,
    /// Sent more than once in this run, as the server may have had them already when an answer was lost or late. They have their
    /// place among the others as well.
    pub resent: u64,
    /// Known to be acknowledged before.
    pub already_sent: u64,
    /// The same sample more than once.
    pub duplicates: u64,
    /// Samples that cannot be sent.
    pub rejected_count: u64,
    /// The first of them.
    pub rejected: Vec<Rejection>,
    /// Too few for a batch; kept in the store.
    pub held: u64,
    /// In batches whose outcome is not known.
    pub unknown: u64,
    /// In batches that were refused, or not come to.
    pub failed: u64,
    /// Which these are.
    pub failures: Vec<UploadFailure>,
    /// Batches with an outcome.
    pub batches: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests that were not a batch's first.
    pub retries: u64,
    /// Bytes of all request bodies.
    pub bytes_sent: u64,
    /// Where each device stands.
    pub watermarks: Vec<Watermark>,
    /// What its user should know of besides.
    pub warnings: Vec<&'static Warning>,
}

impl UploadReport {
    /// Samples that have no place in the report yet.
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

/// An upload that could not go on.
#[derive(Clone, Debug)]
pub struct StoppedUpload {
    /// Why.
    pub error: Error,
    /// What it came to until then; what it did not come to has failed.
    pub report: Box<UploadReport>,
    /// Whether it was the source that failed.
    pub by_source: bool,
}

impl StoppedUpload {
    /// What it did not come to has failed; `first` is its least position.
    pub fn new(error: Error, mut report: UploadReport, first: u64) -> Self {
        report.fail_the_rest(&error, first);
        Self { error, report: Box::new(report), by_source: false }
    }
}

/// What an upload would do.
#[derive(Clone, Debug, Default)]
pub struct UploadPlan {
    /// Samples that would be sent.
    pub samples: u64,
    /// In how many batches.
    pub batches: u64,
    /// Known to be acknowledged before.
    pub already_sent: u64,
    /// The same sample more than once.
    pub duplicates: u64,
    /// Samples that would be kept for the next upload.
    pub held: u64,
    /// Samples that cannot be sent.
    pub rejected_count: u64,
    /// The first of them.
    pub rejected: Vec<Rejection>,
    /// Start of the first sample that would be sent.
    pub first: Option<Moment>,
    /// Start of the last one.
    pub last: Option<Moment>,
    /// Whose samples would be sent, device by device.
    pub shares: Vec<DevicePlan>,
}

/// What a device has in a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicePlan {
    /// Its name.
    pub device: String,
    /// How many of its samples would be sent.
    pub samples: u64,
    /// Start of the first of them.
    pub first: Moment,
    /// Start of the last of them.
    pub last: Moment,
}

/// How far an upload is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UploadProgress {
    /// Samples found so far.
    pub read: u64,
    /// Of them, those that cannot be sent.
    pub rejected: u64,
    /// Known to be acknowledged before.
    pub already_sent: u64,
    /// Acknowledged in this run.
    pub sent: u64,
    /// Samples to be sent, once that is known.
    pub total: Option<u64>,
    /// Batches with an outcome.
    pub batches_done: u64,
    /// Batches in all, once that is known; a batch that the server finds too large becomes two.
    pub batches: Option<u64>,
    /// Bytes of the source read so far.
    pub bytes_read: u64,
    /// Its size, where that is known.
    pub bytes_total: Option<u64>,
}

/// A count as reports have it.
pub fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
