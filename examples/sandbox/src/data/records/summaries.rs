//! Summaries of days, which are added up from the day's records so that both agree.

use serde_json::{Value, json};

use super::periods::{activity_figures, place, sleep_figures};
use super::{common, readings, rounded, with};
use crate::catalogue::{DataType, Reading};
use crate::data::Dataset;
use crate::data::row::Row;

/// The records of the summary's day.
fn parts<'a>(dataset: &'a Dataset, of: DataType, summary: &Row) -> impl Iterator<Item = &'a Row> {
    let day = summary.local_day();
    dataset.rows_of_day(of, day).iter().filter(move |row| row.local_day() == day)
}

fn dated(dataset: &Dataset, row: &Row) -> Value {
    with(common(dataset, row), json!({ "date": row.local_day().to_string() }))
}

pub fn activity(dataset: &Dataset, row: &Row) -> Value {
    let (mut duration, mut distance, mut steps, mut calories) = (0, 0, 0, 1620);
    let (mut vigorous, mut moderate, mut light) = (0, 0, 0);
    for figures in parts(dataset, DataType::Activity, row).map(activity_figures) {
        duration += figures.duration;
        distance += figures.distance;
        steps += figures.steps;
        calories += figures.calories;
        let minutes = figures.duration / 60;
        match figures.kind {
            "running" | "swimming" => vigorous += minutes,
            "cycling" => moderate += minutes,
            _ => light += minutes,
        }
    }
    with(
        dated(dataset, row),
        json!({
            "duration": duration,
            "distance": distance,
            "steps": steps,
            "calories": calories,
            "vigorous": vigorous,
            "moderate": moderate,
            "light": light,
            "sedentary": 1440 - vigorous - moderate - light,
            "sourceData": {},
        }),
    )
}

pub fn sleep(dataset: &Dataset, row: &Row) -> Value {
    let (mut asleep, mut awake) = (0, 0);
    for figures in parts(dataset, DataType::Sleep, row).map(sleep_figures) {
        asleep += figures.asleep;
        awake += figures.awake;
    }
    // Some sources measure half minutes.
    let asleep = if row.key.is_multiple_of(4) { json!(asleep as f64 + 0.5) } else { json!(asleep) };
    with(dated(dataset, row), json!({ "timeAsleep": asleep, "timeAwake": awake, "sourceData": {} }))
}

pub fn location(dataset: &Dataset, row: &Row) -> Value {
    let mut places: Vec<&str> = parts(dataset, DataType::Location, row).map(|row| place(row).0).collect();
    let visits = places.len();
    places.sort_unstable();
    places.dedup();
    with(dated(dataset, row), json!({ "visits": visits, "places": places, "sourceData": {} }))
}

/// Heart rate zones with trackers' names: the lower bound in bpm, and calories per minute.
const ZONES: [(&str, i64, i64, f64); 4] = [
    ("Out of Range", 30, 93, 1.4),
    ("Fat Burn", 93, 130, 5.8),
    ("Cardio", 130, 158, 10.4),
    ("Peak", 158, 220, 13.9),
];

pub fn heart_rate(dataset: &Dataset, row: &Row) -> Value {
    let beats: Vec<i64> =
        parts(dataset, DataType::Reading(Reading::HeartRate), row).map(readings::heart_rate).collect();
    let zones: Vec<Value> = ZONES
        .iter()
        .map(|(name, low, high, burnt)| {
            let minutes = beats.iter().filter(|beat| (*low..*high).contains(*beat)).count();
            json!({
                "name": name,
                "min": low,
                "max": high,
                "duration": minutes,
                "caloriesBurned": rounded(minutes as f64 * burnt, 1),
            })
        })
        .collect();
    let mut record = with(dated(dataset, row), json!({ "zones": zones }));
    if let (Some(low), Some(high)) = (beats.iter().min(), beats.iter().max()) {
        record["minHR"] = json!(low);
        record["maxHR"] = json!(high);
        record["averageHR"] = json!(rounded(beats.iter().sum::<i64>() as f64 / beats.len() as f64, 1));
        // The resting heart rate needs a whole day of readings.
        if beats.len() > 600 {
            record["restingHR"] = json!(low + 6);
        }
    }
    with(record, json!({ "sourceData": {} }))
}
