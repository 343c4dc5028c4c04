//! When to try again: what `Retry-After` says, how long to back off without it, and how many retries a client may make
//! in all.
//!
//! Rules and numbers only. Which answers are worth a retry is decided in `response`, and the waiting is the client's.

mod backoff;
mod budget;
mod retry_after;

pub use backoff::{BASE_MILLIS, CAP_MILLIS, delay};
pub use budget::{Budget, CAPACITY};
pub use retry_after::parse_retry_after;
