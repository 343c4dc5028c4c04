//! The times of the records in each list, in Unix seconds, unsorted.

use crate::calendar::Day;
use crate::catalogue::{DataType, Medical, Reading};
use crate::data::person::{TRAINING, local, offset_at, utc_offset};
use crate::data::schedule::{ACTIVITIES, DAYS, MINUTELY_DAYS};
use crate::draw::{Draw, purpose};

/// The times of the records in a list. All of them are complete by `now`.
pub fn times(data_type: DataType, seed: u64, now: i64) -> Vec<i64> {
    let today = Day::of(now, offset_at(now));
    let calendar = Calendar { seed: seed ^ purpose(data_type.name()).rotate_left(7), today };
    match data_type {
        DataType::Reading(reading) => readings(reading, calendar, now),
        DataType::Activity => activities(calendar),
        DataType::Sleep => sleeps(calendar),
        DataType::Location => calendar.each(1, 730, &[(8, 40), (12, 10), (18, 20)], 900),
        DataType::Meal => calendar.each(1, 730, &[(7, 30), (12, 45), (19, 15)], 1500),
        // The time of a summary is its day. It is complete on the next day.
        DataType::ActivitySummary | DataType::SleepSummary => {
            calendar.days(1, DAYS).map(Day::start).collect()
        }
        DataType::HeartRateSummary => calendar.days(1, DAYS).map(Day::start).collect(),
        DataType::LocationSummary => calendar.days(1, 730).map(Day::start).collect(),
        DataType::GeneticTrait => vec![now - 1099 * 86_400; 24],
        DataType::Medical(medical) => calendar.spread(medical_records(medical), 1480),
    }
}

fn medical_records(medical: Medical) -> i64 {
    match medical {
        Medical::Allergies => 4,
        Medical::Demographics => 2,
        Medical::Encounters => 41,
        Medical::FunctionalStatuses => 5,
        Medical::Immunizations => 14,
        Medical::Instructions => 17,
        Medical::Issues => 7,
        Medical::Medications => 19,
        Medical::Narratives => 12,
        Medical::Organizations => 2,
        Medical::PlansOfCare => 11,
        Medical::Procedures => 9,
        Medical::SocialHistory => 5,
        Medical::TestResults => 236,
        Medical::Timeline => 120,
        Medical::Vitals => 164,
        Medical::Ccds => 6,
    }
}

fn readings(reading: Reading, calendar: Calendar, now: i64) -> Vec<i64> {
    match reading {
        Reading::HeartRate => {
            let minute = now.div_euclid(60) * 60;
            let minutely = (1..=MINUTELY_DAYS * 1440).map(|minutes| minute - minutes * 60);
            let before = calendar.each(MINUTELY_DAYS + 1, DAYS, &[(7, 0), (12, 0), (18, 30), (22, 30)], 1800);
            minutely.chain(before).collect()
        }
        // The scales measure weight, body mass index and, on most days, body fat at the same time.
        Reading::Weight => scales(calendar, 10),
        Reading::Bmi => scales(calendar, 10),
        Reading::BodyFat => scales(calendar, 6),
        Reading::Height => calendar.spread(11, DAYS - 1),
        Reading::BloodPressure => calendar.some(1, DAYS, 3, &[(8, 0), (20, 0)]),
        Reading::BloodGlucose => calendar.each(1, 730, &[(7, 0), (14, 0), (21, 0)], 1500),
        Reading::BloodOxygen => calendar.each(1, 700, &[(3, 30)], 5400),
    }
}

fn scales(calendar: Calendar, days_in_twelve: i64) -> Vec<i64> {
    calendar
        .days(1, DAYS)
        .filter(|day| day.0.rem_euclid(12) < days_in_twelve)
        .map(|day| local(day, 6 * 3600 + 40 * 60 + (day.0 * 7919).rem_euclid(1500)))
        .collect()
}

fn activities(calendar: Calendar) -> Vec<i64> {
    let slots = [7 * 3600 + 1200, 12 * 3600 + 600, TRAINING, 15 * 3600, 20 * 3600 + 1800];
    (0..ACTIVITIES)
        .map(|index| {
            // Activities are spread evenly over the days.
            let back = index * DAYS / ACTIVITIES;
            let first = (back * ACTIVITIES + DAYS - 1) / DAYS;
            let slot = slots[(index - first) as usize % slots.len()];
            let mut draw = calendar.draw(index);
            let late = if slot == TRAINING { 0 } else { draw.between(-1500, 1500) };
            local(Day(calendar.today.0 - 1 - back), slot + late)
        })
        .collect()
}

