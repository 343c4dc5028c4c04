//! Counts as JavaScript numbers.

/// The nearest double. Exact up to 2^53, which is more than any list has.
#[allow(clippy::as_conversions)]
pub fn from_count(count: u64) -> f64 {
    count as f64
}

/// The whole part; out of range, the nearest bound; NaN is 0.
#[allow(clippy::as_conversions)]
pub fn to_whole(value: f64) -> i64 {
    value as i64
}
