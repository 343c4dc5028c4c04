//! What holds where an option is left out. Times are in milliseconds.
//!
//! The page size of a list is the most that the API gives, [`Limit::MAX`](crate::api::Limit::MAX).

use crate::upload::MAX_BATCH_SIZE;

/// Where Human API is.
pub const BASE_URL: &str = "https://api.humanapi.co";
/// Its version.
pub const VERSION: &str = "v1";
/// Where samples go, below the caller's own `baseUrl`.
pub const SAMPLES_PATH: &str = "/api/v1.1/samples";

/// Longest time for one attempt.
pub const TIMEOUT: u64 = 30_000;
/// Most bytes of one answer: many times what a page of records or a document of the API has, and little enough for any
/// machine.
pub const MAX_RESPONSE_BYTES: u64 = 67_108_864;
/// Attempts after the first.
pub const MAX_RETRIES: u32 = 4;
/// Longest wait before another attempt that a client sits out by itself.
pub const MAX_RETRY_DELAY: u64 = 120_000;
/// Requests in flight at once.
pub const CONCURRENCY: u64 = 6;

/// How far before its last moment a run begins again.
pub const OVERLAP: u64 = 300_000;
/// Windows with more records are halved before they are walked.
pub const WINDOW_RECORDS: u64 = 50_000;

/// Most samples in one request.
pub const BATCH_SIZE: usize = MAX_BATCH_SIZE;
/// Whether a batch whose outcome is not known is held back, and not sent again.
pub const HOLD_UNKNOWN: bool = false;
