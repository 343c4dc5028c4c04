//! Tables for what RFC 9110 says, and chrono as the independent oracle for everything between.

use crate::time::parse_http_date;
use chrono::{DateTime, Datelike, Utc};
use proptest::prelude::*;

fn unix(rfc3339: &str) -> i64 {
    rfc3339.parse::<DateTime<Utc>>().unwrap().timestamp()
}

#[test]
fn the_three_forms_of_rfc_9110_are_one_instant() {
    let now = unix("1994-01-01T00:00:00Z");
    for value in
        ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
    {
        assert_eq!(parse_http_date(value, now), Some(784_111_777), "{value}");
    }
    assert_eq!(parse_http_date("Wed Nov 16 08:49:37 1994", now), Some(784_111_777 + 10 * 86_400));
}

#[test]
fn what_differs_in_a_letter_is_refused() {
    #[rustfmt::skip]
    let table = [
        "", "GMT", "Sun", "Sun,", "Sun, ", ", ", "Sun, 06 Nov 1994", "06 Nov 1994 08:49:37 GMT",
        // Case matters.
        "sun, 06 Nov 1994 08:49:37 GMT", "SUN, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 gmt", "Sunday, 06-NOV-94 08:49:37 GMT", "sun Nov  6 08:49:37 1994",
        // GMT and nothing else.
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 Z",
        "Sun Nov  6 08:49:37 1994 GMT",
        // Widths and separators.
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun,  06 Nov 1994 08:49:37 GMT", "Sun,06 Nov 1994 08:49:37 GMT", "Sun, 06  Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday 06-Nov-94 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994", "Sun Nov  16 08:49:37 1994", "Sunday Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08-49-37 GMT", " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        // Names that do not exist, in a language or in a mixture.
        "Son, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Okt 1994 08:49:37 GMT", "Sun, 06 11 1994 08:49:37 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT",
        // Days and times that do not exist.
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT", "Tue, 29 Feb 1994 08:49:37 GMT", "Sun Nov  0 08:49:37 1994",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:60 GMT", "Sun, 06 Nov 1994 23:59:61 GMT",
        "Tuesday, 29-Feb-94 08:49:37 GMT",
        // Other formats.
        "1994-11-06T08:49:37Z", "784111777", "Sun, 06 Nov 1994 08:49:37 GMT, Mon, 07 Nov 1994 08:49:37 GMT",
    ];
    for value in table {
        assert_eq!(parse_http_date(value, 784_111_777), None, "{value}");
    }
}

#[test]
fn the_days_name_need_not_be_that_of_the_date() {
    assert_eq!(parse_http_date("Mon, 06 Nov 1994 08:49:37 GMT", 0), Some(784_111_777));
}

#[test]
fn the_leap_second_at_midnight_is_the_second_after_it() {
    let value = "Sat, 31 Dec 2016 23:59:60 GMT";
    assert_eq!(parse_http_date(value, 0), Some(unix("2017-01-01T00:00:00Z")));
}

#[test]
fn a_two_digit_year_is_at_most_fifty_years_ahead() {
    #[rustfmt::skip]
    let table = [
        // now,                   value,                            meant
        ("2026-11-22T00:00:00Z", "Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("2026-11-22T00:00:00Z", "Sunday, 22-Nov-26 00:01:00 GMT", "2026-11-22T00:01:00Z"),
        ("2026-11-22T00:00:00Z", "Sunday, 22-Nov-76 00:00:00 GMT", "2076-11-22T00:00:00Z"),
        ("2026-11-22T00:00:00Z", "Sunday, 22-Nov-76 00:00:01 GMT", "1976-11-22T00:00:01Z"),
        ("2026-11-22T00:00:00Z", "Sunday, 01-Jan-77 00:00:00 GMT", "1977-01-01T00:00:00Z"),
        // Over the end of a century: a minute ahead, not a hundred years back.
        ("1999-12-31T23:59:30Z", "Saturday, 01-Jan-00 00:00:30 GMT", "2000-01-01T00:00:30Z"),
        ("2099-12-31T23:59:30Z", "Friday, 01-Jan-00 00:00:30 GMT", "2100-01-01T00:00:30Z"),
        ("2090-06-01T00:00:00Z", "Monday, 01-Jun-05 00:00:00 GMT", "2105-06-01T00:00:00Z"),
        // On a leap day, fifty years ahead there is none.
        ("2024-02-29T12:00:00Z", "Sunday, 01-Mar-74 12:00:00 GMT", "2074-03-01T12:00:00Z"),
        ("2024-02-29T12:00:00Z", "Sunday, 01-Mar-74 12:00:01 GMT", "1974-03-01T12:00:01Z"),
        // 2100 has no leap day, so it can only be that of 2000.
        ("2060-01-01T00:00:00Z", "Tuesday, 29-Feb-00 12:00:00 GMT", "2000-02-29T12:00:00Z"),
    ];
    for (now, value, meant) in table {
        assert_eq!(parse_http_date(value, unix(now)), Some(unix(meant)), "{value} at {now}");
    }
}

proptest! {
    #[test]
    fn every_second_is_read_back_from_the_form_chrono_prints(seconds in -62_167_219_200_i64..=253_402_300_799) {
        let date = DateTime::from_timestamp(seconds, 0).unwrap();
        let imf = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        prop_assert_eq!(parse_http_date(&imf, 0), Some(seconds));
        let asctime = date.format("%a %b %e %H:%M:%S %Y").to_string();
        prop_assert_eq!(parse_http_date(&asctime, 0), Some(seconds));
    }

    #[test]
    fn a_two_digit_year_is_the_latest_one_up_to_fifty_years_ahead(
        now in 0..8_000_000_000_i64, distance in -1_560_000_000..1_560_000_000_i64,
    ) {
        // Within 49 years either way there is but one candidate.
        let then = DateTime::from_timestamp(now + distance, 0).unwrap();
        let rfc850 = then.format("%A, %d-%b-%y %H:%M:%S GMT").to_string();
        prop_assert_eq!(parse_http_date(&rfc850, now), Some(now + distance), "{} at {}", rfc850, now);
        prop_assert!(then.year() > 1900);
    }

    #[test]
    fn no_text_can_break_the_reader(
        value in "(Sun|Sunday)?,? ?[0-9 ]{0,3}[- ]?(Feb)?[- ][0-9]{0,4} [0-9:]{0,8} ?(GMT)?", now in any::<i64>(),
    ) {
        let _ = parse_http_date(&value, now);
    }
}