/// The time of a sleep is its end, because it counts for the day on which one wakes up.
fn sleeps(calendar: Calendar) -> Vec<i64> {
    let mut times = Vec::new();
    for day in calendar.days(1, DAYS) {
        if utc_offset(day) > utc_offset(Day(day.0 - 1)) + 180 {
            // The person flew eastwards and did not sleep in this night.
            continue;
        }
        let mut draw = calendar.draw(day.0);
        let weekend = if day.weekday() >= 5 { 75 * 60 } else { 0 };
        times.push(local(day, 6 * 3600 + 1800 + weekend + draw.between(-1500, 1500)));
        if day.weekday() == 6 && draw.chance(0.5) {
            // A nap on Sunday.
            times.push(local(day, 15 * 3600 + draw.between(0, 3600)));
        }
    }
    times
}

#[derive(Clone, Copy)]
struct Calendar {
    seed: u64,
    today: Day,
}

impl Calendar {
    fn draw(self, part: i64) -> Draw {
        Draw::new(self.seed, &[part as u64])
    }

    /// The days from `from` days ago to `to` days ago.
    fn days(self, from: i64, to: i64) -> impl Iterator<Item = Day> {
        (from..=to).map(move |back| Day(self.today.0 - back))
    }

    /// Each of these times on every day, varied by up to `reach` seconds.
    fn each(self, from: i64, to: i64, hours: &[(i64, i64)], reach: i64) -> Vec<i64> {
        let mut times = Vec::new();
        for day in self.days(from, to) {
            let mut draw = self.draw(day.0);
            for (hour, minute) in hours {
                times.push(local(day, hour * 3600 + minute * 60 + draw.between(-reach, reach)));
            }
        }
        times
    }

    /// The same, but on about one day in `every`.
    fn some(self, from: i64, to: i64, every: i64, hours: &[(i64, i64)]) -> Vec<i64> {
        let chosen = |day: &Day| self.draw(day.0).between(1, every) == 1;
        self.days(from, to)
            .filter(chosen)
            .flat_map(|day| {
                hours.iter().map(move |(hour, minute)| local(day, hour * 3600 + minute * 60 + day.0 % 600))
            })
            .collect()
    }

    /// `count` times in the office hours of `days` days.
    fn spread(self, count: i64, days: i64) -> Vec<i64> {
        (0..count)
            .map(|index| {
                let mut draw = self.draw(index);
                let back = 1 + index * days / count + draw.between(0, days / count / 2);
                local(Day(self.today.0 - back), 9 * 3600 + draw.between(0, 7 * 3600))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_751_284_800;

    #[test]
    fn activities_fill_every_day_with_four_or_five() {
        let mut per_day = std::collections::BTreeMap::new();
        let times = times(DataType::Activity, 1, NOW);
        assert_eq!(times.len(), 8490);
        for at in times {
            *per_day.entry(Day::of(at, offset_at(at))).or_insert(0) += 1;
        }
        assert_eq!(per_day.len(), 1826);
        assert!(per_day.values().all(|count| (4..=5).contains(count)), "{per_day:?}");
    }

    #[test]
    fn heart_rate_is_read_every_minute_for_thirty_days() {
        let mut times = times(DataType::Reading(Reading::HeartRate), 1, NOW);
        times.sort_unstable_by_key(|at| std::cmp::Reverse(*at));
        assert!(times[..43_200].windows(2).all(|pair| pair[0] - pair[1] == 60));
        assert!(times[43_200..].windows(2).all(|pair| pair[0] - pair[1] > 600));
    }

    #[test]
    fn there_is_a_night_for_every_day_but_those_of_flights() {
        let times = times(DataType::Sleep, 1, NOW);
        let days: std::collections::BTreeSet<_> =
            times.iter().map(|at| Day::of(*at, offset_at(*at))).collect();
        // There are five flights in five years.
        assert_eq!(days.len() as i64, DAYS - 5);
    }

    #[test]
    fn nothing_happens_after_now_whatever_the_time_of_day() {
        for hour in 0..24 {
            let now = NOW + hour * 3600;
            for data_type in DataType::all() {
                assert!(
                    times(data_type, 1, now).into_iter().all(|at| at < now),
                    "{data_type:?} at hour {hour}"
                );
            }
        }
    }
}
