//! A day of the calendar, without a zone.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate};

use super::TimeError;
use super::write::date_digits;

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
    /// [`TimeError::DateShape`] for another shape, [`TimeError::Month`] and [`TimeError::Day`] for a day that does not
    /// exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return Err(TimeError::DateShape);
        };
        let values = [y1, y2, y3, y4, m1, m2, d1, d2].map(|byte| byte.wrapping_sub(b'0'));
        if values.iter().any(|&value| value > 9) {
            return Err(TimeError::DateShape);
        }
        let [y1, y2, y3, y4, m1, m2, d1, d2] = values.map(u16::from);
        let (month, day) = (m1 * 10 + m2, d1 * 10 + d2);
        if !(1..=12).contains(&month) {
            return Err(TimeError::Month);
        }
        NaiveDate::from_ymd_opt(
            i32::from(y1 * 1000 + y2 * 100 + y3 * 10 + y4),
            u32::from(month),
            u32::from(day),
        )
        .map(Self)
        .ok_or(TimeError::Day)
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
        i64::from(self.0.num_days_from_ce()) - i64::from(earlier.0.num_days_from_ce())
    }

    /// Days since 1970-01-01.
    pub fn unix_days(self) -> i64 {
        i64::from(self.0.num_days_from_ce()) - i64::from(UNIX_EPOCH)
    }

    /// Year, month (1 to 12) and day (1 to 31).
    pub fn year_month_day(self) -> (i32, i32, i32) {
        (self.0.year(), self.0.month().cast_signed(), self.0.day().cast_signed())
    }

    /// The day so many days after 1970-01-01, which the caller knows to be in the years 0000 to 9999.
    pub(super) fn from_unix_days(days: i64) -> Self {
        let day = i32::try_from(days).ok().and_then(|days| days.checked_add(UNIX_EPOCH));
        Self(day.and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or_default())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = date_digits(*self);
        f.write_str(std::str::from_utf8(&digits).unwrap_or_default())
    }
}
