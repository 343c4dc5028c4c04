//! Days and times in the formats of the wire. The calendar arithmetic is chrono's.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};

/// A calendar day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i64);

pub const SECONDS_A_DAY: i64 = 86_400;

impl Day {
    /// The day of a time in Unix seconds, `offset` minutes east of UTC.
    #[must_use]
    pub fn of(seconds: i64, offset: i16) -> Self {
        Self((seconds + i64::from(offset) * 60).div_euclid(SECONDS_A_DAY))
    }

    /// Reads exactly `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !shaped(text, "0000-00-00") {
            return None;
        }
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(Self(i64::from(date.to_epoch_days())))
    }

    /// The day of a year, a month (from 1) and a day (from 1), if it exists.
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(|date| Self(i64::from(date.to_epoch_days())))
    }

    /// The weekday, from 0 for Monday to 6 for Sunday. (1970-01-01 was a Thursday.)
    #[must_use]
    pub fn weekday(self) -> i64 {
        (self.0 + 3).rem_euclid(7)
    }

    /// The Unix seconds of its midnight in UTC.
    #[must_use]
    pub fn start(self) -> i64 {
        self.0 * SECONDS_A_DAY
    }

    fn date(self) -> NaiveDate {
        i32::try_from(self.0).ok().and_then(NaiveDate::from_epoch_days).unwrap_or_default()
    }

    /// Year, month (from 1), day (from 1).
    #[must_use]
    pub fn parts(self) -> (i32, u32, u32) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// `2015-08-30T22:04:01.355Z`, from Unix milliseconds. It is written digit by digit for speed, because a page of
/// records has two thousand of them.
#[must_use]
pub fn rfc3339(milliseconds: i64) -> String {
    let (year, month, day) = Day(milliseconds.div_euclid(SECONDS_A_DAY * 1000)).parts();
    let rest = milliseconds.rem_euclid(SECONDS_A_DAY * 1000);
    let mut text = String::with_capacity(24);
    for (value, first, after) in [
        (i64::from(year), 1000, '-'),
        (i64::from(month), 10, '-'),
        (i64::from(day), 10, 'T'),
        (rest / 3_600_000, 10, ':'),
        (rest / 60_000 % 60, 10, ':'),
        (rest / 1000 % 60, 10, '.'),
        (rest % 1000, 100, 'Z'),
    ] {
        let mut place = first;
        while place > 0 {
            text.push(char::from(b'0' + (value / place % 10).unsigned_abs() as u8));
            place /= 10;
        }
        text.push(after);
    }
    text
}

/// `-06:00`, from minutes east of UTC.
#[must_use]
pub fn offset(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// RFC 9110 §5.6.7, IMF-fixdate, from Unix seconds.
#[must_use]
pub fn http_date(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The output of `Date.prototype.toString`, which is the form of old dates in medical records.
#[must_use]
pub fn javascript_date(seconds: i64) -> String {
    let at = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    at.format("%a %b %d %Y %H:%M:%S GMT+0000 (UTC)").to_string()
}

/// Reads exactly `YYYYMMDDTHHmmssZ` into Unix seconds.
#[must_use]
pub fn parse_basic(text: &str) -> Option<i64> {
    if !shaped(text, "00000000T000000Z") || text.get(13..15)? > "59" {
        return None;
    }
    let at = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok()?;
    Some(at.and_utc().timestamp())
}

/// Reads RFC 3339 into Unix seconds: for `--now`.
///
/// # Errors
/// A text that says what is expected.
pub fn parse_rfc3339(text: &str) -> Result<i64, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.timestamp())
        .map_err(|_| format!("{text:?} is not an instant; give one as in 2025-06-30T12:00:00Z"))
}

/// Whether a text matches a pattern in which `0` stands for any digit.
fn shaped(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, expected)| match expected {
            b'0' => byte.is_ascii_digit(),
            _ => byte == expected,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_written() {
        for (text, number) in
            [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2025-06-30", 20_269)]
        {
            assert_eq!(Day::parse(text), Some(Day(number)), "{text}");
            assert_eq!(Day(number).to_string(), text);
        }
    }

    #[test]
    fn days_in_other_forms_are_refused() {
        for text in ["2025-6-30", "2025-06-31", "20250630", "2025-06-30 ", "+025-06-30", "", "2025-06-3a"] {
            assert_eq!(Day::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_offset_moves_an_instant_to_the_day_before() {
        let midnight = Day::parse("2024-03-01").unwrap().start();
        assert_eq!(Day::of(midnight, 0).to_string(), "2024-03-01");
        assert_eq!(Day::of(midnight, -360).to_string(), "2024-02-29");
    }

    #[test]
    fn weekdays_count_from_monday() {
        assert_eq!(Day::parse("2025-06-30").unwrap().weekday(), 0);
        assert_eq!(Day::parse("2025-06-29").unwrap().weekday(), 6);
    }

    #[test]
    fn the_filter_format_is_read_exactly() {
        assert_eq!(parse_basic("20140110T000000Z"), Some(1_389_312_000));
        assert_eq!(parse_basic("20140110T235959Z"), Some(1_389_398_399));
        for text in [
            "2014-01-10T00:00:00Z",
            "20140110T000000",
            "20140110",
            "20140110T000000.5Z",
            "20140110t000000z",
            "20141310T000000Z",
            "20140230T000000Z",
            "20140110T240000Z",
            "20140110T000060Z",
            "1389312000",
        ] {
            assert_eq!(parse_basic(text), None, "{text}");
        }
    }

    #[test]
    fn instants_are_written_as_on_the_wire() {
        assert_eq!(rfc3339(1_440_972_241_355), "2015-08-30T22:04:01.355Z");
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(rfc3339(253_402_300_799_007), "9999-12-31T23:59:59.007Z");
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(javascript_date(784_111_777), "Sun Nov 06 1994 08:49:37 GMT+0000 (UTC)");
        assert_eq!([offset(-360), offset(330), offset(0)], ["-06:00", "+05:30", "+00:00"]);
    }
}
