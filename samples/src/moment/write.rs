//! Prints RFC 3339, part by part.

use super::civil::civil_from_days;
use super::{DAY_SECONDS, Moment, Offset};

impl Moment {
    /// Appends it as it was written, but with `T` and `Z` in upper case.
    pub fn write(self, out: &mut Vec<u8>) {
        let local = self.seconds + self.offset.seconds();
        out.extend_from_slice(&write_date(local.div_euclid(DAY_SECONDS)));
        out.push(b'T');
        out.extend_from_slice(&write_time_of_day(local.rem_euclid(DAY_SECONDS)));
        write_fraction(self.nanos, self.digits, out);
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
fn two(number: i64) -> [u8; 2] {
    let [tens, ..] = (number / 10).to_le_bytes();
    let [ones, ..] = (number % 10).to_le_bytes();
    [b'0' + tens, b'0' + ones]
}

/// `YYYY-MM-DD` of a day since 1970-01-01.
pub(crate) fn write_date(day: i64) -> [u8; 10] {
    let (year, month, day) = civil_from_days(day);
    let ([y0, y1], [y2, y3], [m0, m1], [d0, d1]) = (two(year / 100), two(year % 100), two(month), two(day));
    [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1]
}

/// `hh:mm:ss` of a second of the day.
pub(crate) fn write_time_of_day(second: i64) -> [u8; 8] {
    let ([h0, h1], [m0, m1], [s0, s1]) = (two(second / 3600), two(second / 60 % 60), two(second % 60));
    [h0, h1, b':', m0, m1, b':', s0, s1]
}

/// So many digits of the fraction, behind a point; nothing for none.
pub(crate) fn write_fraction(nanos: u32, digits: u8, out: &mut Vec<u8>) {
    if digits == 0 {
        return;
    }
    out.push(b'.');
    let (mut rest, mut unit) = (nanos, 100_000_000);
    for _ in 0..digits {
        let digit = rest.checked_div(unit).unwrap_or(0);
        rest -= digit * unit;
        unit /= 10;
        let [digit, ..] = digit.to_le_bytes();
        out.push(b'0' + digit);
    }
}

/// `Z` or `±hh:mm`.
pub(crate) fn write_offset(offset: Offset, out: &mut Vec<u8>) {
    if offset == Offset::Z {
        out.push(b'Z');
        return;
    }
    let minutes = i64::from(offset.minutes().unsigned_abs());
    out.push(if offset.0 < 0 { b'-' } else { b'+' });
    out.extend_from_slice(&two(minutes / 60));
    out.push(b':');
    out.extend_from_slice(&two(minutes % 60));
}
