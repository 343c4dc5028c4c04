//! Discrete measurements.

use serde_json::{Value, json};

use super::{common, rounded, whole, with};
use crate::calendar::rfc3339;
use crate::catalogue::Reading;
use crate::data::row::Row;
use crate::data::{Dataset, person, schedule};
use crate::draw::Draw;

pub fn record(dataset: &Dataset, reading: Reading, row: &Row) -> Value {
    let mut draw = Draw::new(row.key, &[]);
    let record = with(common(dataset, row), json!({ "timestamp": rfc3339(row.at * 1000) }));
    if reading == Reading::BloodPressure {
        let (systolic, diastolic) = person::blood_pressure(row.at);
        return with(
            record,
            json!({
                "systolic": whole(systolic + draw.around_zero(9.0)),
                "diastolic": whole(diastolic + draw.around_zero(6.0)),
                "heartRate": whole(person::heart_rate(row.at) + draw.around_zero(4.0)),
                "unit": "mmHg",
            }),
        );
    }
    let old = schedule::is_old(row.at, dataset.began());
    let record = with(record, json!({ "value": value(reading, row), "unit": unit(reading, old) }));
    let record =
        if reading == Reading::BloodGlucose { with(record, glucose_notes(row, &mut draw)) } else { record };
    with(record, json!({ "sourceData": source_data(reading, row) }))
}

/// The value of a row. The body mass index and the weight of the same time agree.
pub fn value(reading: Reading, row: &Row) -> Value {
    let mut draw = Draw::new(row.key, &[1]);
    // The noise depends only on the time, so that all values of the scales at that time have the same.
    let weight = || person::weight(row.at) + Draw::new(row.at as u64, &[2]).around_zero(0.5);
    match reading {
        Reading::HeartRate => json!(heart_rate(row)),
        Reading::Weight => json!(rounded(weight(), 1)),
        Reading::Bmi => json!(rounded(weight() / person::HEIGHT.powi(2), 1)),
        Reading::BodyFat => json!(rounded(person::body_fat(row.at) + draw.around_zero(0.8), 1)),
        Reading::Height => json!(whole(person::HEIGHT * 1000.0)),
        Reading::BloodGlucose => json!(whole(person::blood_glucose(row.at) + draw.around_zero(12.0))),
        Reading::BloodOxygen => json!(whole(96.6 + draw.around_zero(2.0)).min(100)),
        Reading::BloodPressure => Value::Null,
    }
}

/// The heart rate in beats per minute, with noise.
pub fn heart_rate(row: &Row) -> i64 {
    whole(person::heart_rate(row.at) + Draw::new(row.key, &[3]).around_zero(6.0))
}

fn unit(reading: Reading, old: bool) -> &'static str {
    match reading {
        Reading::HeartRate => "bpm",
        Reading::Weight => "kg",
        Reading::Bmi => "kg/m2",
        Reading::BodyFat if old => "%",
        Reading::BodyFat => "percent",
        Reading::Height => "mm",
        Reading::BloodGlucose => "mg/dL",
        Reading::BloodOxygen if old => "SpO2",
        Reading::BloodOxygen => "SpO2(%)",
        Reading::BloodPressure => "mmHg",
    }
}

fn glucose_notes(row: &Row, draw: &mut Draw) -> Value {
    let hour = row.at.div_euclid(3600).rem_euclid(24);
    let meal = if (10..16).contains(&hour) { "fasting" } else { "after meal" };
    let medication = if draw.chance(0.1) { "insulin" } else { "" };
    let notes = if draw.chance(0.06) { "felt dizzy before" } else { "" };
    json!({ "notes": notes, "mealTag": meal, "medicationTag": medication })
}

fn source_data(reading: Reading, row: &Row) -> Value {
    match reading {
        Reading::HeartRate => json!({ "device": "tracker", "confidence": 1 + row.key % 3 }),
        Reading::Weight | Reading::Bmi | Reading::BodyFat => json!({ "device": "scales", "attrib": 0 }),
        _ => json!({}),
    }
}
