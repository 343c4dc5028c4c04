//! Following `next` from page to page.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Answer, Client, id};

/// The target of a relation, read the plain way.
fn target(answer: &Answer, relation: &str) -> Option<String> {
    let links = answer.header("link")?;
    let link = links.split(",<").find(|link| link.ends_with(&format!("rel=\"{relation}\"")))?;
    let target = link.trim_start_matches('<').split('>').next()?;
    Some(target.strip_prefix("http://sandbox.test/v1/human").expect("the server's own origin").to_owned())
}

async fn walk(client: &Client, from: &str) -> (Vec<Value>, usize) {
    let (mut records, mut pages, mut next) = (Vec::new(), 0, Some(from.to_owned()));
    while let Some(path) = next {
        let page = client.get(&path).await;
        next = target(&page, "next");
        records.extend(page.records());
        pages += 1;
        assert!(pages < 1000, "a walk without end");
    }
    (records, pages)
}

#[tokio::test]
async fn a_walk_over_all_activities_meets_each_once() {
    let client = Client::new();
    let (records, pages) = walk(&client, "/activities").await;
    let ids: Vec<String> = records.iter().map(id).collect();
    assert_eq!((ids.len(), pages), (8490, 170));
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 8490);
    assert_eq!(ids, client.ids("activities").await);
}

#[tokio::test]
async fn a_walk_keeps_its_filters() {
    let client = Client::new();
    let (records, pages) = walk(&client, "/activities?source=runkeeper&limit=100").await;
    assert!(pages > 5 && records.iter().all(|record| record["source"] == "runkeeper"));
    assert_eq!(records.len(), client.get("/activities?source=runkeeper").await.total());
}

#[tokio::test]
async fn a_server_that_gives_less_than_asked_still_gives_all() {
    let client = Client::new();
    client.faults(json!({ "maxLimit": 70 })).await;
    let (records, pages) = walk(&client, "/sleeps?limit=500").await;
    assert_eq!(records.iter().map(id).collect::<Vec<_>>(), client.ids("sleeps").await);
    assert_eq!(pages, records.len().div_ceil(70));
}

#[tokio::test]
async fn the_page_that_last_may_lead_to_is_empty_and_leads_back() {
    let client = Client::new();
    let first = client.get("/activities?limit=10").await;
    let last = client.get(&target(&first, "last").unwrap()).await;
    assert!(last.records().is_empty());
    assert_eq!(target(&last, "next"), None);
    assert_eq!(target(&last, "prev").as_deref(), Some("/activities?limit=10&offset=8480"));
}

#[tokio::test]
async fn ignoring_the_offset_repeats_the_first_page() {
    let client = Client::new();
    client.faults(json!({ "ignoreOffset": true })).await;
    let first = client.get("/activities?limit=5").await;
    let second = client.get("/activities?limit=5&offset=5").await;
    assert_eq!(first.records(), second.records());
    assert_eq!(target(&second, "next").as_deref(), Some("/activities?limit=5&offset=10"));
}

#[tokio::test]
async fn data_changes_during_a_walk_and_the_same_way_each_time() {
    let walked = || async {
        let client = Client::new();
        client.faults(json!({ "churn": 2.5 })).await;
        let before: BTreeSet<String> = client.ids("weight").await.into_iter().collect();
        let (records, _) = walk(&client, "/weight/readings?limit=50").await;
        let after: BTreeSet<String> = client.ids("weight").await.into_iter().collect();
        (before, records.iter().map(id).collect::<Vec<_>>(), after)
    };
    let (before, records, after) = walked().await;
    assert!(after.difference(&before).count() > 10, "inserted");
    assert!(before.difference(&after).count() > 3, "removed");
    assert!(
        records.iter().collect::<BTreeSet<_>>().len() < records.len(),
        "a record moved back is met twice"
    );
    assert_eq!(walked().await, (before, records, after));
}
