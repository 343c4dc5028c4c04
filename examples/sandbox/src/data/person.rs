//! The person whose data this is: where they are, and their body over days, weeks and years. All are pure functions of
//! time; noise is added elsewhere.

use std::f64::consts::TAU;

use crate::calendar::{Day, SECONDS_A_DAY};

/// Metres.
pub const HEIGHT: f64 = 1.78;
const STANDARD_TIME: i16 = -6 * 60;
const SUMMER_TIME: i16 = -5 * 60;
const BERLIN_SUMMER: i16 = 2 * 60;

/// Minutes east of UTC where the person is on this day: at home in Chicago, and for three weeks each summer in Berlin.
#[must_use]
pub fn utc_offset(day: Day) -> i16 {
    let (_, month, date) = day.parts();
    if month == 8 && date <= 21 {
        return BERLIN_SUMMER;
    }
    // United States, since 2007: from the second Sunday of March to the first Sunday of November.
    let sundays = (i64::from(date) + 6 - (day.weekday() + 1) % 7) / 7;
    let summer = match month {
        4..=10 => true,
        3 => sundays >= 2,
        11 => sundays < 1,
        _ => false,
    };
    if summer { SUMMER_TIME } else { STANDARD_TIME }
}

/// Minutes east of UTC where the person is at this time. On days of travel it is one of two.
#[must_use]
pub fn offset_at(at: i64) -> i16 {
    let candidates = [SUMMER_TIME, STANDARD_TIME, BERLIN_SUMMER];
    candidates.into_iter().find(|offset| utc_offset(Day::of(at, *offset)) == *offset).unwrap_or(STANDARD_TIME)
}

/// The Unix seconds of a local time of day, which is in seconds since midnight.
#[must_use]
pub fn local(day: Day, second_of_day: i64) -> i64 {
    day.start() + second_of_day - i64::from(utc_offset(day)) * 60
}

/// Whether the person trains on this day: on Tuesdays, Thursdays and weekends.
#[must_use]
pub fn trains(day: Day) -> bool {
    matches!(day.weekday(), 1 | 3 | 5 | 6)
}

/// The start of the training, in seconds since local midnight.
pub const TRAINING: i64 = 18 * 3600;

/// The local day, and the local hour from 0 to 24.
fn clock(at: i64) -> (Day, f64) {
    let offset = offset_at(at);
    let local = at + i64::from(offset) * 60;
    (Day::of(at, offset), local.rem_euclid(SECONDS_A_DAY) as f64 / 3600.0)
}

/// The heart rate in beats per minute, without noise: low at night, higher by day, with a peak during training.
#[must_use]
pub fn heart_rate(at: i64) -> f64 {
    let (day, hour) = clock(at);
    let asleep = !(6.5..23.0).contains(&hour);
    let rest = if asleep {
        52.0 + 3.0 * (TAU * hour / 1.5).sin()
    } else {
        66.0 + 6.0 * (TAU * (hour - 9.0) / 24.0).sin()
    };
    let since_training = hour - TRAINING as f64 / 3600.0;
    let exercise = match since_training {
        _ if !trains(day) => 0.0,
        0.0..0.75 => 78.0 * (since_training / 0.75 * TAU / 4.0).sin().powf(0.6),
        0.75..2.0 => 78.0 * (-(since_training - 0.75) * 4.0).exp(),
        _ => 0.0,
    };
    // The resting heart rate decreases slowly over the years, and is a little higher in winter.
    let season = 1.5 * (TAU * day.0 as f64 / 365.25).cos();
    rest + exercise + season
}

/// The weight in kilograms, which drifts over two years and is higher after weekends and after the holidays.
#[must_use]
pub fn weight(at: i64) -> f64 {
    let (day, hour) = clock(at);
    let days = day.0 as f64;
    let drift = 3.8 * (TAU * days / 760.0).sin() - 0.0011 * (days - 20_000.0);
    let week = if matches!(day.weekday(), 0 | 6) { 0.4 } else { 0.0 };
    let (_, month, _) = day.parts();
    let holidays = if matches!(month, 12 | 1) { 0.9 } else { 0.0 };
    81.5 + drift + week + holidays + 0.03 * hour
}

/// The body fat in percent, which follows the weight.
#[must_use]
pub fn body_fat(at: i64) -> f64 {
    21.5 + 0.55 * (weight(at) - 81.5)
}

/// The blood glucose in mg/dL: about 90 before breakfast, and higher after each meal.
#[must_use]
pub fn blood_glucose(at: i64) -> f64 {
    let (_, hour) = clock(at);
    let meals: f64 = [7.5, 12.75, 19.25]
        .iter()
        .map(|meal| if hour < *meal { 0.0 } else { 46.0 * (-(hour - meal - 0.9).powi(2) / 1.1).exp() })
        .sum();
    89.0 + meals
}

/// The systolic and diastolic blood pressure in mmHg.
#[must_use]
pub fn blood_pressure(at: i64) -> (f64, f64) {
    let (day, hour) = clock(at);
    let by_day = 5.0 * (TAU * (hour - 8.0) / 24.0).sin();
    let drift = 3.0 * (TAU * day.0 as f64 / 760.0).sin();
    (121.0 + by_day + drift, 78.0 + 0.6 * by_day + 0.6 * drift)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn the_clock_changes_on_the_sundays_of_the_united_states() {
        for (date, offset) in [
            ("2025-03-08", -360),
            ("2025-03-09", -300),
            ("2025-07-04", -300),
            ("2025-08-10", 120),
            ("2025-11-01", -300),
            ("2025-11-02", -360),
            ("2024-03-09", -360),
            ("2024-03-10", -300),
            ("2024-11-02", -300),
            ("2024-11-03", -360),
            ("2025-01-15", -360),
        ] {
            assert_eq!(utc_offset(day(date)), offset, "{date}");
        }
    }

    #[test]
    fn the_pulse_is_lower_at_night_and_higher_in_training() {
        let tuesday = day("2025-05-13");
        let at = |hour: i64| heart_rate(local(tuesday, hour * 3600));
        assert!(at(3) < at(11), "{} {}", at(3), at(11));
        assert!(heart_rate(local(tuesday, TRAINING + 1800)) > 110.0);
        assert!(heart_rate(local(day("2025-05-14"), TRAINING + 1800)) < 90.0);
    }
}
