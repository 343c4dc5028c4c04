//! Records as JSON, with a file for each kind, generated from rows when they are sent. The shapes are those of the
//! API's reference. A value depends only on the row's key and time, so that it is the same in every answer.

pub mod medical;
mod periods;
mod person;
mod readings;
mod summaries;

use serde_json::{Value, json};

pub(super) use person::{TRAITS, trait_index};
pub use person::{medical_profile, overview, profile};

use crate::calendar::{offset, rfc3339};
use crate::catalogue::{DataType, Reading};
use crate::data::row::Row;
use crate::data::{Dataset, schedule};

/// The record of a row. `with_series` is true if the query has `time_series=true`.
pub(super) fn record(dataset: &Dataset, data_type: DataType, row: &Row, with_series: bool) -> Value {
    let record = match data_type {
        DataType::Reading(reading) => readings::record(dataset, reading, row),
        DataType::Activity => periods::activity(dataset, row, with_series),
        DataType::Sleep => periods::sleep(dataset, row),
        DataType::Location => periods::location(dataset, row),
        DataType::Meal => periods::meal(dataset, row),
        DataType::ActivitySummary => summaries::activity(dataset, row),
        DataType::SleepSummary => summaries::sleep(dataset, row),
        DataType::LocationSummary => summaries::location(dataset, row),
        DataType::HeartRateSummary => summaries::heart_rate(dataset, row),
        DataType::GeneticTrait => person::genetic_trait(dataset, row),
        DataType::Medical(medical) => medical::record(medical, row),
    };
    if row.revision == 0 { record } else { revised(record, data_type, row.revision) }
}

/// A record that was updated on demand, so that a stale copy differs from a fresh one. Each kind says it in a field that
/// it has, medical records in a comment.
fn revised(mut record: Value, data_type: DataType, revision: u16) -> Value {
    match data_type {
        DataType::Reading(Reading::BloodPressure) => {
            let before = record["heartRate"].as_i64().unwrap_or_default();
            record["heartRate"] = json!(before + i64::from(revision % 40));
        }
        DataType::GeneticTrait => {
            let before = record["description"].as_str().unwrap_or_default();
            record["description"] = json!(format!("{before} (report {revision})"));
        }
        DataType::Medical(_) => record["comments"] = json!(format!("Amended (revision {revision})")),
        _ => record["sourceData"]["revision"] = json!(revision),
    }
    record
}

/// The fields with which every wellness record begins.
fn common(dataset: &Dataset, row: &Row) -> Value {
    let mut record = json!({ "id": row.id() });
    if schedule::is_old(row.at, dataset.began()) {
        record["userId"] = json!(dataset.user_id());
    }
    record["humanId"] = json!(dataset.human_id());
    record["source"] = json!(row.source().name);
    record["createdAt"] = json!(rfc3339(row.created));
    record["updatedAt"] = json!(rfc3339(row.updated));
    if let Some(minutes) = row.offset {
        record["tzOffset"] = json!(offset(minutes));
    }
    record
}

/// Appends the fields of `more` to those of `record`.
fn with(mut record: Value, more: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut record, more) {
        fields.extend(more);
    }
    record
}

/// Rounds to a number of decimals.
fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

fn whole(value: f64) -> i64 {
    value.round() as i64
}
