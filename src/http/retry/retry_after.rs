//! The `Retry-After` field.

use humansync_ingest::time::parse_http_date;

/// How many milliseconds to wait from now, as `Retry-After` says (RFC 9110 §10.2.3); `None` where its value is invalid.
///
/// The value is either `delay-seconds`, which is digits and nothing else, or an HTTP-date in one of its three forms;
/// spaces and tabs around it do not count. A number too large to hold is the largest there is. A date in the past is 0.
///
/// ```
/// use humansync::http::retry::parse_retry_after;
/// let now = 784_111_777_000; // Sun, 06 Nov 1994 08:49:37 GMT
/// assert_eq!(parse_retry_after("120", now), Some(120_000));
/// assert_eq!(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), Some(60_000));
/// assert_eq!(parse_retry_after("1.5", now), None);
/// ```
pub fn parse_retry_after(value: &str, now_unix_millis: i64) -> Option<u64> {
    let value = trimmed(value);
    if value.bytes().next()?.is_ascii_digit() {
        return delay_seconds(value)
            .map(|seconds| if seconds > MOST_SECONDS { u64::MAX } else { seconds * 1000 });
    }
    let date = parse_http_date(value, now_unix_millis.div_euclid(1000))?;
    // Four digits of year are far from the end of 64 bits.
    let wait = (date * 1000).saturating_sub(now_unix_millis);
    Some(u64::try_from(wait).unwrap_or(0))
}

/// Without spaces and tabs around it.
fn trimmed(mut value: &str) -> &str {
    loop {
        let end = value.len().saturating_sub(1);
        value = match value.as_bytes() {
            [b' ' | b'\t', ..] => value.get(1..).unwrap_or(""),
            [.., b' ' | b'\t'] => value.get(..end).unwrap_or(""),
            _ => return value,
        };
    }
}

/// More of them do not fit as milliseconds.
const MOST_SECONDS: u64 = u64::MAX / 1000;

/// `delay-seconds = 1*DIGIT`; of what does not fit, some number that does not fit.
fn delay_seconds(value: &str) -> Option<u64> {
    let mut seconds = 0;
    for byte in value.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        if seconds <= MOST_SECONDS {
            seconds = seconds * 10 + u64::from(digit);
        }
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT, and a quarter of a second.
    const NOW: i64 = 784_111_777_250;

    #[test]
    fn delay_seconds_are_digits_and_nothing_else() {
        let table = [
            ("0", Some(0)),
            ("120", Some(120_000)),
            ("007", Some(7_000)),
            (" \t120 \t", Some(120_000)),
            ("18446744073709551615", Some(u64::MAX)),
            ("99999999999999999999999999999999", Some(u64::MAX)),
            ("", None),
            (" ", None),
            ("0x10", None),
            ("1.5", None),
            ("1e3", None),
            ("-1", None),
            ("+1", None),
            ("10 seconds", None),
            ("10s", None),
            ("1 0", None),
            ("10,20", None),
            ("1_000", None),
            ("١٢٠", None),
            ("\n120", None),
            ("\u{a0}120", None),
            ("Infinity", None),
            ("NaN", None),
            ("soon", None),
        ];
        for (value, expected) in table {
            assert_eq!(parse_retry_after(value, NOW), expected, "{value:?}");
        }
    }

    #[test]
    fn a_date_is_the_time_from_now_to_then_in_all_three_forms() {
        for value in
            ["Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994"]
        {
            assert_eq!(parse_retry_after(value, NOW), Some(59_750), "{value}");
        }
        assert_eq!(parse_retry_after("  Sun, 06 Nov 1994 08:50:37 GMT\t", NOW), Some(59_750));
    }

    #[test]
    fn a_date_in_the_past_is_no_wait() {
        assert_eq!(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", NOW), Some(0));
        assert_eq!(parse_retry_after("Fri, 31 Dec 1999 23:59:59 GMT", i64::MAX), Some(0));
    }

    #[test]
    fn a_clock_at_the_end_of_its_numbers_does_no_harm() {
        assert!(parse_retry_after("Fri, 31 Dec 1999 23:59:59 GMT", i64::MIN).is_some());
        assert!(parse_retry_after("Friday, 31-Dec-99 23:59:59 GMT", i64::MIN).is_some());
        assert!(parse_retry_after("Friday, 31-Dec-99 23:59:59 GMT", i64::MAX).is_some());
    }

    proptest! {
        #[test]
        fn whole_seconds_are_a_thousand_milliseconds_each(seconds in 0..u64::MAX / 1000) {
            prop_assert_eq!(parse_retry_after(&seconds.to_string(), NOW), Some(seconds * 1000));
        }

        #[test]
        fn no_text_can_break_the_reader(value in ".{0,40}", now in any::<i64>()) {
            let _ = parse_retry_after(&value, now);
        }
    }
}
