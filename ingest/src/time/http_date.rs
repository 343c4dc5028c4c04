//! HTTP-date (RFC 9110 §5.6.7), the form of `Date` and `Retry-After`.
//!
//! All three forms, case-sensitive, with nothing around them. Where the RFC leaves a choice:
//! - The name of the day must be one of the names, and need not be that of the date: the date alone says when, and a wait
//!   that can be understood is better obeyed than ignored.
//! - `23:59:60`, which the grammar allows, is the second after it, as in Unix time; no other second 60 is accepted.

use chrono::Datelike;

use super::calendar::{DAY_SECONDS, date_of, unix_days};
use super::rfc3339::read_time_of_day;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// The seconds since 1970-01-01T00:00:00Z that an HTTP-date names; `None` where it is not one.
///
/// `now_unix_seconds` places the two-digit year of the rfc850 form: a date that would be over 50 years ahead is in the
/// latest past year with these digits (RFC 9110 §5.6.7).
///
/// ```
/// use humansync_ingest::time::parse_http_date;
/// assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", 0), Some(784_111_777));
/// ```
pub fn parse_http_date(value: &str, now_unix_seconds: i64) -> Option<i64> {
    let name_end = value.bytes().position(|byte| !byte.is_ascii_alphabetic())?;
    let (name, rest) = value.split_at_checked(name_end)?;
    let is_short = name.len() == 3;
    if !DAYS.iter().any(|&day| day == name || is_short && day.starts_with(name)) {
        return None;
    }
    let (year, month, day, time) = match *rest.as_bytes() {
        [b',', b' ', d0, d1, b' ', m0, m1, m2, b' ', y0, y1, y2, y3, b' ', ref time @ ..] if is_short => {
            (two(y0, y1)? * 100 + two(y2, y3)?, [m0, m1, m2], two(d0, d1)?, time.strip_suffix(b" GMT")?)
        }
        [b',', b' ', d0, d1, b'-', m0, m1, m2, b'-', y0, y1, b' ', ref time @ ..] if !is_short => {
            (two(y0, y1)?, [m0, m1, m2], two(d0, d1)?, time.strip_suffix(b" GMT")?)
        }
        // One digit of the day has a space before it.
        [b' ', m0, m1, m2, b' ', d0, d1, b' ', ref time @ .., b' ', y0, y1, y2, y3] if is_short => {
            let d0 = if d0 == b' ' { b'0' } else { d0 };
            (two(y0, y1)? * 100 + two(y2, y3)?, [m0, m1, m2], two(d0, d1)?, time)
        }
        _ => return None,
    };
    let month = u32::try_from(MONTHS.iter().position(|name| **name == month)?).ok()? + 1;
    let time: [u8; 8] = time.try_into().ok()?;
    let second = if time == *b"23:59:60" { DAY_SECONDS } else { read_time_of_day(time)? };
    let seconds = |year| Some(unix_days(year, month, day)? * DAY_SECONDS + second);
    let year = i32::try_from(year).ok()?;
    if is_short {
        return seconds(year);
    }
    let (last_year, last_second) = in_fifty_years(now_unix_seconds);
    let latest = last_year - (last_year - year).rem_euclid(100);
    // A leap day may exist in one of the years and not in the other.
    seconds(latest).filter(|&then| then <= last_second).or_else(|| seconds(latest - 100))
}

fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

/// Fifty years from now, to the second: the year, and the seconds since 1970.
fn in_fifty_years(now: i64) -> (i32, i64) {
    // No clock is right outside the years 0000 to 9999; limited to them, it cannot overflow what follows.
    let now = now.clamp(-62_167_219_200, 253_402_300_799);
    let date = date_of(now.div_euclid(DAY_SECONDS));
    let year = date.year() + 50;
    // Where 29 February does not exist, the day after it.
    let days = unix_days(year, date.month(), date.day()).or_else(|| unix_days(year, 3, 1));
    (year, days.unwrap_or(0) * DAY_SECONDS + now.rem_euclid(DAY_SECONDS))
}
