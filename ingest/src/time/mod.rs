//! Times: instants with the offset that they were written with, and days of the calendar.
//!
//! - [`Instant`] is a point in time; `rfc3339` reads and prints it, `basic` does so in ISO 8601's basic form, with
//!   reasons for what cannot be read. [`UtcOffset`] is its offset.
//! - [`Date`] is a day; `calendar` counts days and months.
//! - [`parse_http_date`] reads the dates of HTTP.
//!
//! Not here: the clock (a port), and time-zone rules (nothing here knows a zone but by its offset).

mod basic;
mod calendar;
mod error;
mod http_date;
mod instant;
mod rfc3339;
mod serde;
#[cfg(test)]
mod tests;

pub use basic::Rounding;
pub use calendar::{DAY_SECONDS, Date, month_of};
pub use error::TimeError;
pub use http_date::parse_http_date;
pub use instant::{Instant, UtcOffset};
pub(crate) use rfc3339::{
    LatestDate, read_date, read_time_of_day, write_date, write_fraction, write_time_of_day,
};
