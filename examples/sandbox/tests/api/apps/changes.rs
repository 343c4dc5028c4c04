//! The app's data changed on demand.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{TYPES, did, name, small, text};
use crate::client::Client;

const NOW: &str = "2025-06-30T12:00:00.000Z";
const END: &str = "2025-06-30T12:00:00.999Z";

async fn by_name(client: &Client, batch_type: &str) -> BTreeMap<String, Value> {
    client.held(batch_type).await.into_iter().map(|record| (name(&record), record)).collect()
}

/// Changes weights: what the answer says, the new records, and the changed ones.
async fn changed(client: &Client, mut change: Value) -> (Value, Vec<Value>, Vec<Value>) {
    change["type"] = json!("weights");
    let before = by_name(client, "weights").await;
    let answer = client.mutated(change).await;
    let after = by_name(client, "weights").await;
    let new = after.iter().filter(|(name, _)| !before.contains_key(*name)).map(|(_, record)| record.clone());
    let other = after
        .iter()
        .filter(|(name, record)| before.get(*name).is_some_and(|older| older != *record))
        .map(|(_, record)| record.clone());
    let gone = before.keys().filter(|name| !after.contains_key(*name)).count();
    let (new, other): (Vec<Value>, Vec<Value>) = (new.collect(), other.collect());
    assert_eq!(answer, json!({ "weights": did(new.len(), other.len(), gone) }));
    (answer["weights"].clone(), new, other)
}

#[tokio::test]
async fn each_kind_of_change_does_what_it_says_and_the_clock_stands() {
    let client = small();
    for (change, expected, since, until) in [
        (json!({ "insert": 4 }), did(4, 0, 0), NOW, END),
        (json!({ "late": 4 }), did(4, 0, 0), NOW, END),
        (json!({ "visibleLate": 4 }), did(4, 0, 0), "2025-06-30T11:56:00.000Z", "2025-06-30T11:59:59.999Z"),
        (
            json!({ "visibleLate": 4, "lateSeconds": 2 }),
            did(4, 0, 0),
            "2025-06-30T11:59:58.000Z",
            "2025-06-30T11:59:59.999Z",
        ),
        (json!({ "update": 4 }), did(0, 4, 0), NOW, END),
        (json!({ "future": 4 }), did(4, 0, 0), "2025-06-30T12:00:00.001Z", "2025-06-30T13:00:00.000Z"),
        (
            json!({ "future": 4, "futureSeconds": 2 }),
            did(4, 0, 0),
            "2025-06-30T12:00:00.001Z",
            "2025-06-30T12:00:02.000Z",
        ),
        (json!({ "sameSecond": 7 }), did(4, 3, 0), NOW, END),
        (json!({ "remove": 4 }), did(0, 0, 4), "", ""),
        (json!({}), did(0, 0, 0), "", ""),
    ] {
        let (answer, new, other) = changed(&client, change.clone()).await;
        assert_eq!(answer, expected, "{change}");
        for record in new.iter().chain(&other) {
            assert!((since..=until).contains(&text(record, "updatedAt")), "{change}: {record}");
            assert!(text(record, "createdAt") <= text(record, "updatedAt"), "{change}: {record}");
        }
        assert_eq!(client.look("/app").await["now"], NOW, "{change}");
        assert_eq!(client.look("/app").await["lists"]["weights"], client.held("weights").await.len());
        let recorded_now = change.get("late").is_none();
        assert!(
            new.iter().all(|record| (text(record, "timestamp") > "2025-06-01") == recorded_now),
            "{change}"
        );
    }
}

#[tokio::test]
async fn an_updated_record_says_something_else() {
    let client = small();
    let before = by_name(&client, "weights").await;
    let (_, _, other) = changed(&client, json!({ "update": 9 })).await;
    for record in other {
        let older = &before[&name(&record)];
        assert!(text(older, "updatedAt") < text(&record, "updatedAt"));
        assert_eq!(older["createdAt"], record["createdAt"]);
        assert_ne!(older["sourceData"], record["sourceData"]);
    }
}

