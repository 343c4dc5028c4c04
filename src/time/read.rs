//! Reads RFC 3339 and ISO 8601's basic form.
//!
//! One slice pattern recognises the nineteen bytes that every RFC 3339 instant begins with and takes its digits out, so the
//! usual shapes cost a few comparisons; only what fails is looked at again, to say why.
//!
//! Decisions where the RFC leaves a choice:
//! - `T` and `Z` in either case, and a space instead of `T` (RFC 3339 §5.6, both notes). All are printed as `T` and `Z`;
//!   whoever sends an instant on prints it anew.
//! - Any number of fraction digits, but those behind the ninth must be zeros: to cut others off would be a loss.
//! - A leap second is refused: moved to its neighbour it would be another instant (RFC 3339 §5.7).
//! - The basic form takes `±hhmm` only, the extended one `±hh:mm` only (ISO 8601 does not mix them), a `T` (no space) and a point.

use super::civil::{DAY_SECONDS, days_from_civil, days_in_month};
use super::{Instant, Offset, TimeError};

/// Year, month, day, hour, minute and second, as ASCII digits.
type Digits = [u8; 14];

pub(super) fn read_instant(text: &[u8]) -> Result<Instant, TimeError> {
    let (digits, rest, extended) = match *text {
        #[rustfmt::skip]
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T' | b't' | b' ', h1, h2, b':', i1, i2, b':', s1, s2, ref rest @ ..] => {
            ([y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, i1, i2, s1, s2], rest, true)
        },
        #[rustfmt::skip]
        [y1, y2, y3, y4, m1, m2, d1, d2, b'T' | b't', h1, h2, i1, i2, s1, s2, ref rest @ ..] => {
            ([y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, i1, i2, s1, s2], rest, false)
        },
        _ => return Err(why_no_instant(text)),
    };
    let Some(local_seconds) = read_local_seconds(digits)? else { return Err(why_no_instant(text)) };
    let (nanos, rest) = read_fraction(rest)?;
    let offset = read_offset(rest, extended)?;
    Ok(Instant::from_local(local_seconds, nanos, offset))
}

/// Seconds from 1970-01-01T00:00:00 to this time on the clock there; `None` if one of them is no digit.
fn read_local_seconds(digits: Digits) -> Result<Option<i64>, TimeError> {
    let values = digits.map(|byte| byte.wrapping_sub(b'0'));
    // Not `any`: it stops at the first, and without a branch per digit all are compared at once.
    if values.iter().fold(false, |bad, &value| bad | (value > 9)) {
        return Ok(None);
    }
    let [y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, i1, i2, s1, s2] = values.map(i32::from);
    let year = y1 * 1000 + y2 * 100 + y3 * 10 + y4;
    let (month, day) = (m1 * 10 + m2, d1 * 10 + d2);
    let (hour, minute, second) = (h1 * 10 + h2, i1 * 10 + i2, s1 * 10 + s2);
    if !(1..=12).contains(&month) {
        return Err(TimeError::Month);
    }
    // Days up to 28 are in every month.
    if day == 0 || (day > 28 && day > days_in_month(year, month)) {
        return Err(TimeError::Day);
    }
    if hour > 23 {
        return Err(if hour == 24 { TimeError::Hour24 } else { TimeError::Hour });
    }
    if minute > 59 {
        return Err(TimeError::Minute);
    }
    if second > 59 {
        return Err(if second == 60 { TimeError::LeapSecond } else { TimeError::Second });
    }
    let days = i64::from(days_from_civil(year, month, day));
    Ok(Some(days * DAY_SECONDS + i64::from(hour * 3600 + minute * 60 + second)))
}

/// Nanoseconds, and what stands behind the fraction; no fraction is 0.
fn read_fraction(text: &[u8]) -> Result<(u32, &[u8]), TimeError> {
    let [b'.', digits @ ..] = text else { return Ok((0, text)) };
    let (mut nanos, mut unit, mut rest) = (0, 1_000_000_000, digits);
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        let value = u32::from(digit.wrapping_sub(b'0'));
        // Behind the ninth digit the unit is 0.
        unit /= 10;
        if unit == 0 && value != 0 {
            return Err(TimeError::TooPrecise);
        }
        nanos += value * unit;
        rest = behind;
    }
    if rest.len() == digits.len() { Err(TimeError::Fraction) } else { Ok((nanos, rest)) }
}

/// `Z`, or `±hh:mm` (extended), or `±hhmm` (basic), to the end of the text.
pub(super) fn read_offset(text: &[u8], extended: bool) -> Result<Offset, TimeError> {
    let (sign, h1, h2, m1, m2) = match *text {
        [b'Z' | b'z'] => return Ok(Offset::UTC),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] if extended => (sign, h1, h2, m1, m2),
        [sign @ (b'+' | b'-'), h1, h2, m1, m2] if !extended => (sign, h1, h2, m1, m2),
        [] => return Err(TimeError::MissingZone),
        [b'+' | b'-', ..] => return Err(TimeError::Offset),
        _ => return Err(TimeError::Trailing),
    };
    let [h1, h2, m1, m2] = [h1, h2, m1, m2].map(|byte| i16::from(byte.wrapping_sub(b'0')));
    if h1 > 9 || h2 > 9 || m1 > 9 || m2 > 9 {
        return Err(TimeError::Offset);
    }
    let (hours, minutes) = (h1 * 10 + h2, m1 * 10 + m2);
    if hours > 23 || minutes > 59 {
        return Err(TimeError::OffsetRange);
    }
    match (sign, hours * 60 + minutes) {
        (b'-', 0) => Ok(Offset::UNKNOWN),
        (b'-', total) => Offset::from_minutes(-total),
        (_, total) => Offset::from_minutes(total),
    }
}

/// The most helpful reason for a text that does not begin with a date and a time to the second.
fn why_no_instant(text: &[u8]) -> TimeError {
    let (date, rest) = match *text {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ref rest @ ..]
        | [y1, y2, y3, y4, m1, m2, d1, d2, ref rest @ ..] => ([y1, y2, y3, y4, m1, m2, d1, d2], rest),
        _ => return TimeError::Shape,
    };
    if !date.iter().all(u8::is_ascii_digit) {
        return TimeError::Shape;
    }
    let (minutes, rest) = match *rest {
        [] => return TimeError::MissingTime,
        [b'T' | b't' | b' ', h1, h2, b':', m1, m2, ref rest @ ..]
        | [b'T' | b't', h1, h2, m1, m2, ref rest @ ..] => ([h1, h2, m1, m2], rest),
        _ => return TimeError::Shape,
    };
    match rest {
        [] | [b'Z' | b'z' | b'+' | b'-', ..] if minutes.iter().all(u8::is_ascii_digit) => {
            TimeError::MissingSeconds
        }
        _ => TimeError::Shape,
    }
}
