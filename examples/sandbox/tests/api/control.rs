//! The control endpoints.

use std::collections::BTreeSet;

use serde_json::json;

use crate::client::{Client, request};

#[tokio::test]
async fn a_mutation_says_what_it_did_and_the_list_shows_it() {
    let client = Client::new();
    let before = client.ids("activities").await;
    let mutation =
        json!({ "type": "activities", "insertFront": 2, "insertAnywhere": 3, "remove": 4, "touch": 5 });
    let changed = client.post("/mutate", &mutation).await.json();
    let count = |name: &str| changed[name].as_array().unwrap().len();
    assert_eq!((count("inserted"), count("removed"), count("touched")), (5, 4, 5));
    assert_eq!(changed["total"], before.len() + 1);

    let after: BTreeSet<String> = client.ids("activities").await.into_iter().collect();
    let before: BTreeSet<String> = before.into_iter().collect();
    let removed: BTreeSet<String> = before.difference(&after).cloned().collect();
    let told: BTreeSet<String> =
        changed["removed"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    assert!(removed.is_subset(&told), "what was inserted may have been removed again, nothing else");
    assert_eq!(client.get("/activities").await.total(), after.len());
}

#[tokio::test]
async fn a_touched_record_is_found_by_its_new_update_time_and_leaves_the_old_window() {
    let client = Client::new();
    let window = "updated_before=20250630T120001Z";
    let before = client.get(&format!("/activities?{window}")).await.total();
    let changed = client.post("/mutate", &json!({ "type": "activities", "touch": 3 })).await.json();
    assert_eq!(client.get(&format!("/activities?{window}")).await.total(), before - 3);
    let found = client.get("/activities?updated_since=20250630T120001Z").await.records();
    let found: BTreeSet<&str> = found.iter().map(|record| record["id"].as_str().unwrap()).collect();
    let touched: BTreeSet<&str> =
        changed["touched"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(found, touched);
}

#[tokio::test]
async fn the_log_tells_requests_without_secrets() {
    let client = Client::new();
    client.get("/activities?limit=5").await;
    let mut bad = request("/v1/human/weight");
    bad.headers_mut().insert("authorization", "Bearer s3cret".parse().unwrap());
    client.send(bad).await.unwrap();
    let log = client.look("/log").await;
    assert_eq!((&log["total"], &log["inFlight"], &log["maxInFlight"]), (&json!(2), &json!(0), &json!(1)));
    let first = &log["requests"][0];
    assert_eq!(first["method"], "GET");
    assert_eq!(first["path"], "/v1/human/activities");
    assert_eq!(first["query"], "limit=5");
    assert_eq!(first["status"], 200);
    assert_eq!(first["outcome"], "answered");
    assert_eq!(first["headers"]["authorization"], "Bearer");
    assert!(first["durationMs"].is_number());
    assert_eq!(log["requests"][1]["status"], 401);
    let text = log.to_string();
    assert!(!text.contains("s3cret") && !text.contains("demo"), "{text}");
}

#[tokio::test]
async fn a_request_that_waits_while_everything_is_reset_does_not_act_on_what_is_there_then() {
    for waiting in [json!({ "hold": { "after": 0, "path": "/v1" } }), json!({ "latencyMs": 200 })] {
        let client = Client::new();
        client.faults(waiting.clone()).await;
        let held = {
            let client = client.clone();
            tokio::spawn(async move { client.get("/activities").await })
        };
        while client.look("/log").await["inFlight"] != 1 {
            tokio::task::yield_now().await;
        }
        client.post("/reset", &json!({})).await;
        // Of those that are let through now, it is none.
        client.faults(json!({ "hold": { "after": 1, "path": "/v1" } })).await;
        let answer = held.await.unwrap();
        assert_eq!(answer.status, 503, "{waiting}: {}", answer.text);
        assert!(answer.text.contains("was reset"), "{}", answer.text);
        assert_eq!(client.get("/activities").await.status, 200);
    }
}

#[tokio::test]
async fn lanes_in_flight_are_counted() {
    let client = Client::new();
    client.faults(json!({ "latencyMs": 20 })).await;
    let lanes = (0..6).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.get("/activities").await.status })
    });
    for lane in lanes.collect::<Vec<_>>() {
        assert_eq!(lane.await.unwrap(), 200);
    }
    let log = client.look("/log").await;
    assert_eq!((&log["maxInFlight"], &log["inFlight"]), (&json!(6), &json!(0)));
}

#[tokio::test]
async fn a_request_that_its_client_gives_up_is_no_longer_in_flight() {
    let client = Client::new();
    client.faults(json!({ "failNext": [{ "delayMs": 3_600_000 }] })).await;
    let lane = tokio::spawn({
        let client = client.clone();
        async move { client.get("/activities").await.status }
    });
    while client.look("/log").await["inFlight"] == 0 {
        tokio::task::yield_now().await;
    }
    lane.abort();
    assert!(lane.await.unwrap_err().is_cancelled());
    let log = client.look("/log").await;
    assert_eq!((&log["inFlight"], &log["requests"][0]["outcome"]), (&json!(0), &json!("clientLeft")));
}

#[tokio::test]
async fn reset_brings_back_data_faults_log_and_clock() {
    let client = Client::new();
    let before = (client.look("/dump/activities").await, client.get("/profile").await.headers);
    client.post("/mutate", &json!({ "type": "activities", "insertFront": 3, "touch": 2 })).await;
    client.faults(json!({ "errorRate": 1 })).await;
    assert_eq!(client.get("/profile").await.status, 500);
    assert_eq!(client.post("/reset", &json!(null)).await.status, 204);
    assert_eq!(client.look("/log").await["total"], 0);
    assert_eq!((client.look("/dump/activities").await, client.get("/profile").await.headers), before);
}

#[tokio::test]
async fn a_dump_names_every_list() {
    let client = Client::new();
    let lists = client.look("").await["lists"].as_object().unwrap().clone();
    for (name, size) in &lists {
        let dump = client.look(&format!("/dump/{name}")).await;
        assert_eq!(&dump["total"], size, "{name}");
        let key = if name == "genetic/traits" { "traits" } else { "ids" };
        let names: BTreeSet<&str> =
            dump[key].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!(json!(names.len()), *size, "{name}: all different");
    }
    assert_eq!(lists.len(), 34);
    let answer = client.look("/dump/steps").await;
    assert_eq!(answer["statusCode"], 404);
}

#[tokio::test]
async fn a_mutation_that_is_not_understood_is_400_or_404() {
    let client = Client::new();
    for (body, status) in [
        (json!({ "type": "steps" }), 404),
        (json!({ "type": "weight", "insert": 1 }), 400),
        (json!({ "type": "weight", "remove": -1 }), 400),
        (json!({ "remove": 1 }), 400),
    ] {
        assert_eq!(client.post("/mutate", &body).await.status, status, "{body}");
    }
}
