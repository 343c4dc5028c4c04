//! Days of the proleptic Gregorian calendar, counted from 1970-01-01, by Howard Hinnant's algorithm: years begin in March, so that
//! the leap day is a year's last.

/// Seconds of a day. No leap seconds, as in Unix time.
pub(crate) const DAY_SECONDS: i64 = 86_400;

/// Days from 0000-03-01 of the year −400 to 1970-01-01: keeps every intermediate value of the years we meet positive.
const EPOCH: i64 = 719_468 + DAYS_OF_400_YEARS;
const DAYS_OF_400_YEARS: i64 = 146_097;

/// Days since 1970-01-01 of a day that exists in the years 0000 to 9999.
pub(crate) const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year + 400, month - 3) } else { (year + 399, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - EPOCH
}

/// Year, month (1 to 12) and day (1 to 31) of a day since 1970-01-01.
pub(super) const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let day_of_era = days % DAYS_OF_400_YEARS;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let year = year_of_era + days / DAYS_OF_400_YEARS * 400 - 400;
    if shifted_month < 10 { (year, shifted_month + 3, day) } else { (year + 1, shifted_month - 9, day) }
}

/// How many days a month has; 0 for a month that does not exist.
pub(crate) const fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}
