//! Notifications, received by an app over HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use hmac::{Hmac, KeyInit, Mac};
use humansync_sandbox::server;
use serde_json::{Value, json};
use sha1::Sha1;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::yield_now;

use crate::apps::{name, small};
use crate::client::Client;

const SECRET: &str = "client-secret";

/// An app that takes notifications.
struct App {
    url: String,
    /// What it answers.
    status: Arc<AtomicU16>,
    received: UnboundedReceiver<(Uri, HeaderMap, String)>,
}

impl App {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/notified?from=sandbox", listener.local_addr().expect("an address"));
        let status = Arc::new(AtomicU16::new(200));
        let (sender, received) = unbounded_channel();
        let answers = Arc::clone(&status);
        let take = move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let body = String::from_utf8(body.to_vec()).expect("UTF-8");
            sender.send((uri, headers, body)).expect("the test is there");
            std::future::ready(StatusCode::from_u16(answers.load(Ordering::SeqCst)).expect("a status"))
        };
        let router = Router::new().fallback(axum::routing::post(take));
        tokio::spawn(server::serve(listener, router, std::future::pending()));
        Self { url, status, received }
    }

    /// The next notification's payload, whose signature is checked.
    async fn next(&mut self) -> Value {
        let (uri, headers, payload) = self.received.recv().await.expect("the app is there");
        assert_eq!(uri, "/notified?from=sandbox");
        let header = |name: &str| headers[name].to_str().expect("ASCII");
        assert_eq!(header("content-type"), "application/json");
        let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).expect("a key");
        mac.update(
            format!("{payload}{}{}", header("x-humanapi-timestamp"), header("x-humanapi-nonce")).as_bytes(),
        );
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(header("x-humanapi-signature"), hex);
        let mut payload: Value = serde_json::from_str(&payload).expect("JSON");
        payload["nonce"] = json!(header("x-humanapi-nonce"));
        payload["timestamp"] = json!(header("x-humanapi-timestamp"));
        payload
    }
}

impl Client {
    async fn notifies(&self, app: &App) {
        let answer = self.post("/notifications", &json!({ "url": app.url, "secret": SECRET })).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains(SECRET), "{}", answer.text);
    }

    /// The counts, once nothing is on its way.
    async fn counts(&self) -> (u64, u64, u64) {
        loop {
            let shown = self.look("/notifications").await;
            let [sent, answered, dropped] =
                ["sent", "answered", "dropped"].map(|field| shown[field].as_u64().expect("a count"));
            if sent == answered + dropped {
                return (sent, answered, dropped);
            }
            yield_now().await;
        }
    }
}

#[tokio::test]
async fn each_change_of_the_person_is_told_once() {
    let (client, mut app) = (Client::new(), App::start().await);
    client.notifies(&app).await;
    let human_id = client.look("/person").await["humanId"].clone();
    let mut nonces = BTreeSet::new();
    for (path, change) in [
        ("/person/mutate", json!({ "type": "medical/vitals", "update": 2 })),
        ("/person/mutate", json!({ "insert": 1, "remove": 1 })),
        ("/mutate", json!({ "type": "weight", "touch": 1 })),
    ] {
        assert_eq!(client.post(path, &change).await.status, 200);
        let told = app.next().await;
        assert_eq!((&told["event"], &told["humanId"]), (&json!("dataChanged"), &human_id));
        assert_eq!(told["clientId"], "demo-app");
        assert!(told["createdAt"].as_str().unwrap().starts_with("2025-06-30T12:00:0"), "{told}");
        assert!(told["timestamp"].as_str().unwrap().starts_with("175128480"), "{told}");
        nonces.insert(told["nonce"].to_string());
    }
    assert_eq!(nonces.len(), 3);
    for (path, change) in [
        ("/person/mutate", json!({ "type": "medical/vitals" })),
        ("/mutate", json!({ "type": "weight" })),
        ("/app/mutate", json!({})),
    ] {
        assert_eq!(client.post(path, &change).await.status, 200);
    }
    assert_eq!(client.counts().await, (3, 3, 0), "nothing changed, and nothing is told");
    assert!(app.received.try_recv().is_err());
}

#[tokio::test]
async fn a_change_of_an_app_is_told_for_each_user_whose_records_changed() {
    let (client, mut app) = (small(), App::start().await);
    let by_name = async || -> BTreeMap<String, Value> {
        client.held("weights").await.into_iter().map(|record| (name(&record), record)).collect()
    };
    let before = by_name().await;
    client.notifies(&app).await;
    client.mutated(json!({ "type": "weights", "insert": 9, "update": 9, "remove": 9 })).await;
    let after = by_name().await;
    let differs = |records: &BTreeMap<String, Value>, others: &BTreeMap<String, Value>| -> Vec<String> {
        let changed = records.iter().filter(|(name, record)| others.get(*name) != Some(record));
        changed.map(|(_, record)| record["humanId"].as_str().unwrap().to_owned()).collect()
    };
    let expected: BTreeSet<String> =
        differs(&before, &after).into_iter().chain(differs(&after, &before)).collect();
    assert!((10..=27).contains(&expected.len()));
    let mut told = BTreeSet::new();
    for _ in 0..expected.len() {
        told.insert(app.next().await["humanId"].as_str().unwrap().to_owned());
    }
    assert_eq!(told, expected);
    assert_eq!(client.counts().await, (expected.len() as u64, expected.len() as u64, 0), "each once");
}

