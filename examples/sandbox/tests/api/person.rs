//! One person's lists changed on demand, and what the control endpoints tell of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::client::Client;

/// The name of a list, and its path.
fn path(data_type: &str) -> String {
    let readings = [
        "blood_glucose",
        "blood_oxygen",
        "blood_pressure",
        "bmi",
        "body_fat",
        "heart_rate",
        "height",
        "weight",
    ];
    if readings.contains(&data_type) { format!("/{data_type}/readings") } else { format!("/{data_type}") }
}

/// What tells records apart: the id; the trait where there is none.
fn name(record: &Value) -> String {
    let name = record.get("id").unwrap_or(&record["trait"]);
    name.as_str().expect("a text").to_owned()
}

impl Client {
    async fn person(&self) -> Value {
        self.look("/person").await
    }

    /// Every record of a list, as the sandbox holds them, by name.
    async fn truth(&self, data_type: &str) -> BTreeMap<String, Value> {
        let dump = self.text(&format!("/person/dump/{data_type}")).await;
        assert_eq!((dump.status.as_u16(), dump.header("content-type")), (200, Some("application/x-ndjson")));
        let records: Vec<Value> =
            dump.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert!(records.iter().map(name).is_sorted_by(|one, next| one < next), "{data_type}");
        records.into_iter().map(|record| (name(&record), record)).collect()
    }

    /// All records that a query gives, walked by offset.
    async fn walked(&self, data_type: &str, query: &str) -> BTreeMap<String, Value> {
        let mut records = BTreeMap::new();
        loop {
            let offset = records.len();
            let page = self.get(&format!("{}?limit=500&offset={offset}{query}", path(data_type))).await;
            let total = page.total();
            let page = page.records();
            if page.is_empty() {
                assert_eq!(records.len(), total, "{data_type}");
                return records;
            }
            records.extend(page.into_iter().map(|record| (name(&record), record)));
        }
    }

    async fn person_mutated(&self, change: Value) -> Value {
        let answer = self.post("/person/mutate", &change).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }
}

async fn types(client: &Client) -> Vec<String> {
    client.person().await["lists"].as_object().expect("lists").keys().cloned().collect()
}

#[tokio::test]
async fn the_truth_is_what_the_api_gives() {
    let client = Client::new();
    let person = client.person().await;
    assert_eq!(person["now"], "2025-06-30T12:00:00.000Z");
    assert_eq!(person["humanId"], client.get("/profile").await.json()["humanId"]);
    let types = types(&client).await;
    assert_eq!(types.len(), 34);
    for data_type in types.iter().filter(|data_type| *data_type != "heart_rate") {
        let truth = client.truth(data_type).await;
        let list = &person["lists"][data_type];
        assert_eq!(client.walked(data_type, "").await, truth, "{data_type}");
        assert_eq!(list["records"], truth.len(), "{data_type}");
        if data_type == "genetic/traits" {
            assert!(list.get("checksum").is_none());
            continue;
        }
        let latest = truth.values().map(|record| record["updatedAt"].as_str().unwrap()).max();
        assert_eq!(list["latestUpdate"].as_str(), latest, "{data_type}");
        let of = |record: &Value| {
            let id = u64::from_str_radix(&record["id"].as_str().unwrap()[16..], 16).unwrap();
            let updated =
                chrono::DateTime::parse_from_rfc3339(record["updatedAt"].as_str().unwrap()).unwrap();
            id + updated.timestamp_millis() as u64
        };
        assert_eq!(list["checksum"], truth.values().map(of).sum::<u64>() % (1 << 32), "{data_type}");
    }
}

