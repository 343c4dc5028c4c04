//! Reads RFC 3339 and ISO 8601's basic form.
//!
//! Decisions where the RFC leaves a choice:
//! - `T` and `Z` in either case, and a space instead of `T` (RFC 3339 §5.6, both notes). All are printed as `T` and `Z`;
//!   whoever sends an instant on prints it anew.
//! - Any number of fraction digits, but those behind the ninth must be zeros: to cut others off would be a loss.
//! - A leap second is refused: moved to its neighbour it would be another instant (RFC 3339 §5.7).
//! - The basic form takes `±hhmm` only, the extended one `±hh:mm` only (ISO 8601 does not mix them), a `T` (no space) and a point.

use super::civil::{DAY_SECONDS, existing_day};
use super::{Instant, Offset, TimeError};

/// What stands before month, day, hour, minute and second in the extended form.
const SEPARATORS: [u8; 6] = *b" --T::";

pub(super) fn read_instant(text: &[u8]) -> Result<Instant, TimeError> {
    let mut fields = [0; 6];
    let (rest, extended) = read_fields(text, &mut fields).ok_or(TimeError::Shape)?;
    let (nanos, rest) = read_fraction(rest)?;
    let offset = read_offset(rest, extended).ok_or(TimeError::Shape)?;
    let [year, month, day, hour, minute, second] = fields;
    let day = existing_day(year, month, day).ok_or(TimeError::NoSuchTime)?;
    if hour > 23 || minute > 59 || second > 59 {
        return Err(TimeError::NoSuchTime);
    }
    let local_seconds = i64::from(day) * DAY_SECONDS + i64::from((hour * 60 + minute) * 60 + second);
    Ok(Instant::from_local(local_seconds, nanos, offset?))
}

/// Reads as many of year, month, day, hour, minute and second as there are `fields`. Gives what is behind them, and
/// whether it is the extended form, in which the fields have separators.
#[inline(never)]
pub(super) fn read_fields<'text>(mut text: &'text [u8], fields: &mut [i32]) -> Option<(&'text [u8], bool)> {
    let extended = text.get(4) == Some(&b'-');
    let mut digits = 4;
    for (field, separator) in fields.iter_mut().zip(SEPARATORS) {
        // Four digits are the year's, which has no separator.
        if digits == 2 && (extended || separator == b'T') {
            let (&byte, rest) = text.split_first()?;
            let is_t = separator == b'T' && (byte == b't' || (byte == b' ' && extended));
            if byte != separator && !is_t {
                return None;
            }
            text = rest;
        }
        (*field, text) = read_digits(text, digits)?;
        digits = 2;
    }
    Some((text, extended))
}

#[inline(never)]
fn read_digits(mut text: &[u8], digits: u32) -> Option<(i32, &[u8])> {
    let mut value = 0;
    for _ in 0..digits {
        let (&byte, rest) = text.split_first()?;
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i32::from(digit);
        text = rest;
    }
    Some((value, text))
}

/// Nanoseconds, and what stands behind the fraction; no fraction is 0.
fn read_fraction(text: &[u8]) -> Result<(u32, &[u8]), TimeError> {
    let [b'.', digits @ ..] = text else { return Ok((0, text)) };
    let (mut nanos, mut unit, mut rest) = (0, 1_000_000_000, digits);
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        // Behind the ninth digit the unit is 0.
        unit /= 10;
        if unit == 0 && *digit != b'0' {
            return Err(TimeError::TooPrecise);
        }
        nanos += u32::from(digit - b'0') * unit;
        rest = behind;
    }
    if rest.len() == digits.len() { Err(TimeError::Shape) } else { Ok((nanos, rest)) }
}

/// `Z`, or `±hh:mm` (extended), or `±hhmm` (basic), to the end of the text; `None` for another shape.
pub(super) fn read_offset(text: &[u8], extended: bool) -> Option<Result<Offset, TimeError>> {
    let (sign, rest) = match text {
        [b'Z' | b'z'] => return Some(Ok(Offset::UTC)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, mut rest) = read_digits(rest, 2)?;
    if extended {
        rest = rest.strip_prefix(b":")?;
    }
    let (minutes, []) = read_digits(rest, 2)? else { return None };
    Some(match (sign, hours * 60 + minutes) {
        _ if minutes > 59 => Err(TimeError::NoSuchTime),
        (-1, 0) => Ok(Offset::UNKNOWN),
        // At most 99 hours.
        (sign, total) => Offset::from_minutes(i16::try_from(sign * total).unwrap_or(i16::MAX)),
    })
}
