//! What the records say: the fields of the API's reference, and that they make sense.

use serde_json::Value;

use crate::client::Client;

#[track_caller]
fn number(record: &Value, field: &str) -> f64 {
    record[field].as_f64().unwrap_or_else(|| panic!("{field} of {record}"))
}

fn is_hex(value: &Value, length: usize) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[tokio::test]
async fn wellness_records_have_the_common_fields_and_their_own() {
    let client = Client::new();
    for (path, fields) in [
        ("/weight/readings", &["timestamp", "value", "unit", "sourceData"][..]),
        ("/blood_glucose/readings", &["timestamp", "value", "unit", "notes", "mealTag", "medicationTag"]),
        ("/blood_pressure/readings", &["timestamp", "systolic", "diastolic", "heartRate", "unit"]),
        ("/activities", &["startTime", "endTime", "type", "duration", "distance", "steps", "calories"]),
        (
            "/activities/summaries",
            &[
                "date",
                "duration",
                "distance",
                "steps",
                "calories",
                "vigorous",
                "moderate",
                "light",
                "sedentary",
            ],
        ),
        (
            "/sleeps",
            &[
                "day",
                "startTime",
                "endTime",
                "mainSleep",
                "timeAsleep",
                "timeAwake",
                "efficiency",
                "timeToFallAsleep",
                "timeAfterWakeup",
                "timeInBed",
            ],
        ),
        ("/sleeps/summaries", &["date", "timeAsleep", "timeAwake"]),
        ("/heart_rate/summaries", &["date", "zones"]),
        ("/locations", &["startTime", "endTime", "name", "location"]),
        ("/food/meals", &["timestamp", "type", "name", "calories"]),
    ] {
        for record in client.get(&format!("{path}?limit=500")).await.records() {
            assert!(is_hex(&record["id"], 24) && is_hex(&record["humanId"], 32), "{path}: {record}");
            for field in ["source", "createdAt", "updatedAt"].iter().chain(fields) {
                assert!(!record[*field].is_null(), "{path}: {field} of {record}");
            }
            assert!(record["createdAt"].as_str() <= record["updatedAt"].as_str(), "{record}");
            assert!(record["updatedAt"].as_str() <= Some("2025-06-30T12:00:00.000Z"), "{record}");
        }
    }
    let pressure = client.get("/blood_pressure").await.json();
    assert!(pressure.get("value").is_none() && pressure.get("sourceData").is_none());
}

#[tokio::test]
async fn values_are_those_of_a_living_person() {
    let client = Client::new();
    for (slug, unit, low, high) in [
        ("heart_rate", "bpm", 38.0, 175.0),
        ("weight", "kg", 70.0, 92.0),
        ("bmi", "kg/m2", 22.0, 29.5),
        ("height", "mm", 1780.0, 1780.0),
        ("blood_glucose", "mg/dL", 65.0, 160.0),
    ] {
        for offset in [0, 500, 1000] {
            for record in client.get(&format!("/{slug}/readings?limit=500&offset={offset}")).await.records() {
                assert_eq!(record["unit"], unit);
                assert!((low..=high).contains(&number(&record, "value")), "{slug}: {record}");
            }
        }
    }
    for record in client.get("/sleeps?limit=500").await.records() {
        let longest = if record["mainSleep"] == true { 600.0 } else { 90.0 };
        assert!(number(&record, "timeInBed") < longest && number(&record, "efficiency") <= 100.0, "{record}");
    }
}

#[tokio::test]
async fn weight_and_body_mass_index_of_one_moment_agree() {
    let client = Client::new();
    let weights = client.get("/weight/readings?limit=100").await.records();
    let indices = client.get("/bmi/readings?limit=100").await.records();
    for (weight, index) in weights.iter().zip(&indices) {
        assert_eq!(weight["timestamp"], index["timestamp"]);
        assert!(
            (number(weight, "value") / 1.78 / 1.78 - number(index, "value")).abs() < 0.1,
            "{weight} {index}"
        );
    }
}

#[tokio::test]
async fn a_summary_is_the_sum_of_its_day() {
    let client = Client::new();
    for summary in client.get("/activities/summaries?limit=20&offset=100").await.records() {
        let day =
            client.get(&format!("/activities/daily/{}", summary["date"].as_str().unwrap())).await.records();
        for field in ["steps", "distance", "duration"] {
            let sum: f64 = day.iter().map(|record| number(record, field)).sum();
            assert_eq!(number(&summary, field), sum, "{field} of {}", summary["date"]);
        }
    }
    let day = client.get("/heart_rate/summaries/2025-06-10").await.json();
    let readings = "/heart_rate/readings/daily/2025-06-10?limit=500";
    let mut beats = Vec::new();
    for offset in [0, 500, 1000] {
        let page = client.get(&format!("{readings}&offset={offset}")).await.records();
        beats.extend(page.iter().map(|record| number(record, "value")));
    }
    assert_eq!(number(&day, "maxHR"), beats.iter().copied().fold(0.0, f64::max));
    assert_eq!(number(&day, "minHR"), beats.iter().copied().fold(999.0, f64::min));
}

#[tokio::test]
async fn old_records_lack_the_offset_and_name_the_user_and_new_ones_do_not() {
    let client = Client::new();
    let newest = client.get("/activities?limit=1").await.records().remove(0);
    let oldest = client.get("/activities?limit=1&offset=8489").await.records().remove(0);
    assert!(newest["tzOffset"].is_string() && newest.get("userId").is_none());
    assert!(oldest.get("tzOffset").is_none() && is_hex(&oldest["userId"], 24));
    assert!(oldest["startTime"].as_str() < Some("2020-07-02"));
}

#[tokio::test]
async fn medical_records_come_in_the_forms_that_readers_must_cope_with() {
    let client = Client::new();
    let vitals = client.get("/medical/vitals?limit=500").await.records();
    let values: Vec<&Value> = vitals.iter().map(|vital| &vital["results"][0]["value"]).collect();
    assert!(values.iter().any(|value| value.is_string()) && values.iter().any(|value| value.is_number()));
    assert!(vitals.iter().any(|vital| vital["dateTime"].as_str().unwrap().contains("GMT+0000")));
    let visits = client.get("/medical/encounters").await.records();
    assert!(visits.iter().any(|visit| visit["provider"]["name"].is_string()));
    assert!(visits.iter().any(|visit| visit["provider"]["name"].is_object()));
}

#[tokio::test]
async fn the_overview_holds_the_latest_of_everything() {
    let client = Client::new();
    let overview = client.get("").await.json();
    for (field, path) in [
        ("heartRate", "/heart_rate"),
        ("weight", "/weight"),
        ("bloodPressure", "/blood_pressure"),
        ("bodyFat", "/body_fat"),
    ] {
        assert_eq!(overview[field], client.get(path).await.json(), "{field}");
    }
    assert_eq!(overview["activity"], client.get("/activities?limit=1").await.records()[0]);
    assert_eq!(overview["humanId"], client.get("/profile").await.json()["humanId"]);
}

#[tokio::test]
async fn traits_have_neither_ids_nor_dates() {
    for record in Client::new().get("/genetic/traits").await.records() {
        let fields: Vec<&String> = record.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["trait", "description", "possibleTraits"]);
        assert!(record["possibleTraits"].as_array().unwrap().contains(&record["description"]), "{record}");
    }
}