#[tokio::test]
async fn every_list_gives_what_was_updated_or_created_in_a_window() {
    let client = Client::new();
    for data_type in types(&client).await {
        if data_type == "genetic/traits" || data_type == "heart_rate" {
            continue;
        }
        let truth = client.truth(&data_type).await;
        for (field, names) in [("updatedAt", "updated"), ("createdAt", "created")] {
            // A window with about the middle half of the records.
            let mut instants: Vec<&str> =
                truth.values().map(|record| record[field].as_str().unwrap()).collect();
            instants.sort_unstable();
            let second = |index: usize| {
                let basic: String =
                    instants[index][..19].chars().filter(|c| *c != '-' && *c != ':').collect();
                (format!("{}.000Z", &instants[index][..19]), format!("{basic}Z"))
            };
            let ((since, since_basic), (before, before_basic)) =
                (second(instants.len() / 4), second(instants.len() - 1));
            let expected: BTreeMap<String, Value> = truth
                .iter()
                .filter(|(_, record)| {
                    (since.as_str()..before.as_str()).contains(&record[field].as_str().unwrap())
                })
                .map(|(name, record)| (name.clone(), record.clone()))
                .collect();
            assert!(!expected.is_empty() && expected.len() < truth.len(), "{data_type} {names}");
            let query = format!("&{names}_since={since_basic}&{names}_before={before_basic}");
            assert_eq!(client.walked(&data_type, &query).await, expected, "{data_type} {names}");
        }
    }
}

#[tokio::test]
async fn traits_show_no_dates_but_windows_select_them() {
    let client = Client::new();
    client.clock(json!({ "advanceSeconds": 60 })).await;
    client.person_mutated(json!({ "type": "genetic/traits", "update": 3, "remove": 2 })).await;
    let since = |at: &str| format!("&updated_since={at}");
    let changed = client.walked("genetic/traits", &since("20250630T120100Z")).await;
    assert_eq!(changed.len(), 3);
    for record in changed.values() {
        assert!(record["description"].as_str().unwrap().ends_with("(report 1)"), "{record}");
        assert!(record.get("id").is_none() && record.get("updatedAt").is_none(), "{record}");
    }
    assert_eq!(client.walked("genetic/traits", &since("20250630T120101Z")).await.len(), 0);
    assert_eq!(client.walked("genetic/traits", "").await.len(), 22);
    assert_eq!(client.walked("genetic/traits", "&created_since=20250101T000000Z").await.len(), 0);
}

#[tokio::test]
async fn what_changed_is_exactly_what_a_window_from_then_on_gives() {
    let client = Client::new();
    let types = types(&client).await;
    let mut before = BTreeMap::new();
    for data_type in &types {
        before.insert(data_type.clone(), client.truth(data_type).await);
    }
    client.clock(json!({ "advanceSeconds": 3600 })).await;
    let change = json!({ "insert": 2, "late": 1, "update": 2, "sameSecond": 3, "future": 1, "remove": 1 });
    // All lists at once, medical lists and summaries included.
    let answer = client.person_mutated(change).await;
    assert!(answer.as_object().unwrap().keys().eq(&types));
    for data_type in &types {
        let (before, after) = (&before[data_type], client.truth(data_type).await);
        let changed: BTreeMap<String, Value> = after
            .iter()
            .filter(|(name, record)| before.get(*name) != Some(record))
            .map(|(name, record)| (name.clone(), record.clone()))
            .collect();
        let new = changed.keys().filter(|name| !before.contains_key(*name)).count();
        let gone = before.keys().filter(|name| !after.contains_key(*name)).count();
        let did = &answer[data_type];
        if data_type == "genetic/traits" {
            // The person has each already; one that was removed comes back only afterwards.
            assert_eq!((new, gone, did), (0, 1, &json!({ "inserted": 0, "updated": 3, "removed": 1 })));
        } else {
            // Two lists have two records, which are updated and then not removed.
            let removed = 1.min(before.len() - did["updated"].as_u64().unwrap() as usize);
            assert_eq!((new, gone), (6, removed), "{data_type}");
            assert_eq!((&did["inserted"], &did["removed"]), (&json!(6), &json!(removed)), "{data_type}");
        }
        // A summary changes with its day's records as well.
        let updated = did["updated"].as_u64().unwrap() as usize;
        match data_type.ends_with("summaries") {
            true => assert!(changed.len() >= new + updated, "{data_type}"),
            false => assert_eq!(changed.len(), new + updated, "{data_type}"),
        }
        let since = client.walked(data_type, "&updated_since=20250630T130000Z").await;
        assert_eq!(since, changed, "{data_type}");
    }
    assert_eq!(client.person().await["now"], "2025-06-30T13:00:00.000Z", "the clock stands");
}

