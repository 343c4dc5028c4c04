//! RFC 3339, read and printed, part by part.
//!
//! Where the RFC leaves a choice:
//! - `T` and `Z` in either case, and a space instead of `T` (§5.6, both notes). All are printed as `T` and `Z`.
//! - Any number of fraction digits up to 255, but those after the ninth must be zeros: to cut off others would be a
//!   loss.
//! - A leap second is refused: moved to its neighbour it would be another instant (§5.7). So is hour 24, which RFC 3339
//!   does not have.

use chrono::Datelike;

use super::calendar::{DAY_SECONDS, date_of, unix_days};
use super::{Instant, TimeError, UtcOffset};

impl Instant {
    /// Reads RFC 3339 to the end of the text.
    pub fn parse_rfc3339(text: &[u8]) -> Option<Self> {
        Self::parse_after(&mut LatestDate::default(), text)
    }

    /// As [`Instant::parse_rfc3339`], one of many times that are mostly of the same day as the one before.
    #[inline(never)]
    pub(crate) fn parse_after(latest: &mut LatestDate, text: &[u8]) -> Option<Self> {
        let (date, rest) = text.split_first_chunk::<10>()?;
        let day = latest.read(date)?;
        let [b'T' | b't' | b' ', rest @ ..] = rest else { return None };
        let (time, rest) = rest.split_first_chunk::<8>()?;
        let second = read_time_of_day(*time)?;
        let (nanos, digits, rest) = read_fraction(rest)?;
        Some(Self::from_local(day, second, nanos, digits, read_offset(rest)?))
    }

    /// Appends it as it was written, but with `T` and `Z` in upper case.
    pub fn write_rfc3339(self, out: &mut Vec<u8>) {
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

    /// As [`Instant::write_rfc3339`], to a new string.
    ///
    /// ```
    /// # use humansync_ingest::time::Instant;
    /// assert_eq!(Instant::from_unix_millis(1_500.0)?.to_rfc3339(), "1970-01-01T00:00:01.500Z");
    /// # Ok::<(), humansync_ingest::time::TimeError>(())
    /// ```
    pub fn to_rfc3339(self) -> String {
        // Longest, but for needless zeros: 2014-01-10T00:00:00.123456789+01:00
        let mut out = Vec::with_capacity(35);
        self.write_rfc3339(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }
}

/// The date that was read last, so that the calendar is asked only where another one follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LatestDate {
    text: [u8; 10],
    day: i64,
}

impl Default for LatestDate {
    fn default() -> Self {
        Self { text: *b"1970-01-01", day: 0 }
    }
}

impl LatestDate {
    #[inline(always)]
    fn read(&mut self, text: &[u8; 10]) -> Option<i64> {
        if *text != self.text {
            *self = Self { day: read_date(text)?, text: *text };
        }
        Some(self.day)
    }
}

/// Why a text that cannot be read cannot be read.
#[cold]
pub(super) fn reason(text: &[u8]) -> TimeError {
    let time = match digits(text, b"dddd-dd-dd") {
        Some([b'T' | b't' | b' ', time @ ..]) => time,
        _ => return TimeError::Shape,
    };
    let Some(mut rest) = digits(time, b"dd:dd:dd") else { return TimeError::Shape };
    let mut too_precise = false;
    if let [b'.', fraction @ ..] = rest {
        let count = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let Some((fraction, after @ [_, ..])) = fraction.split_at_checked(count) else {
            return TimeError::Shape;
        };
        if !(1..=255).contains(&count) {
            return TimeError::Shape;
        }
        too_precise = fraction.iter().skip(9).any(|&digit| digit != b'0');
        rest = after;
    }
    let has_offset = match rest {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', offset @ ..] => digits(offset, b"dd:dd").is_some_and(<[u8]>::is_empty),
        _ => false,
    };
    match (too_precise, has_offset) {
        (true, _) => TimeError::TooPrecise,
        (false, true) => TimeError::NoSuchTime,
        (false, false) => TimeError::Shape,
    }
}

/// What follows a text of this shape, in which `d` is a digit and everything else stands for itself.
#[inline(never)]
pub(super) fn digits<'text>(mut text: &'text [u8], shape: &[u8]) -> Option<&'text [u8]> {
    for &wanted in shape {
        let (&byte, rest) = text.split_first()?;
        if byte != wanted && !(wanted == b'd' && byte.is_ascii_digit()) {
            return None;
        }
        text = rest;
    }
    Some(text)
}

const fn all_digits(bytes: u64) -> bool {
    // A byte from 10 on carries into its highest bit, or has it set already.
    (bytes.wrapping_add(0x7676_7676_7676_7676) | bytes) & 0x8080_8080_8080_8080 == 0
}

/// The second of the day in `hh:mm:ss`, if there is such a time.
#[inline(always)]
pub(crate) fn read_time_of_day(text: [u8; 8]) -> Option<i64> {
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
#[inline]
pub(crate) fn read_date(text: &[u8; 10]) -> Option<i64> {
    let [y0, y1, y2, y3, hyphen, m0, m1, b'-', d0, d1] = *text else { return None };
    let bytes = u64::from_le_bytes([y0, y1, y2, y3, m0, m1, d0, d1]) ^ u64::from_le_bytes([b'0'; 8]);
    if !all_digits(bytes) || hyphen != b'-' {
        return None;
    }
    let pairs = bytes.wrapping_mul(10).wrapping_add(bytes >> 8);
    let [century, _, year, _, month, _, day, _] = pairs.to_le_bytes();
    unix_days(i32::from(century) * 100 + i32::from(year), month.into(), day.into())
}

/// Nanoseconds, the number of digits, and what follows the fraction; no fraction is 0 with 0 digits.
fn read_fraction(text: &[u8]) -> Option<(u32, u8, &[u8])> {
    let [b'.', digits @ ..] = text else { return Some((0, 0, text)) };
    let (mut nanos, mut unit, mut count, mut rest) = (0, 1_000_000_000, 0_u8, digits);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        // After the ninth digit the unit is 0.
        unit /= 10;
        if unit == 0 && *digit != b'0' {
            return None;
        }
        nanos += u32::from(digit - b'0') * unit;
        count = count.checked_add(1)?;
        rest = after;
    }
    (count > 0).then_some((nanos, count, rest))
}

/// `Z` or `±hh:mm`, to the end of the text.
fn read_offset(text: &[u8]) -> Option<UtcOffset> {
    match *text {
        [b'Z' | b'z'] => Some(UtcOffset::Z),
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
                b'-' if minutes == 0 => Some(UtcOffset::UNKNOWN),
                b'-' => UtcOffset::from_minutes(-minutes),
                _ => UtcOffset::from_minutes(minutes),
            }
        }
        _ => None,
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
pub(crate) fn write_date(unix_days: i64) -> [u8; 10] {
    let date = date_of(unix_days);
    let year = date.year().unsigned_abs();
    let ([y0, y1], [y2, y3], [m0, m1], [d0, d1]) =
        (two(year / 100), two(year % 100), two(date.month()), two(date.day()));
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

/// The first digits of nanoseconds; those after the ninth are zeros.
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
fn write_offset(offset: UtcOffset, out: &mut Vec<u8>) {
    if offset == UtcOffset::Z {
        out.push(b'Z');
        return;
    }
    let minutes = u32::from(offset.minutes().unsigned_abs());
    out.push(if offset.0 < 0 { b'-' } else { b'+' });
    out.extend_from_slice(&two(minutes / 60));
    out.push(b':');
    out.extend_from_slice(&two(minutes % 60));
}
