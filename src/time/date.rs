//! A day of the calendar, without a zone.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate};

use super::TimeError;
use super::read::read_fields;
use super::write::{ascii, write_date};

/// A day of the proleptic Gregorian calendar in the years 0000 to 9999, written `YYYY-MM-DD`.
///
/// ```
/// use humansync::time::Date;
/// let day = Date::parse("2014-02-28")?;
/// assert_eq!(day.add_days(1).map(|next| next.to_string()), Some("2014-03-01".to_owned()));
/// # Ok::<(), humansync::time::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

/// 1970-01-01 as chrono counts days, from the first of the year 1.
const UNIX_EPOCH: i32 = 719_163;

impl Date {
    /// Reads `YYYY-MM-DD`: four, two and two digits, and nothing around them.
    ///
    /// # Errors
    /// [`TimeError::DateShape`] for another shape, [`TimeError::NoSuchTime`] for a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let mut fields = [0; 3];
        let Some(([], true)) = read_fields(text.as_bytes(), &mut fields) else {
            return Err(TimeError::DateShape);
        };
        let [year, month, day] = fields;
        NaiveDate::from_ymd_opt(year, month.cast_unsigned(), day.cast_unsigned())
            .map(Self)
            .ok_or(TimeError::NoSuchTime)
    }

    /// The day so many days later, or earlier if negative; `None` outside the years 0000 to 9999.
    pub fn add_days(self, days: i64) -> Option<Self> {
        let distance = Days::new(days.unsigned_abs());
        let moved =
            if days < 0 { self.0.checked_sub_days(distance) } else { self.0.checked_add_days(distance) };
        moved.filter(|day| (0..=9_999).contains(&day.year())).map(Self)
    }

    /// Days from `earlier` to this day; negative if it is the later one.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.unix_days() - earlier.unix_days()
    }

    /// Days since 1970-01-01.
    pub fn unix_days(self) -> i64 {
        i64::from(self.0.num_days_from_ce() - UNIX_EPOCH)
    }

    /// Year, month (1 to 12) and day (1 to 31).
    pub fn year_month_day(self) -> (i32, i32, i32) {
        (self.0.year(), self.0.month().cast_signed(), self.0.day().cast_signed())
    }

    /// `YYYY-MM-DD`. `to_string` gives the same, by way of `core::fmt`.
    pub fn to_text(self) -> String {
        let mut out = Vec::new();
        write_date(self.0.num_days_from_ce() - UNIX_EPOCH, b"-", &mut out);
        ascii(out)
    }

    /// The day so many days after 1970-01-01, which the caller knows to be in the years 0000 to 9999.
    pub(super) fn from_unix_days(days: i64) -> Self {
        let day = i32::try_from(days).ok().and_then(|days| days.checked_add(UNIX_EPOCH));
        Self(day.and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or_default())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}
