//! Prints RFC 3339 and ISO 8601's basic form.
//!
//! By hand: `core::fmt` with widths and padding would weigh more than this whole module.

use super::Instant;
use super::civil::{DAY_SECONDS, civil_from_days};

/// Appends the instant as RFC 3339, in its own offset, with 0, 3, 6 or 9 fraction digits: the fewest that lose nothing.
pub(super) fn write_rfc3339(instant: &Instant, out: &mut Vec<u8>) {
    write_seconds(instant.local_seconds(), b"-", b":", out);
    let (nanos, digits) = match instant.subsec_nanos().cast_signed() {
        0 => (0, 0),
        nanos if nanos % 1_000_000 == 0 => (nanos / 1_000_000, 3),
        nanos if nanos % 1_000 == 0 => (nanos / 1_000, 6),
        nanos => (nanos, 9),
    };
    if digits > 0 {
        out.push(b'.');
        write_number(out, nanos, digits);
    }
    instant.offset().write(out);
}

/// `YYYYMMDDTHHMMSSZ` of a second in the years 0000 to 9999.
pub(super) fn to_basic(unix_seconds: i64) -> String {
    let mut out = Vec::new();
    write_seconds(unix_seconds, b"", b"", &mut out);
    out.push(b'Z');
    ascii(out)
}

/// The text of bytes that this module wrote, which are all ASCII.
pub(super) fn ascii(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// Year, month and day, with `hyphen` in between.
#[inline(never)]
pub(super) fn write_date(unix_days: i32, hyphen: &[u8], out: &mut Vec<u8>) {
    let (year, month, day) = civil_from_days(unix_days);
    write_number(out, year, 4);
    out.extend_from_slice(hyphen);
    write_number(out, month, 2);
    out.extend_from_slice(hyphen);
    write_number(out, day, 2);
}

/// So many digits of a number that is not negative, with zeros in front.
#[inline(never)]
pub(super) fn write_number(out: &mut Vec<u8>, number: i32, digits: u32) {
    if digits > 1 {
        write_number(out, number / 10, digits - 1);
    }
    let [last, ..] = (number % 10).to_le_bytes();
    out.push(b'0' + last);
}

fn write_seconds(seconds: i64, hyphen: &[u8], colon: &[u8], out: &mut Vec<u8>) {
    // An instant's range is 3.7 million days, far below i32's.
    let days = i32::try_from(seconds.div_euclid(DAY_SECONDS)).unwrap_or_default();
    let of_day = i32::try_from(seconds.rem_euclid(DAY_SECONDS)).unwrap_or_default();
    write_date(days, hyphen, out);
    out.push(b'T');
    write_number(out, of_day / 3600, 2);
    out.extend_from_slice(colon);
    write_number(out, of_day / 60 % 60, 2);
    out.extend_from_slice(colon);
    write_number(out, of_day % 60, 2);
}
