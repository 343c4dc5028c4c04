//! Pages of a batch list, and the links between them.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};

use super::{asked, name, small, text};
use crate::client::{Answer, Client};

const WINDOW: &str = "updated_since=20250601T000000Z";

fn target(answer: &Answer, relation: &str) -> Option<String> {
    let links = answer.header("link")?;
    let link = links.split(",<").find(|link| link.ends_with(&format!("rel=\"{relation}\"")))?;
    let target = link.trim_start_matches('<').split('>').next()?;
    Some(target.strip_prefix("http://sandbox.test").expect("the server's own origin").to_owned())
}

async fn walk(client: &Client, from: &str) -> (Vec<Value>, usize) {
    let (mut records, mut pages, mut next) = (Vec::new(), 0, Some(format!("/v1/apps/demo-app/users/{from}")));
    while let Some(path) = next {
        let page = client.send(asked(Method::GET, &path)).await.unwrap();
        next = target(&page, "next");
        records.extend(page.records());
        pages += 1;
        assert!(pages < 1000, "a walk without end");
    }
    (records, pages)
}

#[tokio::test]
async fn a_walk_meets_each_record_once_the_newest_first() {
    let client = small();
    let (records, pages) = walk(&client, &format!("heart_rates?{WINDOW}")).await;
    let total = client.of_all(&format!("/heart_rates?{WINDOW}")).await.total();
    assert!(total > 500);
    assert_eq!((records.len(), pages), (total, total.div_ceil(50)));
    assert_eq!(records.iter().map(name).collect::<BTreeSet<_>>().len(), total);
    // Those of the same millisecond by their key, which is the end of the id.
    let place = |record: &Value| (text(record, "updatedAt").to_owned(), text(record, "id")[8..].to_owned());
    assert!(records.iter().map(place).is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn recorded_order_gives_the_same_records_by_when_they_were_recorded() {
    let client = small();
    let path = format!("heart_rates?{WINDOW}&limit=500");
    let (by_update, _) = walk(&client, &path).await;
    client.faults(json!({ "batchOrder": "recorded" })).await;
    let (by_time, _) = walk(&client, &path).await;
    let place = |record: &Value| (text(record, "timestamp").to_owned(), text(record, "id")[8..].to_owned());
    assert!(by_time.iter().map(place).is_sorted_by(|newer, older| newer > older));
    let names = |records: &[Value]| records.iter().map(name).collect::<BTreeSet<_>>();
    assert_eq!(names(&by_time), names(&by_update));
    assert_ne!(by_time, by_update);
    // What changes is seen, however the list is kept.
    client.mutated(json!({ "type": "heart_rates", "insert": 3, "remove": 1 })).await;
    assert_eq!(
        client.of_all(&format!("/{path}")).await.total(),
        client
            .held("heart_rates")
            .await
            .iter()
            .filter(|record| text(record, "updatedAt") >= "2025-06-01")
            .count()
    );
}

#[tokio::test]
async fn links_and_totals_are_those_of_every_list() {
    let client = small();
    let total = client.of_all(&format!("/weights?{WINDOW}")).await.total();
    let page = client.of_all(&format!("/weights?{WINDOW}&limit=20&offset=40")).await;
    assert_eq!(page.records().len(), 20);
    let path = format!("http://sandbox.test/v1/apps/demo-app/users/weights?{WINDOW}&limit=20&offset=");
    let last = total / 20 * 20;
    assert_eq!(
        page.header("link").unwrap(),
        format!(
            "<{path}0>; rel=\"first\",<{path}20>; rel=\"prev\",<{path}60>; rel=\"next\",<{path}{last}>; rel=\"last\""
        )
    );
    let beyond = client.of_all(&format!("/weights?{WINDOW}&offset=100000")).await;
    assert_eq!((beyond.records().len(), beyond.total(), target(&beyond, "next")), (0, total, None));
}

#[tokio::test]
async fn faults_of_pages_are_those_of_every_list() {
    let client = small();
    let ask = || client.of_all("/heart_rates?updated_since=20250601T000000Z&limit=10&offset=10");
    let plain = ask().await;

    client.faults(json!({ "maxLimit": 4 })).await;
    let less = ask().await;
    assert_eq!(less.records(), plain.records()[..4]);
    assert!(target(&less, "next").unwrap().ends_with("limit=10&offset=14"));
    let (records, _) = walk(&client, &format!("weights?{WINDOW}&limit=50")).await;
    assert_eq!(records.len(), client.of_all(&format!("/weights?{WINDOW}")).await.total());

    client.faults(json!({ "maxLimit": null, "ignoreOffset": true })).await;
    let first = client.of_all(&format!("/heart_rates?{WINDOW}&limit=10")).await;
    assert_eq!(ask().await.records(), first.records());

    client.faults(json!({ "ignoreOffset": false, "linkForm": "documented" })).await;
    assert!(ask().await.header("link").unwrap().starts_with("http://sandbox.test/v1/apps/"));
    client.faults(json!({ "linkForm": "none" })).await;
    assert_eq!(ask().await.header("link"), None);

    client.faults(json!({ "linkForm": "wire", "nextLinkOrigin": "http://evil.test" })).await;
    assert!(
        ask().await.header("link").unwrap().contains("<http://evil.test/v1/apps/demo-app/users/heart_rates?")
    );
    client.faults(json!({ "nextLinkOrigin": null, "nextLeadsBack": true })).await;
    assert!(target(&ask().await, "next").unwrap().ends_with("offset=10"));

    client.faults(json!({ "hideHeaders": true })).await;
    let hidden = ask().await;
    assert_eq!(hidden.records(), plain.records());
    for header in ["link", "x-total-count", "date"] {
        assert_eq!(hidden.header(header), None, "{header}");
    }
}

#[tokio::test]
async fn errors_strike_batch_lists_too() {
    let client = small();
    client.faults(json!({ "failNext": [{ "path": "/v1/apps", "status": 503, "retryAfter": 2 }] })).await;
    let struck = client.of_all("/weights").await;
    assert_eq!((struck.status.as_u16(), struck.header("retry-after")), (503, Some("2")));
    assert_eq!(client.of_all("/weights").await.status, 200);
    client.faults(json!({ "errorRate": 1 })).await;
    assert_eq!(client.of_all("/weights").await.status, 500);
}
