//! Days of the proleptic Gregorian calendar, counted from 1970-01-01.
//!
//! The fast path: every timestamp goes through it. Days of the calendar are chrono's (`date`), which is also the oracle of
//! the tests here. The algorithm
//! is Howard Hinnant's: years begin in March, so that the leap day is a year's last.

/// Seconds of a day. No leap seconds, as in Unix time.
pub(crate) const DAY_SECONDS: i64 = 86_400;

/// Days from 0000-03-01 of the year −400 to 1970-01-01: keeps every intermediate value of the years we meet positive.
const EPOCH: i32 = 719_468 + DAYS_OF_400_YEARS;
const DAYS_OF_400_YEARS: i32 = 146_097;

/// Days since 1970-01-01; `month` is 1 to 12, and a `day` beyond its month counts on into the next.
/// For years from −400 to 1 000 000.
#[inline(never)]
pub(crate) const fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = if month > 2 { (year + 400, month - 3) } else { (year + 399, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - EPOCH
}

/// Year, month (1 to 12) and day (1 to 31) of a day since 1970-01-01, for days of the years −399 and later.
#[inline(never)]
pub(crate) const fn civil_from_days(days: i32) -> (i32, i32, i32) {
    let days = days + EPOCH;
    let day_of_era = days % DAYS_OF_400_YEARS;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let year = year_of_era + days / DAYS_OF_400_YEARS * 400 - 400;
    if shifted_month < 10 { (year, shifted_month + 3, day) } else { (year + 1, shifted_month - 9, day) }
}

/// The month of a day since 1970-01-01, counted from January of the year 0; 0 for days before.
pub(crate) fn month_of(days: i32) -> u32 {
    let (year, month, _) = civil_from_days(days);
    u32::try_from(year * 12 + month - 1).unwrap_or_default()
}

/// [`days_from_civil`] for a day that exists, whatever numbers are given. One that does not counts on into another
/// month, and does not come back as it went.
pub(crate) fn existing_day(year: i32, month: i32, day: i32) -> Option<i32> {
    let days = days_from_civil(year, month, day);
    (civil_from_days(days) == (year, month, day)).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate};

    #[test]
    fn every_day_of_the_years_0000_to_9999_is_the_day_chrono_says() {
        let mut day = NaiveDate::from_ymd_opt(-1, 12, 31).unwrap();
        let last = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        while day <= last {
            let days = day.num_days_from_ce() - 719_163;
            let (year, month, of_month) = (day.year(), day.month() as i32, day.day() as i32);
            assert_eq!(days_from_civil(year, month, of_month), days, "{day}");
            assert_eq!(civil_from_days(days), (year, month, of_month), "{day}");
            day = day.succ_opt().unwrap();
        }
    }

    #[test]
    fn months_are_counted_from_the_year_0() {
        for (year, month, day, expected) in
            [(0, 1, 1, 0), (0, 12, 31, 11), (1970, 1, 1, 23_640), (2023, 11, 30, 24_286), (-1, 12, 31, 0)]
        {
            assert_eq!(month_of(days_from_civil(year, month, day)), expected, "{year}-{month}");
        }
    }

    #[test]
    fn a_day_exists_where_chrono_has_it() {
        for year in 0..=9_999 {
            for month in 0..=13 {
                for day in [0, 1, 27, 28, 29, 30, 31, 32, 99] {
                    let exists = NaiveDate::from_ymd_opt(year, month, day).is_some();
                    let found = existing_day(year, month as i32, day as i32);
                    assert_eq!(found.is_some(), exists, "{year}-{month}-{day}");
                }
            }
        }
        assert_eq!((existing_day(2014, 99, 1), existing_day(0, 0, 0)), (None, None));
    }
}
