//! Prints RFC 3339 and ISO 8601's basic form.
//!
//! By hand: `core::fmt` with widths and padding would weigh more than this whole module.

use super::civil::{DAY_SECONDS, civil_from_days};
use super::{Date, Instant, Offset};

/// The fields of a time on the clock, in ASCII digits.
struct Fields {
    year: [u8; 4],
    month: [u8; 2],
    day: [u8; 2],
    hour: [u8; 2],
    minute: [u8; 2],
    second: [u8; 2],
}

/// Appends the instant as RFC 3339, in its own offset, with 0, 3, 6 or 9 fraction digits: the fewest that lose nothing.
pub(super) fn write_rfc3339(instant: &Instant, out: &mut Vec<u8>) {
    let Fields { year: [y1, y2, y3, y4], month: [m1, m2], day: [d1, d2], hour, minute, second } =
        fields(instant.local_seconds());
    let ([h1, h2], [i1, i2], [s1, s2]) = (hour, minute, second);
    #[rustfmt::skip]
    out.extend_from_slice(&[
        y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', i1, i2, b':', s1, s2,
    ]);
    write_fraction(instant.subsec_nanos(), out);
    instant.offset().write(out);
}

/// `YYYYMMDDTHHMMSSZ` of a second in the years 0000 to 9999.
pub(super) fn to_basic(unix_seconds: i64) -> String {
    let Fields { year: [y1, y2, y3, y4], month: [m1, m2], day: [d1, d2], hour, minute, second } =
        fields(unix_seconds);
    let ([h1, h2], [i1, i2], [s1, s2]) = (hour, minute, second);
    let mut out = Vec::from([y1, y2, y3, y4, m1, m2, d1, d2, b'T', h1, h2, i1, i2, s1, s2]);
    Offset::UTC.write(&mut out);
    ascii(out)
}

/// `YYYY-MM-DD`.
pub(super) fn date_digits(date: Date) -> [u8; 10] {
    let (year, month, day) = date.year_month_day();
    let ([y1, y2], [y3, y4]) = (two_digits(year / 100), two_digits(year % 100));
    let ([m1, m2], [d1, d2]) = (two_digits(month), two_digits(day));
    [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]
}

/// The text of bytes that this module wrote, which are all ASCII.
pub(super) fn ascii(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// Two ASCII digits of a number from 0 to 99.
pub(super) fn two_digits(value: i32) -> [u8; 2] {
    [digit(value / 10), digit(value % 10)]
}

/// One ASCII digit of a number from 0 to 9.
fn digit(value: i32) -> u8 {
    let [lowest, ..] = value.to_le_bytes();
    b'0'.wrapping_add(lowest)
}

fn fields(seconds: i64) -> Fields {
    // An instant's range is 3.7 million days, far below i32's.
    let days = i32::try_from(seconds.div_euclid(DAY_SECONDS)).unwrap_or_default();
    let of_day = i32::try_from(seconds.rem_euclid(DAY_SECONDS)).unwrap_or_default();
    let (year, month, day) = civil_from_days(days);
    let ([y1, y2], [y3, y4]) = (two_digits(year / 100), two_digits(year % 100));
    Fields {
        year: [y1, y2, y3, y4],
        month: two_digits(month),
        day: two_digits(day),
        hour: two_digits(of_day / 3600),
        minute: two_digits(of_day / 60 % 60),
        second: two_digits(of_day % 60),
    }
}

fn write_fraction(nanos: u32, out: &mut Vec<u8>) {
    if nanos == 0 {
        return;
    }
    let (mut value, groups) = match nanos {
        n if n % 1_000_000 == 0 => (n / 1_000_000, 1),
        n if n % 1_000 == 0 => (n / 1_000, 2),
        n => (n, 3),
    };
    let mut digits = [b'0'; 9];
    let (fraction, _) = digits.split_at_mut(groups * 3);
    for place in fraction.iter_mut().rev() {
        let [lowest, ..] = (value % 10).to_le_bytes();
        *place = b'0'.wrapping_add(lowest);
        value /= 10;
    }
    out.push(b'.');
    out.extend_from_slice(fraction);
}
