//! Data that changes while it is read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{name, small, text};

const CLOSED: &str = "/heart_rates?limit=100&updated_since=20250601T000000Z&updated_before=20250625T000000Z";

#[tokio::test]
async fn records_leave_a_closed_window_and_the_clock_moves_on() {
    let client = small();
    let before = client.of_all(CLOSED).await.total();
    let held = client.held("heart_rates").await.len();
    client.faults(json!({ "churn": 100 })).await;
    let after = client.of_all(CLOSED).await;
    assert_eq!(after.header("date"), Some("Mon, 30 Jun 2025 12:01:40 GMT"));
    let now = client.held("heart_rates").await;
    let (left, new) = (before - after.total(), now.len() - held);
    assert!((70..100).contains(&left) && left + new == 100, "{left} left, {new} are new");
    let moved = |record: &&Value| text(record, "updatedAt") > "2025-06-30T12:00:00.999Z";
    // One may be updated twice only in an open window: from this one it has left.
    assert_eq!(now.iter().filter(moved).count(), 100);
    assert!(client.held("weights").await.iter().all(|record| !moved(&record)), "other types stand");
}

#[tokio::test]
async fn a_walk_by_offset_through_it_has_gaps_and_is_the_same_each_time() {
    let walked = || async {
        let client = small();
        let all = client.held("heart_rates").await;
        let inside: BTreeSet<String> = all
            .iter()
            .filter(|record| ("2025-06-01".."2025-06-25").contains(&text(record, "updatedAt")))
            .map(name)
            .collect();
        client.faults(json!({ "churn": 5 })).await;
        let mut seen = BTreeSet::new();
        for offset in (0..).step_by(100) {
            let records = client.of_all(&format!("{CLOSED}&offset={offset}")).await.records();
            if records.is_empty() {
                break;
            }
            seen.extend(records.iter().map(name));
        }
        client.faults(json!({ "churn": 0 })).await;
        let still: BTreeSet<String> = client
            .held("heart_rates")
            .await
            .iter()
            .filter(|record| ("2025-06-01".."2025-06-25").contains(&text(record, "updatedAt")))
            .map(name)
            .collect();
        assert!(still.is_subset(&inside));
        let missed: BTreeSet<String> = still.difference(&seen).cloned().collect();
        assert!(!missed.is_empty(), "records moved up over the edge of a page");
        missed
    };
    assert_eq!(walked().await, walked().await);
}

#[tokio::test]
async fn it_works_in_the_other_order_and_on_refused_requests_it_does_not() {
    let client = small();
    client.faults(json!({ "churn": 3, "batchOrder": "recorded" })).await;
    let total = client.of_all(CLOSED).await.total();
    let mut later = total;
    for _ in 0..5 {
        later = client.of_all(CLOSED).await.total();
    }
    assert!(later < total);
    let now = client.look("/app").await["now"].clone();
    assert_eq!(client.of_all("/heart_rates?updated_since=20240101T000000Z").await.status, 400);
    assert_eq!(client.look("/app").await["now"], now);
}
