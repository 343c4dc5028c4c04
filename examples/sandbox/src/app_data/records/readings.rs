//! Discrete measurements.

use std::fmt::{Result, Write};

use crate::app_data::batch_type::BatchType;
use crate::app_data::entry::Entry;
use crate::calendar::rfc3339;
use crate::draw::Draw;

pub fn reading(out: &mut String, draw: &mut Draw, batch_type: BatchType, entry: &Entry) -> Result {
    let (low, high, unit) = match batch_type {
        BatchType::Weights => (48, 118, "kg"),
        BatchType::Bmis => (18, 38, "kg/m2"),
        BatchType::BodyFats => (9, 42, "percent"),
        BatchType::Heights => (1480, 2040, "mm"),
        BatchType::BloodGlucoses => (62, 240, "mg/dL"),
        BatchType::BloodOxygens => (90, 100, "SpO2(%)"),
        _ => (48, 176, "bpm"),
    };
    write!(out, r#""timestamp":"{}","value":{}"#, rfc3339(entry.at * 1000), draw.between(low, high))?;
    if matches!(batch_type, BatchType::Weights | BatchType::Bmis | BatchType::BodyFats) {
        // The last digit is never 0, because no JSON printer would write it.
        write!(out, ".{}", draw.between(1, 9))?;
    }
    write!(out, r#","unit":"{unit}""#)?;
    if batch_type == BatchType::BloodGlucoses {
        let meal = draw.pick(&["fasting", "after meal"]);
        let medication = if draw.chance(0.1) { "insulin" } else { "" };
        let notes = if draw.chance(0.06) { "felt dizzy before" } else { "" };
        write!(out, r#","notes":"{notes}","mealTag":"{meal}","medicationTag":"{medication}""#)?;
    }
    Ok(())
}

/// A blood pressure in mmHg, with the heart rate in beats per minute. Two updates that are close in time have
/// different heart rates.
pub fn blood_pressure(out: &mut String, draw: &mut Draw, entry: &Entry) -> Result {
    write!(
        out,
        r#""timestamp":"{}","systolic":{},"diastolic":{},"heartRate":{},"unit":"mmHg""#,
        rfc3339(entry.at * 1000),
        draw.between(92, 170),
        draw.between(52, 88),
        48 + entry.updated.rem_euclid(83)
    )
}
