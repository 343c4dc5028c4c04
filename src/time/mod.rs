//! Instants with the offset they were written with, and calendar days.
//!
//! Reads RFC 3339 and ISO 8601's basic form, prints both. What does not live here: the clock (a port of `http`),
//! HTTP's own date forms (`retry::http_date`), time-zone rules (nothing here knows any zone but by its offset).
//!
//! ```
//! use humansync::time::{Instant, Rounding};
//!
//! let start = Instant::parse("2023-11-01T08:04:51.500+04:00")?;
//! assert_eq!(start.to_rfc3339(), "2023-11-01T08:04:51.500+04:00");
//! assert_eq!(start.to_basic(Rounding::Down)?, "20231101T040451Z");
//! # Ok::<(), humansync::time::TimeError>(())
//! ```

pub(crate) mod civil;
mod date;
mod error;
mod instant;
mod offset;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use civil::month_of;
pub use date::Date;
pub use error::TimeError;
pub use instant::{Instant, Rounding};
pub use offset::Offset;
