//! Prints RFC 3339, part by part.

use super::civil::civil_from_days;
use super::{DAY_SECONDS, Moment, Offset};

impl Moment {
    /// Appends it as it was written, but with `T` and `Z` in upper case.
    pub fn write(self, out: &mut Vec<u8>) {
        let local = self.seconds + self.offset.seconds();
        out.extend_from_slice(&write_date(local.div_euclid(DAY_SECONDS)));
        out.push(b'T');
        let second = u32::try_from(local.rem_euclid(DAY_SECONDS)).unwrap_or(0);
        out.extend_from_slice(&write_time_of_day(second));
        if self.digits > 0 {
            out.push(b'.');
            let before = out.len();
            out.resize(before + usize::from(self.digits), b'0');
            write_fraction(self.nanos, out.get_mut(before..).unwrap_or_default());
        }
        write_offset(self.offset, out);
    }

    /// As [`Moment::write`], to a new string.
    pub fn to_text(self) -> String {
        let mut out = Vec::with_capacity(35);
        self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }
}

/// The two digits of a number below 100.
#[inline]
fn two(number: u32) -> [u8; 2] {
    let tens = number / 10;
    let [pair, second, ..] = (tens | (number - tens * 10) << 8 | 0x3030).to_le_bytes();
    [pair, second]
}

/// `YYYY-MM-DD` of a day since 1970-01-01.
pub(crate) fn write_date(day: i64) -> [u8; 10] {
    let (year, month, day) = civil_from_days(day);
    let small = |number: i64| two(u32::try_from(number).unwrap_or(0));
    let ([y0, y1], [y2, y3], [m0, m1], [d0, d1]) =
        (small(year / 100), small(year % 100), small(month), small(day));
    [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1]
}

/// `hh:mm:ss` of a second of the day.
#[inline]
pub(crate) fn write_time_of_day(second: u32) -> [u8; 8] {
    let minute = second / 60;
    let hour = minute / 60;
    let ([h0, h1], [m0, m1], [s0, s1]) = (two(hour), two(minute - hour * 60), two(second - minute * 60));
    [h0, h1, b':', m0, m1, b':', s0, s1]
}

/// The first digits of nanoseconds; those behind the ninth are zeros.
#[inline]
pub(crate) fn write_fraction(nanos: u32, digits: &mut [u8]) {
    let (mut rest, mut unit) = (nanos, 100_000_000);
    for byte in digits {
        let digit = rest.checked_div(unit).unwrap_or(0);
        rest -= digit * unit;
        unit /= 10;
        let [digit, ..] = digit.to_le_bytes();
        *byte = b'0' + digit;
    }
}

/// `Z` or `±hh:mm`.
fn write_offset(offset: Offset, out: &mut Vec<u8>) {
    if offset == Offset::Z {
        out.push(b'Z');
        return;
    }
    let minutes = u32::from(offset.minutes().unsigned_abs());
    out.push(if offset.0 < 0 { b'-' } else { b'+' });
    out.extend_from_slice(&two(minutes / 60));
    out.push(b':');
    out.extend_from_slice(&two(minutes % 60));
}
