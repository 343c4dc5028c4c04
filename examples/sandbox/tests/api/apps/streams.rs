//! A type whose records are made on the fly.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::Method;
use humansync_sandbox::{AppSize, BatchType, Settings, StreamSize};
use serde_json::{Value, json};

use super::{USERS, asked, name, text};
use crate::client::Client;

fn streaming(records: u64, rate: u32, clock_runs: bool) -> Client {
    let stream = StreamSize { batch_type: BatchType::HeartRates, records, days: 31, rate };
    let app_size = AppSize { users: 50, days: 100, records: 20_000 };
    Client::with(Settings { app_size, stream: Some(stream), clock_runs, ..Settings::default() })
}

const MONTH: &str = "updated_since=20250530T120000Z&updated_before=20250630T120000Z";

#[tokio::test]
async fn all_pages_of_a_month_are_its_records_newest_first() {
    let client = streaming(3000, 0, false);
    let users: BTreeSet<String> =
        client.of_all("").await.records().iter().map(|user| text(user, "humanId").to_owned()).collect();
    let mut records: Vec<Value> = Vec::new();
    for page in 0..6 {
        let answer = client.of_all(&format!("/heart_rates?{MONTH}&limit=500&offset={}", page * 500)).await;
        assert_eq!(answer.total(), 3000);
        assert_eq!(answer.header("link").unwrap().contains("rel=\"next\""), page < 5, "{page}");
        records.extend(answer.records());
    }
    assert!(client.of_all(&format!("/heart_rates?{MONTH}&offset=3000")).await.records().is_empty());
    assert!(records.is_sorted_by(|one, next| text(one, "updatedAt") >= text(next, "updatedAt")));
    assert_eq!(records.iter().map(name).collect::<BTreeSet<_>>().len(), 3000);
    for record in &records {
        assert_eq!(text(record, "id").len(), 24);
        assert!(users.contains(text(record, "humanId")), "{record}");
        assert_eq!(record["unit"], "bpm");
        assert!(
            record["value"].is_u64() && record["timestamp"].is_string() && record["tzOffset"].is_string()
        );
    }
    let mut held = client.held("heart_rates").await;
    held.sort_by_key(name);
    records.sort_by_key(name);
    assert_eq!(records, held);
}

/// What a consumer computes from records, to compare it.
fn checksum<'a>(records: impl IntoIterator<Item = &'a Value>) -> u64 {
    let of = |record: &Value| {
        let id = u64::from_str_radix(&text(record, "id")[16..], 16).expect("hex digits");
        let updated = chrono::DateTime::parse_from_rfc3339(text(record, "updatedAt")).expect("an instant");
        id + updated.timestamp_millis() as u64
    };
    records.into_iter().map(of).sum::<u64>() % (1 << 32)
}

