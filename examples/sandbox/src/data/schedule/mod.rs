//! When each record was recorded, by which source, and when it reached the server. The content is in `records`.

mod times;

use crate::catalogue::{DataType, Medical, Reading};
use crate::data::person;
use crate::data::row::Row;
use crate::data::source;
use crate::draw::{Draw, purpose};

/// Days of data before now: five years.
pub const DAYS: i64 = 1826;
/// The exact number of activities.
pub const ACTIVITIES: i64 = 8490;
/// The number of days before now that have a heart rate reading in every minute.
pub const MINUTELY_DAYS: i64 = 30;
/// Records older than this many days have neither `tzOffset` nor fields that are newer than `userId`.
pub const OLD_AFTER_DAYS: i64 = 1280;

/// All rows of a list, newest first.
#[must_use]
pub fn rows(data_type: DataType, seed: u64, now: i64) -> Vec<Row> {
    let name = purpose(data_type.name());
    let mut rows: Vec<Row> = times::times(data_type, seed, now)
        .into_iter()
        .enumerate()
        .map(|(index, at)| row(data_type, Draw::new(seed, &[name, index as u64]).bits(), at, now))
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.at));
    rows
}

/// One row. Nothing is created or updated after `now`.
#[must_use]
pub fn row(data_type: DataType, key: u64, at: i64, now: i64) -> Row {
    let mut draw = Draw::new(key, &[purpose("row")]);
    let source = source::index(draw.pick(sources(data_type, at, now)));
    let seen = at + lasts_at_most(data_type) + draw.between(40, 4 * 3600);
    let created = (seen * 1000 + draw.between(0, 999)).min(now * 1000);
    let updated = if draw.chance(0.12) {
        (created + draw.between(60_000, 12 * 86_400_000)).min(now * 1000)
    } else {
        created
    };
    Row::new(key, at, created, updated, offset(data_type, at, now), source)
}

/// Whether a record is from before the API's newer fields.
#[must_use]
pub fn is_old(at: i64, now: i64) -> bool {
    at < now - OLD_AFTER_DAYS * 86_400
}

fn offset(data_type: DataType, at: i64, now: i64) -> Option<i16> {
    let no_clock =
        data_type.is_summary() || matches!(data_type, DataType::Medical(_) | DataType::GeneticTrait);
    if no_clock || is_old(at, now) {
        return None;
    }
    Some(person::offset_at(at))
}

/// The longest time after `at`, in seconds, until a record is complete and can be sent.
#[must_use]
pub fn lasts_at_most(data_type: DataType) -> i64 {
    match data_type {
        DataType::Activity => 3 * 3600,
        DataType::Location => 10 * 3600,
        _ if data_type.is_summary() => 24 * 3600,
        _ => 0,
    }
}

fn sources(data_type: DataType, at: i64, now: i64) -> &'static [&'static str] {
    match data_type {
        DataType::Reading(reading) => match reading {
            Reading::HeartRate | Reading::BloodOxygen => &["fitbit"],
            Reading::Weight | Reading::Bmi | Reading::BodyFat | Reading::Height => &["withings"],
            Reading::BloodPressure => &["withings", "ihealth"],
            Reading::BloodGlucose => &["dexcom", "dexcom", "ihealth"],
        },
        DataType::Activity if is_old(at, now) => &["fitbit", "fitbit", "moves"],
        DataType::Activity => &["fitbit", "fitbit", "runkeeper"],
        DataType::Sleep => &["fitbit", "fitbit", "fitbit", "withings"],
        DataType::ActivitySummary | DataType::SleepSummary | DataType::HeartRateSummary => &["fitbit"],
        DataType::Location | DataType::LocationSummary => &["moves"],
        DataType::Meal => &["myfitnesspal"],
        DataType::GeneticTrait => &["23andme"],
        DataType::Medical(Medical::Ccds) => &["lakeside_clinic"],
        DataType::Medical(_) => &["lakeside_clinic", "lakeside_clinic", "northwest_hospital"],
    }
}