#[tokio::test]
async fn the_very_second_is_met_at_both_ends() {
    let client = small();
    let (_, new, other) = changed(&client, json!({ "sameSecond": 6 })).await;
    for end in [NOW, END] {
        for records in [&new, &other] {
            assert!(records.iter().any(|record| record["updatedAt"] == end), "{end}: {records:?}");
        }
    }
}

#[tokio::test]
async fn no_update_makes_a_record_older() {
    let client = small();
    client.clock(json!({ "now": "2025-05-01T00:00:00Z" })).await;
    let before = by_name(&client, "weights").await;
    let earlier =
        before.values().filter(|record| text(record, "updatedAt") < "2025-05-01T00:00:00.999Z").count();
    let (answer, _, other) = changed(&client, json!({ "update": 100_000 })).await;
    assert_eq!((answer, other.len()), (did(0, earlier, 0), earlier));
    for record in other {
        assert!(text(&before[&name(&record)], "updatedAt") < text(&record, "updatedAt"), "{record}");
    }
}

#[tokio::test]
async fn without_a_type_all_change() {
    let client = small();
    let before = client.look("/app").await["lists"].clone();
    let changed = client.mutated(json!({ "insert": 2, "update": 3, "remove": 1 })).await;
    let after = client.look("/app").await["lists"].clone();
    assert!(changed.as_object().unwrap().keys().eq(TYPES));
    for batch_type in TYPES {
        assert_eq!(changed[batch_type], did(2, 3, 1), "{batch_type}");
        assert_eq!(
            after[batch_type].as_u64(),
            before[batch_type].as_u64().map(|count| count + 1),
            "{batch_type}"
        );
    }
}

#[tokio::test]
async fn new_traits_are_of_those_who_have_them_not_yet() {
    let client = small();
    let free = 50 * 24 - client.held("genetic_traits").await.len();
    let insert = json!({ "type": "genetic_traits", "insert": free + 10 });
    assert_eq!(client.mutated(insert.clone()).await["genetic_traits"], did(free, 0, 0));
    assert_eq!(by_name(&client, "genetic_traits").await.len(), 50 * 24, "each once");
    assert_eq!(client.mutated(insert).await["genetic_traits"], did(0, 0, 0));
}

#[tokio::test]
async fn a_change_that_is_not_understood_changes_nothing() {
    let client = small();
    let before = client.look("/app").await;
    for (body, status) in [
        (json!({ "type": "weight", "insert": 1 }), 404),
        (json!({ "type": "weights", "insertFront": 1 }), 400),
        (json!({ "insert": -1 }), 400),
        (json!({ "insert": "1" }), 400),
        (json!({ "visibleLate": 1, "lateSeconds": 0 }), 400),
        (json!({ "future": 1, "futureSeconds": -5 }), 400),
        (json!({ "insert": 1_000_000, "update": 1 }), 400),
        (json!([]), 400),
        (json!("insert"), 400),
    ] {
        let answer = client.post("/app/mutate", &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
    assert_eq!(client.look("/app").await, before);
}

#[tokio::test]
async fn a_record_that_was_removed_is_gone_from_totals_and_pages() {
    let client = small();
    let window = "/weights?updated_since=20250601T000000Z&limit=7";
    let total = client.of_all(window).await.total();
    let before = by_name(&client, "weights").await;
    let remove = before.len() / 3;
    client.mutated(json!({ "type": "weights", "remove": remove })).await;
    let held = by_name(&client, "weights").await;
    assert_eq!(held.len(), before.len() - remove);
    let expected: BTreeMap<String, Value> =
        held.into_iter().filter(|(_, record)| text(record, "updatedAt") >= "2025-06-01").collect();
    assert!(expected.len() < total);
    let mut walked = BTreeMap::new();
    loop {
        let page = client.of_all(&format!("{window}&offset={}", walked.len())).await;
        assert_eq!(page.total(), expected.len());
        let records = page.records();
        if records.is_empty() {
            break;
        }
        walked.extend(records.into_iter().map(|record| (name(&record), record)));
    }
    assert_eq!(walked, expected);
}
