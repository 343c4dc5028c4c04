//! Reads RFC 3339.
//!
//! `T` and `Z` in either case, or a space instead of `T` (RFC 3339 §5.6, both notes). A fraction may have many digits, of which those
//! behind the ninth must be zeros: to cut others off would be a loss. No leap second, and no hour 24.

use super::civil::{days_from_civil, days_of_month};
use super::{Moment, Offset};

impl Moment {
    /// Reads RFC 3339 to the end of the text.
    pub fn parse_rfc3339(text: &[u8]) -> Option<Self> {
        let (date, rest) = text.split_first_chunk::<10>()?;
        let day = day_of_date(date)?;
        let [b'T' | b't' | b' ', rest @ ..] = rest else { return None };
        let (time, rest) = rest.split_first_chunk::<8>()?;
        let second = time_of_day(*time)?;
        let (nanos, digits, rest) = fraction(rest)?;
        Some(Self::from_local(day, second, nanos, digits, offset(rest)?))
    }
}

/// Whether all eight bytes are 0 to 9.
const fn all_digits(bytes: u64) -> bool {
    // A byte from 10 on carries into its highest bit, or has it set already.
    (bytes.wrapping_add(0x7676_7676_7676_7676) | bytes) & 0x8080_8080_8080_8080 == 0
}

/// The second of the day in `hh:mm:ss`, if there is such a time.
pub(crate) fn time_of_day(text: [u8; 8]) -> Option<i64> {
    // Digits become numbers, and the right separators 0.
    let bytes = u64::from_le_bytes(text) ^ u64::from_le_bytes(*b"00:00:00");
    if !all_digits(bytes) || bytes & 0x0000_ff00_00ff_0000 != 0 {
        return None;
    }
    let pairs = bytes.wrapping_mul(10).wrapping_add(bytes >> 8);
    let (hour, minute, second) = (pairs & 0xff, (pairs >> 24) & 0xff, (pairs >> 48) & 0xff);
    (hour < 24 && minute < 60 && second < 60).then_some((hour * 3600 + minute * 60 + second).cast_signed())
}

/// The day since 1970-01-01 in `YYYY-MM-DD`, if there is such a day.
pub(crate) fn day_of_date(text: &[u8; 10]) -> Option<i64> {
    let [y0, y1, y2, y3, hyphen, m0, m1, b'-', d0, d1] = *text else { return None };
    let bytes = u64::from_le_bytes([y0, y1, y2, y3, m0, m1, d0, d1]) ^ u64::from_le_bytes([b'0'; 8]);
    if !all_digits(bytes) || hyphen != b'-' {
        return None;
    }
    let pairs = bytes.wrapping_mul(10).wrapping_add(bytes >> 8).cast_signed();
    let year = (pairs & 0xff) * 100 + ((pairs >> 16) & 0xff);
    let (month, day) = ((pairs >> 32) & 0xff, (pairs >> 48) & 0xff);
    (day >= 1 && day <= days_of_month(year, month)).then(|| days_from_civil(year, month, day))
}

/// Nanoseconds, the number of digits, and what stands behind the fraction; no fraction is 0 with 0 digits.
fn fraction(text: &[u8]) -> Option<(u32, u8, &[u8])> {
    let [b'.', digits @ ..] = text else { return Some((0, 0, text)) };
    let (mut nanos, mut unit, mut count, mut rest) = (0, 1_000_000_000, 0_u8, digits);
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        // Behind the ninth digit the unit is 0.
        unit /= 10;
        if unit == 0 && *digit != b'0' {
            return None;
        }
        nanos += u32::from(digit - b'0') * unit;
        count = count.checked_add(1)?;
        rest = behind;
    }
    (count > 0).then_some((nanos, count, rest))
}

/// `Z` or `±hh:mm`, to the end of the text.
fn offset(text: &[u8]) -> Option<Offset> {
    match *text {
        [b'Z' | b'z'] => Some(Offset::Z),
        [
            sign @ (b'+' | b'-'),
            h0 @ b'0'..=b'2',
            h1 @ b'0'..=b'9',
            b':',
            m0 @ b'0'..=b'5',
            m1 @ b'0'..=b'9',
        ] => {
            let number = |tens: u8, ones: u8| i16::from(tens - b'0') * 10 + i16::from(ones - b'0');
            let minutes = number(h0, h1) * 60 + number(m0, m1);
            match sign {
                b'-' if minutes == 0 => Some(Offset::UNKNOWN),
                b'-' => Offset::from_minutes(-minutes),
                _ => Offset::from_minutes(minutes),
            }
        }
        _ => None,
    }
}
