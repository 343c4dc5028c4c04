//! When to try again: what `Retry-After` says, how long to back off without it, and how many retries a client may make
//! in all.
//!
//! Rules and numbers only. Which answers are worth a retry, the waiting itself, and the gate at which all of a client's
//! requests pause together live in `http`, which knows the clock.

mod after;
mod backoff;
mod budget;
mod http_date;

pub use after::parse_retry_after;
pub use backoff::{BASE_MILLIS, CAP_MILLIS, delay};
pub use budget::{Budget, CAPACITY};
pub use http_date::parse_http_date;
