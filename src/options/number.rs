//! Whole numbers, which JavaScript gives as doubles.

use crate::api::{MAX_SAFE_INTEGER, whole_number};
use crate::error::OptionError;

/// A whole number in bounds, or the default.
pub fn whole(
    option: &str,
    given: Option<f64>,
    least: u64,
    most: u64,
    default: u64,
) -> Result<u64, OptionError> {
    given.map_or(Ok(default), |given| whole_number(option, given, least, most))
}

/// The same without an upper bound: `Infinity` is as much as can be.
pub fn whole_or_infinite(
    option: &str,
    given: Option<f64>,
    least: u64,
    default: u64,
) -> Result<u64, OptionError> {
    if given == Some(f64::INFINITY) {
        return Ok(u64::MAX);
    }
    whole(option, given, least, MAX_SAFE_INTEGER, default)
}
