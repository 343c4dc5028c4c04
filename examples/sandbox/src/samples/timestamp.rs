//! The times of samples: RFC 3339 in the form that is also ISO 8601, with `T` and `Z` in upper case.

use std::cmp::Ordering;
use std::fmt;

use crate::calendar::{Day, SECONDS_A_DAY};

/// A time, with its format.
#[derive(Clone, Copy, Debug)]
pub struct Timestamp {
    /// Unix time.
    seconds: i64,
    nanoseconds: u32,
    /// Minutes east of UTC.
    offset: i16,
    /// The number of digits of the fraction. Those after the ninth are zeros.
    digits: u8,
    zone: Zone,
}

/// The form of the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    Z,
    Offset,
    /// `-00:00`: the local offset is unknown (RFC 3339 §4.3).
    Unknown,
}

impl Timestamp {
    /// Reads exactly `YYYY-MM-DDTHH:MM:SS`, an optional fraction, and `Z` or `±HH:MM`. The day must exist; leap seconds
    /// and fractions finer than a nanosecond are refused.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (time, rest) = bytes.split_at_checked(19)?;
        let separated = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if !separated.iter().all(|(place, byte)| time[*place] == *byte) {
            return None;
        }
        let part = |from, to| whole(&time[from..to]);
        let day = Day::new(part(0, 4)?, u32::try_from(part(5, 7)?).ok()?, u32::try_from(part(8, 10)?).ok()?)?;
        let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (fraction, zone) = match rest.split_first()? {
            (b'.', rest) => rest.split_at(rest.iter().take_while(|byte| byte.is_ascii_digit()).count()),
            _ => (&[][..], rest),
        };
        if fraction.is_empty() && rest.starts_with(b".") {
            return None;
        }
        let (offset, zone) = zone_of(zone)?;
        let local = day.start() + i64::from(hour * 3600 + minute * 60 + second);
        Some(Self {
            seconds: local - i64::from(offset) * 60,
            nanoseconds: nanoseconds(fraction)?,
            offset,
            digits: u8::try_from(fraction.len()).ok()?,
            zone,
        })
    }

    /// The time without its format: Unix seconds and nanoseconds.
    #[must_use]
    pub fn instant(&self) -> (i64, u32) {
        (self.seconds, self.nanoseconds)
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant() == other.instant()
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant().cmp(&other.instant())
    }
}

/// Writes exactly the text that was read.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.seconds + i64::from(self.offset) * 60;
        let (day, time) = (Day(local.div_euclid(SECONDS_A_DAY)), local.rem_euclid(SECONDS_A_DAY));
        write!(f, "{day}T{:02}:{:02}:{:02}", time / 3600, time / 60 % 60, time % 60)?;
        if self.digits > 0 {
            let nanoseconds = format!("{:09}", self.nanoseconds);
            write!(f, ".{:0<width$}", &nanoseconds[..9.min(self.digits.into())], width = self.digits.into())?;
        }
        match self.zone {
            Zone::Z => f.write_str("Z"),
            Zone::Unknown => f.write_str("-00:00"),
            Zone::Offset => f.write_str(&crate::calendar::offset(self.offset)),
        }
    }
}

/// Reads a few digits.
fn whole(digits: &[u8]) -> Option<i32> {
    digits
        .iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i32::from(byte - b'0')))
}

fn zone_of(text: &[u8]) -> Option<(i16, Zone)> {
    let (sign, hours, minutes) = match text {
        b"Z" => return Some((0, Zone::Z)),
        [sign @ (b'+' | b'-'), hours @ .., b':', minute_tens, minutes] if hours.len() == 2 => {
            (*sign, whole(hours)?, whole(&[*minute_tens, *minutes])?)
        }
        _ => return None,
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    let offset = i16::try_from(hours * 60 + minutes).ok()?;
    match (sign, offset) {
        (b'-', 0) => Some((0, Zone::Unknown)),
        (b'-', _) => Some((-offset, Zone::Offset)),
        _ => Some((offset, Zone::Offset)),
    }
}

fn nanoseconds(fraction: &[u8]) -> Option<u32> {
    let (fine, finer) = fraction.split_at(fraction.len().min(9));
    if finer.iter().any(|byte| *byte != b'0') {
        return None;
    }
    let number = u32::try_from(whole(fine)?).ok()?;
    Some(number * 10_u32.pow(9 - u32::try_from(fine.len()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_instant_comes_out_as_it_went_in() {
        for text in [
            "2023-11-01T08:04:51.000+04:00",
            "2023-11-01T08:04:51Z",
            "2023-11-01T08:04:51+00:00",
            "2023-11-01T08:04:51-00:00",
            "2024-02-29T23:59:59.999999999-12:00",
            "2000-02-29T00:00:00.1Z",
            "1969-12-31T23:59:59.5+23:59",
            "0000-01-01T00:00:00-23:59",
            "9999-12-31T23:59:59Z",
            "2023-11-01T08:04:51.123456789000+05:30",
            "2023-11-01T08:04:51.000000001Z",
        ] {
            assert_eq!(Timestamp::parse(text).map(|at| at.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "2023-11-01",
            "2023-11-01T08:04:51",
            "2023-11-01T08:04Z",
            "2023-11-01 08:04:51Z",
            "2023-11-01t08:04:51Z",
            "2023-11-01T08:04:51z",
            "2023-11-01T24:00:00Z",
            "2023-12-31T23:59:60Z",
            "2023-11-01T08:60:00Z",
            "2023-02-29T08:04:51Z",
            "1900-02-29T08:04:51Z",
            "2023-11-31T08:04:51Z",
            "2023-00-01T08:04:51Z",
            "2023-13-01T08:04:51Z",
            "2023-11-00T08:04:51Z",
            "2023-11-01T08:04:51.Z",
            "2023-11-01T08:04:51,5Z",
            "2023-11-01T08:04:51.1234567891Z",
            "2023-11-01T08:04:51+0400",
            "2023-11-01T08:04:51+04",
            "2023-11-01T08:04:51+4:00",
            "2023-11-01T08:04:51+24:00",
            "2023-11-01T08:04:51+04:60",
            "2023-11-01T08:04:51 +04:00",
            "2023-11-01T08:04:51Z ",
            " 2023-11-01T08:04:51Z",
            "2023-11-01T08:04:51ZZ",
            "20231101T080451Z",
            "2023-11-01T08:04:5١Z",
            "+023-11-01T08:04:51Z",
            "2023-W44-3T08:04:51Z",
            "1698825891",
        ] {
            assert!(Timestamp::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn instants_are_compared_whatever_their_spelling() {
        let at = |text| Timestamp::parse(text).unwrap();
        assert_eq!(at("2023-11-01T08:04:51.000+04:00"), at("2023-11-01T04:04:51Z"));
        assert_eq!(at("2023-11-01T04:04:51.50Z").instant(), (1_698_811_491, 500_000_000));
        assert!(at("2023-11-01T08:04:51+04:00") < at("2023-11-01T04:04:51.000000001Z"));
        assert!(at("2023-11-01T23:00:00-02:00") > at("2023-11-02T00:30:00+00:00"));
    }

    #[test]
    fn it_is_small() {
        assert_eq!((size_of::<Timestamp>(), size_of::<Option<Timestamp>>()), (16, 16));
    }
}
