//! HTTP-date (RFC 9110 §5.6.7): the date of `Retry-After` and `Date`.
//!
//! All three forms, case-sensitive, with nothing around them. Decisions where the RFC leaves a choice:
//! - The day's name must be one of the names, and need not be that of the date: the date alone says when, and a wait that
//!   can be understood is better obeyed than ignored ("recipients … are encouraged to be robust").
//! - `23:59:60`, which the grammar allows, is the second behind it, as in Unix time; no other second 60 is.

use crate::time::civil::{DAY_SECONDS, civil_from_days, days_from_civil, existing_day};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// What each form has behind the name of the day: `m` a month's name; `y`, `d`, `h`, `i` and `s` two digits of year,
/// day, hour, minute and second; `e` two digits of the day, or a space and one; all else stands for itself.
const IMF_FIXDATE: &[u8] = b", d m yy h:i:s GMT";
const RFC850_DATE: &[u8] = b", d-m-y h:i:s GMT";
const ASCTIME_DATE: &[u8] = b" m e h:i:s yy";

/// The seconds since 1970-01-01T00:00:00Z that an HTTP-date names; `None` where it is not one.
///
/// `now_unix_seconds` places the two-digit year of the rfc850 form: what would be over 50 years ahead is the latest year past with
/// these digits (RFC 9110 §5.6.7).
///
/// ```
/// use humansync::retry::parse_http_date;
/// assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", 0), Some(784_111_777));
/// ```
pub fn parse_http_date(value: &str, now_unix_seconds: i64) -> Option<i64> {
    let text = value.as_bytes();
    let name_end = text.iter().position(|byte| !byte.is_ascii_alphabetic())?;
    let (name, rest) = text.split_at_checked(name_end)?;
    let is_short = name.len() == 3;
    if !DAYS
        .iter()
        .any(|day| if is_short { day.as_bytes().starts_with(name) } else { day.as_bytes() == name })
    {
        return None;
    }
    if !is_short {
        return rfc850_seconds(read(RFC850_DATE, rest)?, now_unix_seconds);
    }
    seconds(read(if rest.first() == Some(&b',') { IMF_FIXDATE } else { ASCTIME_DATE }, rest)?)
}

/// Year, month, day, hour, minute and second.
type Fields = [i32; 6];

fn read(form: &[u8], mut text: &[u8]) -> Option<Fields> {
    let (mut year, mut month, mut day, mut hour, mut minute, mut second) = (0, 0, 0, 0, 0, 0);
    for &wanted in form {
        let field = match wanted {
            b'y' => &mut year,
            b'd' | b'e' => &mut day,
            b'h' => &mut hour,
            b'i' => &mut minute,
            b's' => &mut second,
            b'm' => {
                let (name, rest) = text.split_first_chunk()?;
                month = 1 + i32::try_from(MONTHS.iter().position(|month| *month == name)?).ok()?;
                text = rest;
                continue;
            }
            literal => {
                let (&byte, rest) = text.split_first()?;
                if byte != literal {
                    return None;
                }
                text = rest;
                continue;
            }
        };
        let ([tens, ones], rest) = text.split_first_chunk()?;
        // One digit has a space before it, and never a zero: `( 2DIGIT / ( SP 1DIGIT ))` allows both.
        let tens = if wanted == b'e' && *tens == b' ' { b'0' } else { *tens };
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        if tens > 9 || ones > 9 {
            return None;
        }
        *field = *field * 100 + i32::from(tens * 10 + ones);
        text = rest;
    }
    text.is_empty().then_some([year, month, day, hour, minute, second])
}

/// The latest year with the two digits of the form, unless it is over fifty years ahead.
fn rfc850_seconds([digits, rest @ ..]: Fields, now: i64) -> Option<i64> {
    let [month, day, hour, minute, second] = rest;
    let (last_year, last_second) = in_fifty_years(now);
    // Begins within the fifty years; the date itself may lie beyond.
    let year = last_year - (last_year - digits).rem_euclid(100);
    seconds([year, month, day, hour, minute, second])
        .filter(|&then| then <= last_second)
        // Also for a leap day, which the one year may have and the other not.
        .or_else(|| seconds([year - 100, month, day, hour, minute, second]))
}

/// Fifty years from now, to the second: the year, and the seconds since 1970.
fn in_fifty_years(now: i64) -> (i32, i64) {
    // No clock is right beyond the years 0000 to 9999; held there, it cannot overflow what follows.
    let now = now.clamp(-62_167_219_200, 253_402_300_799);
    let days = i32::try_from(now.div_euclid(DAY_SECONDS)).unwrap_or_default();
    let (year, month, day) = civil_from_days(days);
    let then = i64::from(days_from_civil(year + 50, month, day));
    (year + 50, then * DAY_SECONDS + now.rem_euclid(DAY_SECONDS))
}

/// Unix seconds; `None` if there is no such day or time.
#[inline(never)]
fn seconds([year, month, day, hour, minute, second]: Fields) -> Option<i64> {
    let leap_second = (hour, minute, second) == (23, 59, 60);
    if hour > 23 || minute > 59 || (second > 59 && !leap_second) {
        return None;
    }
    let days = i64::from(existing_day(year, month, day)?);
    Some(days * DAY_SECONDS + i64::from((hour * 60 + minute) * 60 + second))
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn what_is_not_to_the_letter_is_refused() {
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
    fn the_leap_second_at_midnight_is_the_second_behind_it() {
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
}
