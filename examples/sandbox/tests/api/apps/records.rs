//! What the records say: the shapes of the API's reference, each with its person.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{TYPES, small, text};

const MONTH: &str = "updated_since=20250601T000000Z&limit=500";

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[tokio::test]
async fn records_have_the_common_fields_and_their_own() {
    let client = small();
    let users = client.of_all("").await.records();
    let people: BTreeSet<&str> = users.iter().map(|user| text(user, "humanId")).collect();
    let reading = "timestamp value unit sourceData";
    for (batch_type, own) in [
        ("activities", "startTime endTime type duration distance steps calories sourceData"),
        (
            "activities/summaries",
            "date duration distance steps calories vigorous moderate light sedentary sourceData",
        ),
        (
            "sleeps",
            "day startTime endTime mainSleep timeAsleep timeAwake efficiency timeToFallAsleep timeAfterWakeup timeInBed sourceData",
        ),
        ("sleeps/summaries", "date timeAsleep timeAwake sourceData"),
        ("locations", "startTime endTime name location sourceData"),
        ("heart_rates", reading),
        ("heart_rate/summaries", "date zones averageHR maxHR minHR sourceData"),
        ("bmis", reading),
        ("body_fats", reading),
        ("heights", reading),
        ("weights", reading),
        ("blood_pressures", "timestamp systolic diastolic heartRate unit"),
        ("blood_glucoses", "timestamp value unit notes mealTag medicationTag sourceData"),
        ("blood_oxygens", reading),
        ("food/meals", "timestamp type name calories carbohydrate fat protein sodium sugar fiber sourceData"),
    ] {
        for record in client.of_all(&format!("/{batch_type}?{MONTH}")).await.records() {
            assert!(is_hex(text(&record, "id"), 24), "{batch_type}: {record}");
            assert!(people.contains(text(&record, "humanId")), "{batch_type}: {record}");
            assert!(text(&record, "createdAt") <= text(&record, "updatedAt"), "{record}");
            assert!(text(&record, "updatedAt") <= "2025-06-30T12:00:00.000Z", "{record}");
            let optional = ["numberOfWakeups", "restingHR"];
            let fields: Vec<&str> = record
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .filter(|field| !optional.contains(field))
                .collect();
            let common = "id humanId source createdAt updatedAt tzOffset";
            assert_eq!(fields.join(" "), format!("{common} {own}"), "{batch_type}");
        }
    }
}

#[tokio::test]
async fn many_people_are_in_one_list() {
    let client = small();
    let records = client.of_all(&format!("/heart_rates?{MONTH}")).await.records();
    let people: BTreeSet<&str> = records.iter().map(|record| text(record, "humanId")).collect();
    assert!(people.len() > 40, "{}", people.len());
}

#[tokio::test]
async fn traits_have_neither_ids_nor_dates_and_a_person_has_each_once() {
    let client = small();
    let traits = client.held("genetic_traits").await;
    assert!(!traits.is_empty());
    let mut seen = BTreeSet::new();
    for record in &traits {
        let fields: Vec<&String> = record.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["humanId", "trait", "description", "possibleTraits"]);
        assert!(record["possibleTraits"].as_array().unwrap().contains(&record["description"]), "{record}");
        assert!(seen.insert((text(record, "humanId"), text(record, "trait"))), "{record}");
    }
}

#[tokio::test]
async fn time_series_are_added_to_activities_when_they_are_asked_for() {
    let client = small();
    let plain = client.of_all(&format!("/activities?{MONTH}")).await.records();
    let with = client.of_all(&format!("/activities?{MONTH}&time_series=true")).await.records();
    for (plain, mut with) in plain.into_iter().zip(with) {
        let series = with.as_object_mut().unwrap().shift_remove("timeSeries").expect("timeSeries");
        let steps: i64 =
            series.as_array().unwrap().iter().map(|minute| minute["steps"].as_i64().unwrap()).sum();
        assert_eq!(steps, plain["steps"].as_i64().unwrap());
        assert_eq!(with, plain);
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_records_in_whatever_order_they_are_asked_for() {
    let (one, other) = (small(), small());
    let mut reversed: Vec<Vec<Value>> = Vec::new();
    for batch_type in TYPES.iter().rev() {
        reversed.push(other.held(batch_type).await);
    }
    for batch_type in TYPES {
        assert_eq!(Some(one.held(batch_type).await), reversed.pop(), "{batch_type}");
    }
}