#[tokio::test]
async fn notifications_are_sent_on_demand_to_anybody_known() {
    let (client, mut app) = (small(), App::start().await);
    client.notifies(&app).await;
    let user = client.of_all("").await.records()[7]["humanId"].clone();
    let notify = json!({ "humanId": user, "times": 40, "event": "sourceConnected" });
    let answer = client.post("/notify", &notify).await;
    assert_eq!(answer.json(), json!({ "sent": 40, "answered": 40, "dropped": 0 }));
    for _ in 0..40 {
        let told = app.next().await;
        assert_eq!((&told["humanId"], &told["event"]), (&user, &json!("sourceConnected")));
    }
    assert_eq!(client.post("/notify", &json!({})).await.json()["answered"], 1);
    assert_eq!(app.next().await["humanId"], client.look("/person").await["humanId"]);
    for (body, status) in [
        (json!({ "humanId": "nobody" }), 404),
        (json!({ "times": 0 }), 400),
        (json!({ "times": 10_001 }), 400),
        (json!({ "event": "gone" }), 400),
        (json!({ "count": 1 }), 400),
    ] {
        assert_eq!(client.post("/notify", &body).await.status, status, "{body}");
    }
    assert_eq!(client.counts().await, (41, 41, 0));
}

#[tokio::test]
async fn one_that_is_not_answered_with_200_is_dropped_and_not_repeated() {
    let (client, mut app) = (Client::new(), App::start().await);
    client.notifies(&app).await;
    for status in [500, 503, 204, 302, 404] {
        app.status.store(status, Ordering::SeqCst);
        let answer = client.post("/notify", &json!({})).await;
        assert_eq!(answer.json(), json!({ "sent": 1, "answered": 0, "dropped": 1 }), "{status}");
        app.next().await;
    }
    app.status.store(200, Ordering::SeqCst);
    assert_eq!(client.post("/notify", &json!({})).await.json()["answered"], 1);
    app.next().await;
    assert!(app.received.try_recv().is_err(), "none is repeated");
    // Nobody listens at a port that was just closed.
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    client.post("/notifications", &json!({ "url": format!("http://{closed}/"), "secret": SECRET })).await;
    assert_eq!(client.post("/notify", &json!({})).await.json()["dropped"], 1);
    assert_eq!(client.counts().await, (7, 1, 6));
}

#[tokio::test(start_paused = true)]
async fn one_that_is_not_answered_within_three_seconds_is_dropped() {
    let client = Client::new();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    client.post("/notifications", &json!({ "url": url, "secret": SECRET })).await;
    let started = tokio::time::Instant::now();
    let answer = client.post("/notify", &json!({})).await;
    assert_eq!(answer.json(), json!({ "sent": 1, "answered": 0, "dropped": 1 }));
    let waited = started.elapsed();
    assert!((Duration::from_secs(3)..Duration::from_millis(3100)).contains(&waited), "{waited:?}");
}

#[tokio::test]
async fn without_a_url_nothing_is_sent() {
    let (client, mut app) = (Client::new(), App::start().await);
    let none = json!({ "url": null, "sent": 0, "answered": 0, "dropped": 0 });
    assert_eq!(client.look("/notifications").await, none);
    client.post("/person/mutate", &json!({ "type": "weight", "insert": 1 })).await;
    let refused = client.post("/notify", &json!({})).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("/_sandbox/notifications"), "{}", refused.text);
    client.notifies(&app).await;
    assert_eq!(client.look("/notifications").await["url"], app.url);
    client.post("/notify", &json!({})).await;
    app.next().await;
    client.post("/notifications", &json!({ "url": null })).await;
    client.post("/person/mutate", &json!({ "type": "weight", "insert": 1 })).await;
    assert_eq!(client.counts().await, (1, 1, 0));
    client.notifies(&app).await;
    client.post("/reset", &json!(null)).await;
    assert_eq!(client.look("/notifications").await, none);
}

#[tokio::test]
async fn where_they_go_is_checked() {
    let client = Client::new();
    for body in [
        json!({ "url": "http://example.org/", "secret": "s" }),
        json!({ "url": "http://10.0.0.1/", "secret": "s" }),
        json!({ "url": "https://127.0.0.1/", "secret": "s" }),
        json!({ "url": "http://127.0.0.1/", "secret": "" }),
        json!({ "url": "http://127.0.0.1/" }),
        json!({ "secret": "s" }),
        json!({ "url": "http://127.0.0.1/", "secret": "s", "timeout": 1 }),
        json!([]),
    ] {
        let answer = client.post("/notifications", &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text);
    }
    assert_eq!(client.look("/notifications").await["url"], Value::Null);
}
