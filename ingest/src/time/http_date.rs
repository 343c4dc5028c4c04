//! HTTP-date (RFC 9110 §5.6.7), the form of `Date` and `Retry-After`; httpdate reads it.

use std::time::UNIX_EPOCH;

/// The seconds since 1970-01-01T00:00:00Z that an HTTP-date in any of its three forms names; `None` where it is not one, or is
/// before 1970.
///
/// ```
/// use humansync_ingest::time::parse_http_date;
/// assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
/// ```
pub fn parse_http_date(value: &str) -> Option<i64> {
    let date = httpdate::parse_http_date(value).ok()?;
    i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}