#[tokio::test]
async fn a_record_that_was_removed_is_gone_from_pages_totals_and_paths() {
    let client = Client::new();
    for data_type in ["medical/vitals", "activities/summaries", "food/meals", "blood_pressure"] {
        let before = client.truth(data_type).await;
        let answer = client.person_mutated(json!({ "type": data_type, "remove": 7 })).await;
        assert_eq!(answer, json!({ data_type: { "inserted": 0, "updated": 0, "removed": 7 } }));
        let after = client.walked(data_type, "").await;
        assert_eq!(client.get(&path(data_type)).await.total(), before.len() - 7);
        assert_eq!(after, client.truth(data_type).await);
        let gone: BTreeSet<&String> = before.keys().filter(|name| !after.contains_key(*name)).collect();
        assert_eq!(gone.len(), 7);
        for name in gone {
            assert_eq!(client.get(&format!("{}/{name}", path(data_type))).await.status, 404);
        }
    }
    let all = client.person_mutated(json!({ "type": "medical/allergies", "remove": 1000 })).await;
    assert_eq!(all["medical/allergies"]["removed"], 4);
    let empty = client.get("/medical/allergies").await;
    assert_eq!((empty.total(), empty.text.as_str()), (0, "[]"));
}

#[tokio::test]
async fn records_stay_as_they_are_when_the_clock_is_moved() {
    let client = Client::new();
    for data_type in ["weight", "body_fat", "activities", "sleeps/summaries", "medical/vitals"] {
        let before = client.truth(data_type).await;
        client.clock(json!({ "advanceSeconds": 90 * 86_400 })).await;
        assert_eq!(client.truth(data_type).await, before, "{data_type}");
    }
}

#[tokio::test]
async fn a_change_that_is_not_understood_changes_nothing() {
    let client = Client::new();
    let before = client.person().await;
    for (body, status) in [
        (json!({ "type": "weights", "insert": 1 }), 404),
        (json!({ "type": "heart_rate/readings", "insert": 1 }), 404),
        (json!({ "type": "weight", "insertFront": 1 }), 400),
        (json!({ "insert": -1 }), 400),
        (json!({ "visibleLate": 1, "lateSeconds": 0 }), 400),
        (json!({ "insert": 1_000_000, "update": 1 }), 400),
        (json!([]), 400),
    ] {
        let answer = client.post("/person/mutate", &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
    assert_eq!(client.person().await, before);
    assert_eq!(client.text("/person/dump/weights").await.status, 404);
}

#[tokio::test]
async fn the_same_changes_are_the_same_each_time_and_a_reset_takes_them_back() {
    let client = Client::new();
    let change = json!({ "insert": 3, "late": 2, "update": 5, "remove": 4 });
    let start = client.person().await;
    client.person_mutated(change.clone()).await;
    let changed = client.person().await;
    assert_ne!(changed, start);
    client.post("/reset", &json!(null)).await;
    assert_eq!(client.person().await, start);
    client.person_mutated(change).await;
    assert_eq!(client.person().await, changed);
}

#[tokio::test]
async fn a_list_that_ignores_updates_gives_all_and_keeps_to_its_other_options() {
    let client = Client::new();
    let lists = ["medical/vitals", "activities/summaries", "weight", "genetic/traits"];
    client.faults(json!({ "ignoreUpdatedSince": lists })).await;
    let window = "&updated_since=20250701T000000Z&updated_before=20250702T000000Z";
    for data_type in lists {
        assert_eq!(client.walked(data_type, window).await, client.truth(data_type).await, "{data_type}");
        let wrong = client.get(&format!("{}?updated_since=yesterday", path(data_type))).await;
        assert_eq!(wrong.status, 400, "{data_type}: it still reads them");
    }
    let link = client.get(&format!("/medical/vitals?limit=50{window}")).await;
    assert!(link.header("link").unwrap().contains("updated_since=20250701T000000Z"));
    let created = "&created_since=20250101T000000Z";
    let some = client.walked("medical/vitals", &format!("{created}{window}")).await;
    assert_eq!(some, client.walked("medical/vitals", created).await);
    assert!(!some.is_empty() && some.len() < 164);
    assert_eq!(client.walked("food/meals", window).await.len(), 0, "others heed them");
    client.faults(json!({ "ignoreUpdatedSince": null })).await;
    assert_eq!(client.walked("medical/vitals", window).await.len(), 0);
}
