//! HTTP-date (RFC 9110 §5.6.7), the form of `Date` and `Retry-After`.
//!
//! All three forms, case-sensitive, with nothing around them. Where the RFC leaves a choice:
//! - The name of the day must be one of the names, and need not be that of the date: the date alone says when, and a
//!   wait that can be understood is better obeyed than ignored.
//! - `23:59:60`, which the grammar allows, is the second after it, as in Unix time; no other second 60 is accepted.

use chrono::Datelike;

use super::calendar::{DAY_SECONDS, date_of, unix_days};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// What each form has after the name of the day: `m` a month's name; `y`, `d`, `h`, `i` and `s` two digits of year,
/// day, hour, minute and second; `e` two digits of the day, or a space and one; all else stands for itself.
const IMF_FIXDATE: &[u8] = b", d m yy h:i:s GMT";
const RFC850_DATE: &[u8] = b", d-m-y h:i:s GMT";
const ASCTIME_DATE: &[u8] = b" m e h:i:s yy";

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

/// In the latest year with the two digits of the form that makes it at most fifty years ahead.
fn rfc850_seconds([digits, rest @ ..]: Fields, now: i64) -> Option<i64> {
    let [month, day, hour, minute, second] = rest;
    let (last_year, last_second) = in_fifty_years(now);
    // The year begins within the fifty years; the date itself may be later.
    let year = last_year - (last_year - digits).rem_euclid(100);
    seconds([year, month, day, hour, minute, second])
        .filter(|&then| then <= last_second)
        // Also for a leap day, which may exist in one of the years and not in the other.
        .or_else(|| seconds([year - 100, month, day, hour, minute, second]))
}

/// Fifty years from now, to the second: the year, and the seconds since 1970.
fn in_fifty_years(now: i64) -> (i32, i64) {
    // No clock is right outside the years 0000 to 9999; limited to them, it cannot overflow what follows.
    let now = now.clamp(-62_167_219_200, 253_402_300_799);
    let date = date_of(now.div_euclid(DAY_SECONDS));
    let year = date.year() + 50;
    // Where there is no 29 February, the day after it.
    let days = unix_days(year, date.month(), date.day()).or_else(|| unix_days(year, 3, 1));
    (year, days.unwrap_or(0) * DAY_SECONDS + now.rem_euclid(DAY_SECONDS))
}

/// Unix seconds; `None` if there is no such day or time.
#[inline(never)]
fn seconds([year, month, day, hour, minute, second]: Fields) -> Option<i64> {
    let leap_second = (hour, minute, second) == (23, 59, 60);
    if hour > 23 || minute > 59 || (second > 59 && !leap_second) {
        return None;
    }
    let days = unix_days(year, month.cast_unsigned(), day.cast_unsigned())?;
    Some(days * DAY_SECONDS + i64::from((hour * 60 + minute) * 60 + second))
}
