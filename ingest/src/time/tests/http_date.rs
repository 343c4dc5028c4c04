//! httpdate does what `Retry-After` and `Date` need of it.

use chrono::DateTime;
use proptest::prelude::*;

use crate::time::parse_http_date;

#[test]
fn the_three_forms_of_rfc_9110_are_one_instant() {
    for value in
        ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
    {
        assert_eq!(parse_http_date(value), Some(784_111_777), "{value}");
    }
}

#[test]
fn what_is_no_http_date_is_refused() {
    for value in [
        "",
        "GMT",
        "Sun, 06 Nov 1994",
        "06 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Mon, 07 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z",
        "784111777",
        // Another day of the week than the date's.
        "Mon, 06 Nov 1994 08:49:37 GMT",
        // Before 1970.
        "Wed, 31 Dec 1969 23:59:59 GMT",
    ] {
        assert_eq!(parse_http_date(value), None, "{value}");
    }
}

proptest! {
    #[test]
    fn every_second_is_read_back_from_the_form_that_chrono_prints(seconds in 0..=253_402_300_799_i64) {
        let date = DateTime::from_timestamp(seconds, 0).unwrap();
        let fixed = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        prop_assert_eq!(parse_http_date(&fixed), Some(seconds));
    }

    #[test]
    fn no_text_can_break_the_reader(value in "(Sun|Sunday)?,? ?[0-9 ]{0,3}[- ]?(Feb)?[- ][0-9]{0,4} [0-9:]{0,8} ?(GMT)?", any in "\\PC{0,40}") {
        let _ = parse_http_date(&value);
        let _ = parse_http_date(&any);
    }
}
