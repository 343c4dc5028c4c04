//! The sandbox's one clock, set from outside.

use std::time::Duration;

use serde_json::json;

use super::small;

#[tokio::test]
async fn it_goes_forward_and_can_be_set_back_on_all_sides() {
    let client = small();
    for (change, now, date) in [
        (json!({ "advanceSeconds": 90 }), "2025-06-30T12:01:30.000Z", "Mon, 30 Jun 2025 12:01:30 GMT"),
        (json!({ "advanceSeconds": 0 }), "2025-06-30T12:01:30.000Z", "Mon, 30 Jun 2025 12:01:30 GMT"),
        (
            json!({ "now": "2026-01-01T01:00:00+01:00" }),
            "2026-01-01T00:00:00.000Z",
            "Thu, 01 Jan 2026 00:00:00 GMT",
        ),
        (
            json!({ "now": "2025-01-01T00:00:00Z" }),
            "2025-01-01T00:00:00.000Z",
            "Wed, 01 Jan 2025 00:00:00 GMT",
        ),
    ] {
        assert_eq!(client.clock(change.clone()).await, now, "{change}");
        assert_eq!(client.of_all("/weights").await.header("date"), Some(date), "{change}");
        assert_eq!(client.get("/profile").await.header("date"), Some(date), "{change}");
        assert_eq!(client.look("").await["now"], now);
        assert_eq!(client.look("/app").await["now"], now);
    }
}

#[tokio::test]
async fn a_clock_that_is_not_understood_stands() {
    let client = small();
    for body in [
        json!({}),
        json!({ "now": "2025-01-01T00:00:00Z", "advanceSeconds": 1 }),
        json!({ "advanceSeconds": -1 }),
        json!({ "advanceSeconds": 1.5 }),
        json!({ "now": "20250101T000000Z" }),
        json!({ "now": 1_751_284_800 }),
        json!({ "seconds": 1 }),
        json!({ "running": 1 }),
        json!({ "running": true, "advanceSeconds": 1 }),
    ] {
        assert_eq!(client.post("/clock", &body).await.status, 400, "{body}");
    }
    assert_eq!(client.look("/app").await["now"], "2025-06-30T12:00:00.000Z");
}

#[tokio::test]
async fn setting_it_moves_the_day_that_is_given_by_default_but_no_data() {
    let client = small();
    assert!(client.of_all("/heart_rates").await.total() > 0);
    client.clock(json!({ "advanceSeconds": 86_401 })).await;
    assert_eq!(client.of_all("/heart_rates").await.total(), 0);
    // Lists are those of the start, whenever they are first asked for.
    assert_eq!(client.get("/sleeps?limit=1").await.records(), small().get("/sleeps?limit=1").await.records());
}

#[tokio::test(start_paused = true)]
async fn it_runs_with_time_if_it_is_let() {
    let client = small();
    let shown = async || client.look("/app").await["now"].clone();
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(shown().await, "2025-06-30T12:00:00.000Z");
    assert_eq!(client.post("/clock", &json!({ "running": true })).await.json()["running"], true);
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(shown().await, "2025-06-30T12:00:05.000Z");
    assert_eq!(client.clock(json!({ "advanceSeconds": 60 })).await, "2025-06-30T12:01:05.000Z");
    client.post("/mutate", &json!({ "type": "weight", "insertFront": 3 })).await;
    client.faults(json!({ "churn": 20 })).await;
    client.of_all("/weights").await;
    assert_eq!(shown().await, "2025-06-30T12:01:05.000Z", "changes do not move it");
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(client.post("/clock", &json!({ "running": false })).await.json()["running"], false);
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(shown().await, "2025-06-30T12:01:10.000Z");
}