#[tokio::test]
async fn a_checksum_is_that_of_the_records_of_the_window_streamed_or_not() {
    let client = streaming(3000, 0, false);
    for batch_type in ["heart_rates", "weights"] {
        let held = client.held(batch_type).await;
        let look = async |window: &str| client.look(&format!("/app/checksum/{batch_type}{window}")).await;
        let all = json!({ "records": held.len(), "checksum": checksum(&held) });
        assert_eq!(look("").await, all, "{batch_type}");
        let within = |record: &&Value| {
            ("2025-06-20T00:00:00.000Z".."2025-06-27T00:00:00.000Z").contains(&text(record, "updatedAt"))
        };
        let inside: Vec<&Value> = held.iter().filter(within).collect();
        assert!(!inside.is_empty() && inside.len() < held.len());
        let expected = json!({ "records": inside.len(), "checksum": checksum(inside) });
        let window = "?updated_since=20250620T000000Z&updated_before=20250627T000000Z";
        assert_eq!(look(window).await, expected, "{batch_type}");
    }
    for (path, status) in [
        ("heart_rate", 404),
        ("genetic_traits", 404),
        ("weights?limit=5", 400),
        ("weights?updated_since=1", 400),
    ] {
        assert_eq!(client.text(&format!("/app/checksum/{path}")).await.status, status, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn records_arrive_while_the_clock_runs() {
    let client = streaming(1000, 100, true);
    assert_eq!(client.look("/app").await["lists"]["heart_rates"], 1000);
    tokio::time::advance(Duration::from_millis(10_500)).await;
    let all = client.of_all("/heart_rates?updated_since=20250601T000000Z&limit=500").await;
    assert_eq!(all.header("date"), Some("Mon, 30 Jun 2025 12:00:10 GMT"));
    assert_eq!(client.look("/app").await["stream"]["records"], 2050);
    let arrived = client.of_all("/heart_rates?updated_since=20250630T120000Z&limit=500").await;
    assert_eq!(arrived.total(), 1050);
    assert_eq!(arrived.records()[0]["updatedAt"], "2025-06-30T12:00:10.490Z");
    let second = "/heart_rates?updated_since=20250630T120003Z&updated_before=20250630T120004Z&limit=500";
    let before = client.of_all(second).await;
    assert_eq!(before.total(), 100);
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(client.of_all(second).await.records(), before.records(), "a window in the past stands");
    // The default window of a day moves with the clock.
    assert!(client.of_all("/heart_rates").await.total() >= 7050);
}

#[tokio::test]
async fn records_arrive_when_a_standing_clock_is_moved_on() {
    let client = streaming(1000, 100, false);
    let open = "/heart_rates?updated_since=20250630T120000Z";
    assert_eq!(client.of_all(open).await.total(), 0);
    client.clock(json!({ "advanceSeconds": 7 })).await;
    assert_eq!(client.of_all(open).await.total(), 700);
    client.clock(json!({ "now": "2025-06-30T12:00:01Z" })).await;
    assert_eq!(client.of_all(open).await.total(), 100);
    assert_eq!(client.post("/reset", &json!(null)).await.status, 204);
    assert_eq!(client.look("/app").await["stream"]["records"], 1000);
}

#[tokio::test]
async fn how_far_it_was_read_is_told() {
    let client = streaming(20_000_000, 0, false);
    let page = client.of_all(&format!("/heart_rates?{MONTH}&limit=1")).await;
    assert_eq!(page.total(), 20_000_000);
    let stream = || async { client.look("/app").await["stream"].clone() };
    let unread = json!({ "type": "heart_rates", "records": 20_000_000, "maxOffset": 0, "maxWalkedTotal": 0 });
    assert_eq!(stream().await, unread, "a first page tells the total, and is no walk");
    let hour = "updated_since=20250610T120000Z&updated_before=20250610T130000Z";
    let total = client.of_all(&format!("/heart_rates?{hour}&limit=500&offset=26500")).await.total();
    assert!((26_800..27_000).contains(&total), "{total}");
    let read =
        json!({ "type": "heart_rates", "records": 20_000_000, "maxOffset": 26_500, "maxWalkedTotal": total });
    assert_eq!(stream().await, read);
    let deep = client.of_all(&format!("/heart_rates?{MONTH}&limit=500&offset=19999900")).await;
    assert_eq!(deep.records().len(), 100);
    assert_eq!(stream().await["maxOffset"], 19_999_900);
    client.of_all("/weights?updated_since=20250601T000000Z&offset=7&limit=5").await;
    let walks = client.look("/app").await["walks"].clone();
    assert_eq!(walks["weights"]["maxOffset"], 7);
    assert_eq!(walks["heart_rates"]["maxWalkedTotal"], 20_000_000);
}

#[tokio::test]
async fn what_would_need_every_record_is_refused() {
    let client = streaming(2_000_000, 0, false);
    for filter in
        ["source=fitbit", "created_since=20250601T000000Z", "start_date=2025-06-01&end_date=2025-06-02"]
    {
        let answer = client.of_all(&format!("/heart_rates?{MONTH}&{filter}")).await;
        assert_eq!(answer.status, 400, "{filter}");
        assert!(answer.text.contains("updated_since"), "{}", answer.text);
    }
    assert!(client.text("/app/dump/heart_rates").await.text.contains("/_sandbox/app/checksum/heart_rates"));
    for change in [json!({ "type": "heart_rates", "insert": 1 }), json!({ "insert": 1 })] {
        let answer = client.post("/app/mutate", &change).await;
        assert_eq!(answer.status, 400, "{change}");
        assert!(answer.text.contains("--stream-rate"), "{}", answer.text);
    }
    client.mutated(json!({ "type": "weights", "insert": 1 })).await;
    let user = client.of_all("").await.records().remove(0);
    let path = format!("{USERS}/{}", text(&user, "humanId"));
    let answer = client.send(asked(Method::DELETE, &path)).await.unwrap();
    assert_eq!(answer.status, 409, "{}", answer.text);
}

#[tokio::test]
async fn it_keeps_to_the_other_rules() {
    let client = streaming(3000, 0, false);
    let too_long = "updated_since=20250530T115959Z&updated_before=20250630T120000Z";
    assert_eq!(client.of_all(&format!("/heart_rates?{too_long}")).await.status, 400);
    let updated = client.of_all(&format!("/heart_rates?{MONTH}&limit=500")).await.records();
    client.faults(json!({ "batchOrder": "recorded", "maxLimit": 70 })).await;
    let recorded = client.of_all(&format!("/heart_rates?{MONTH}&limit=500")).await.records();
    assert_eq!(recorded, updated[..70], "recorded in the order in which it was updated");
    assert!(recorded.is_sorted_by(|one, next| text(one, "timestamp") >= text(next, "timestamp")));
}
