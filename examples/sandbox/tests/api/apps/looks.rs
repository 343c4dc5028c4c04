//! What the control endpoints tell of the app.

use serde_json::{Value, json};

use super::{TYPES, name, small};

#[tokio::test]
async fn the_overview_tells_the_app_and_how_much_there_is() {
    let client = small();
    let app = client.look("/app").await;
    let fields: Vec<&String> = app.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "now",
            "clientId",
            "users",
            "lists",
            "refusedSpans",
            "refusedDates",
            "refusedQueries",
            "maxSpanSeconds",
            "requests",
            "walks"
        ]
    );
    assert_eq!(app["now"], "2025-06-30T12:00:00.000Z");
    assert_eq!(
        (&app["clientId"], &app["users"], &app["requests"]),
        (&json!("demo-app"), &json!(50), &json!({}))
    );
    let lists = app["lists"].as_object().unwrap();
    assert!(lists.keys().eq(TYPES));
    let total: u64 = lists.values().map(|count| count.as_u64().unwrap()).sum();
    assert!((19_900..=20_000).contains(&total), "{total}");
    assert_eq!(lists["heart_rates"], 6000);
}

#[tokio::test]
async fn a_dump_is_what_the_api_gives() {
    let client = small();
    for batch_type in TYPES {
        let held = client.held(batch_type).await;
        assert!(held.iter().map(name).is_sorted_by(|one, next| one < next), "{batch_type}");
        let mut given: Vec<Value> = Vec::new();
        // A hundred days in spans.
        for span in [
            "updated_since=20250322T000000Z&updated_before=20250420T000000Z",
            "updated_since=20250420T000000Z&updated_before=20250515T000000Z",
            "updated_since=20250515T000000Z&updated_before=20250601T000000Z",
            "updated_since=20250601T000000Z",
        ] {
            let from = given.len();
            loop {
                let offset = given.len() - from;
                let page = client.of_all(&format!("/{batch_type}?limit=500&offset={offset}&{span}")).await;
                let records = page.records();
                if records.is_empty() {
                    break;
                }
                given.extend(records);
            }
        }
        given.sort_by_key(name);
        assert_eq!(given, held, "{batch_type}");
    }
    assert_eq!(client.text("/app/dump/steps").await.status, 404);
}

#[tokio::test]
async fn the_sandbox_names_its_endpoints() {
    let endpoints = small().look("").await["endpoints"].to_string();
    for endpoint in [
        "GET /_sandbox/app",
        "GET /_sandbox/app/dump/{type}",
        "POST /_sandbox/app/mutate",
        "POST /_sandbox/clock",
    ] {
        assert!(endpoints.contains(endpoint), "{endpoint}");
    }
}

#[tokio::test]
async fn reset_brings_back_everything() {
    let client = small();
    let dumps = || async {
        let mut dumps = Vec::new();
        for batch_type in ["weights", "genetic_traits"] {
            dumps.push(client.held(batch_type).await);
        }
        (dumps, client.of_all("").await.records(), client.of_all("/weights").await.headers)
    };
    let before = dumps().await;
    client.post("/reset", &json!(null)).await;
    let app = client.look("/app").await;

    client.mutated(json!({ "insert": 3, "update": 9, "remove": 2 })).await;
    client.clock(json!({ "advanceSeconds": 5 })).await;
    client.faults(json!({ "appKeys": ["other"], "batchOrder": "recorded" })).await;
    assert_eq!(client.of_all("/weights").await.status, 401);
    client.faults(json!({ "appKeys": null })).await;
    let human_id = before.1[0]["humanId"].as_str().unwrap();
    let delete = super::asked(axum::http::Method::DELETE, &format!("{}/{human_id}", super::USERS));
    assert_eq!(client.send(delete).await.unwrap().status, 204);
    client.of_all("/weights?updated_since=20200101T000000Z").await;
    assert_ne!(client.look("/app").await, app);

    assert_eq!(client.post("/reset", &json!(null)).await.status, 204);
    assert_eq!(client.look("/app").await, app);
    assert_eq!(dumps().await, before);
}
