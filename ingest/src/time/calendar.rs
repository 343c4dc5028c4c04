//! Days of the proleptic Gregorian calendar, without a zone, counted from 1970-01-01. The calendar is chrono's.

use super::TimeError;
use super::rfc3339::{digits, read_date, write_date};
use chrono::{Datelike, NaiveDate};

/// Seconds of a day. No leap seconds, as in Unix time.
pub const DAY_SECONDS: i64 = 86_400;

/// 1970-01-01 as chrono counts days, from 0001-01-01, which is day 1.
const UNIX_EPOCH: i32 = 719_163;

/// Days since 1970-01-01; `None` if there is no such day.
pub(crate) fn unix_days(year: i32, month: u32, day: u32) -> Option<i64> {
    NaiveDate::from_ymd_opt(year, month, day).map(|date| i64::from(date.num_days_from_ce() - UNIX_EPOCH))
}

/// The day so many days after 1970-01-01; that day itself where chrono's calendar has ended.
pub(crate) fn date_of(unix_days: i64) -> NaiveDate {
    i32::try_from(unix_days)
        .ok()
        .and_then(|days| days.checked_add(UNIX_EPOCH))
        .and_then(NaiveDate::from_num_days_from_ce_opt)
        .unwrap_or_default()
}

/// The month of a day since 1970-01-01, counted from January of the year 0; 0 for days before.
pub fn month_of(unix_days: i64) -> u32 {
    let date = date_of(unix_days);
    u32::try_from(date.year()).map_or(0, |year| year * 12 + date.month0())
}

/// A day in the years 0000 to 9999, written `YYYY-MM-DD`.
///
/// ```
/// use humansync_ingest::time::Date;
/// assert_eq!(Date::parse("2014-02-28")?.to_text(), "2014-02-28");
/// # Ok::<(), humansync_ingest::time::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64);

impl Date {
    /// Reads `YYYY-MM-DD`: four, two and two digits, and nothing around them. Errors: [`TimeError::DateShape`] for
    /// another shape, [`TimeError::NoSuchTime`] for a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text: &[u8; 10] = text.as_bytes().try_into().map_err(|_| TimeError::DateShape)?;
        read_date(text).map(Self).ok_or(match digits(text, b"dddd-dd-dd") {
            Some([]) => TimeError::NoSuchTime,
            _ => TimeError::DateShape,
        })
    }

    /// `YYYY-MM-DD`.
    pub fn to_text(self) -> String {
        write_date(self.0).iter().copied().map(char::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (year, month, day, expected) in [
            (1970, 1, 1, Some(0)),
            (1969, 12, 31, Some(-1)),
            (2000, 2, 29, Some(11_016)),
            (0, 1, 1, Some(-719_528)),
            (9999, 12, 31, Some(2_932_896)),
            (1900, 2, 29, None),
            (2014, 13, 1, None),
            (2014, 0, 1, None),
            (2014, 1, 0, None),
        ] {
            assert_eq!(unix_days(year, month, day), expected, "{year}-{month}-{day}");
            if let Some(days) = expected {
                assert_eq!(date_of(days), NaiveDate::from_ymd_opt(year, month, day).unwrap());
            }
        }
    }

    #[test]
    fn months_are_counted_from_the_year_0() {
        for (year, month, day, expected) in
            [(0, 1, 1, 0), (0, 12, 31, 11), (1970, 1, 1, 23_640), (2023, 11, 30, 24_286), (-1, 12, 31, 0)]
        {
            assert_eq!(month_of(unix_days(year, month, day).unwrap()), expected, "{year}-{month}");
        }
    }

    #[test]
    fn days_are_read_and_printed() {
        for text in ["0000-01-01", "1970-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(Date::parse(text).unwrap().to_text(), text);
        }
        assert!(Date::parse("2014-01-10").unwrap() < Date::parse("2014-01-11").unwrap());
    }

    #[test]
    fn what_is_no_day_is_refused_with_the_reason() {
        use TimeError::{DateShape, NoSuchTime};
        for (text, error) in [
            ("", DateShape),
            ("2014", DateShape),
            ("2014-1-10", DateShape),
            ("20140110", DateShape),
            ("2014-01-10 ", DateShape),
            ("2014-01-10T00:00:00Z", DateShape),
            ("2014/01/10", DateShape),
            ("２０１４", DateShape),
            ("2014-02-29", NoSuchTime),
            ("2014-13-01", NoSuchTime),
            ("2014-00-01", NoSuchTime),
            ("2014-01-00", NoSuchTime),
        ] {
            assert_eq!(Date::parse(text), Err(error), "{text}");
        }
    }
}
