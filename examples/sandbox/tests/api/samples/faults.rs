//! Faults on the way of a batch, and whether it was stored then.

use std::io::ErrorKind;

use axum::body::Body;
use axum::http::Request;
use axum::routing::Router;
use humansync_sandbox::faults::Cut;
use humansync_sandbox::{app, server};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::{PATH, batch, post};
use crate::client::Client;

/// The cut that a batch meets, if it meets one.
async fn cut(client: &Client, batch: &Value) -> Option<Cut> {
    let service: Router = app(&client.sandbox);
    let response = service.oneshot(post(batch.to_string())).await.expect("the service cannot fail");
    response.extensions().get::<Cut>().copied()
}

#[tokio::test]
async fn a_cut_before_stores_nothing_and_one_after_stores_all() {
    let client = Client::new();
    for (faults, kind, stored) in [
        (json!({ "cutBefore": 1 }), Cut::Reset, 0),
        (json!({ "cutAfter": 1 }), Cut::Close, 3),
        (json!({ "failNext": [{ "cut": "before" }] }), Cut::Reset, 0),
        (json!({ "failNext": [{ "cut": "after" }] }), Cut::Close, 3),
    ] {
        client.sandbox.reset();
        client.faults(faults.clone()).await;
        assert_eq!(cut(&client, &batch(0..3)).await, Some(kind), "{faults}");
        assert_eq!(client.total().await, stored, "{faults}");
        let seen = client.look("/log").await["requests"][0].clone();
        assert_eq!((&seen["outcome"], &seen["status"]), (&json!("cut"), &json!(null)), "{faults}");
    }
}

#[tokio::test]
async fn a_cut_within_stores_all_and_breaks_off_the_answer() {
    let client = Client::new();
    client.faults(json!({ "cutWithin": 1 })).await;
    assert!(client.send(post(batch(0..3).to_string())).await.is_err());
    assert_eq!(client.total().await, 3);
}

#[tokio::test]
async fn errors_come_before_or_after_the_batch_is_stored() {
    let client = Client::new();
    for (faults, status, retry_after, stored) in [
        (json!({ "errorRate": 1 }), 500, None, 0),
        (json!({ "errorRate": 1, "errorStatus": 503, "retryAfter": 7 }), 503, Some("7"), 0),
        (json!({ "errorAfter": 1 }), 500, None, 3),
        (json!({ "errorAfter": 1, "errorStatus": 503 }), 503, Some("1"), 3),
        (json!({ "failNext": [{ "status": 500 }] }), 500, None, 0),
        (json!({ "failNext": [{ "status": 500, "afterActing": true }] }), 500, None, 3),
        (json!({ "failNext": [{ "status": 429 }] }), 429, None, 0),
        (json!({ "failNext": [{ "status": 429, "retryAfter": 2 }] }), 429, Some("2"), 0),
        (json!({ "failNext": [{ "status": 503 }] }), 503, None, 0),
        (
            json!({ "failNext": [{ "status": 503, "retryAfter": "soon", "afterActing": true }] }),
            503,
            Some("soon"),
            3,
        ),
        (json!({ "failNext": [{ "status": 413 }] }), 413, None, 0),
    ] {
        client.sandbox.reset();
        client.faults(faults.clone()).await;
        let answer = client.batch(&batch(0..3)).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (status, retry_after), "{faults}");
        assert_eq!(client.total().await, stored, "{faults}");
    }
}

#[tokio::test]
async fn the_rate_limit_counts_batches() {
    let client = Client::new();
    client.faults(json!({ "rateLimit": "2/60s", "retryAfter": 3 })).await;
    let mut statuses = Vec::new();
    for part in 0..3 {
        let answer = client.batch(&batch(part * 10..part * 10 + 5)).await;
        statuses.push((answer.status.as_u16(), answer.header("retry-after").map(str::to_owned)));
    }
    assert_eq!(statuses, [(200, None), (200, None), (429, Some("3".to_owned()))]);
    assert_eq!(client.total().await, 10);
}

#[tokio::test]
async fn a_script_strikes_the_nth_post_and_nothing_else() {
    let client = Client::new();
    let script = json!([
        { "method": "POST", "path": PATH, "nth": 3, "status": 503 },
        { "method": "POST", "path": PATH, "nth": 2, "status": 500, "afterActing": true },
    ]);
    client.faults(json!({ "failNext": script })).await;
    let mut statuses = Vec::new();
    for part in 0..4 {
        assert_eq!(client.get("/profile").await.status, 200);
        statuses.push(client.batch(&batch(part * 10..part * 10 + 3)).await.status.as_u16());
    }
    assert_eq!(statuses, [200, 500, 503, 200]);
    assert_eq!(client.total().await, 9);
    let log = client.look("/log").await;
    let struck: Vec<&Value> = log["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seen| &seen["fault"])
        .filter(|fault| !fault.is_null())
        .collect();
    assert_eq!(struck, ["scripted 500 after acting", "scripted 503"]);
    assert_eq!(client.look("/faults").await["failNext"], json!([]));
}

#[tokio::test]
async fn a_request_that_hangs_has_no_answer_and_its_batch_is_stored_or_not() {
    let client = Client::new();
    for (hang, stored) in [("before", 0), ("after", 3)] {
        client.sandbox.reset();
        client.faults(json!({ "failNext": [{ "hang": hang }] })).await;
        let lane = tokio::spawn({
            let client = client.clone();
            async move { client.batch(&batch(0..3)).await.status }
        });
        while client.look("/log").await["inFlight"] == 0 || client.total().await != stored {
            tokio::task::yield_now().await;
        }
        assert!(!lane.is_finished());
        lane.abort();
        assert!(lane.await.unwrap_err().is_cancelled());
        assert_eq!(client.total().await, stored, "{hang}");
        assert_eq!(client.look("/log").await["requests"][0]["outcome"], "clientLeft");
    }
}

#[tokio::test(start_paused = true)]
async fn latency_is_waited_for_batches_too() {
    let client = Client::new();
    client.faults(json!({ "latencyMs": 400 })).await;
    let start = tokio::time::Instant::now();
    assert_eq!(client.batch(&batch(0..3)).await.status, 200);
    assert_eq!(start.elapsed().as_millis(), 400);
}

#[tokio::test]
async fn a_browser_may_send_samples_from_any_page() {
    let client = Client::new();
    let preflight = Request::options(PATH)
        .header("origin", "http://page.test")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type")
        .body(Body::empty());
    let answer = client.send(preflight.unwrap()).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (204, Some("*")));
    assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
    let allowed = answer.header("access-control-allow-headers").unwrap().to_ascii_lowercase();
    assert!(["authorization", "content-type"].iter().all(|name| allowed.contains(name)), "{allowed}");
    client.faults(json!({ "failNext": [{ "status": 429, "retryAfter": 1, "nth": 2 }] })).await;
    for status in [200, 429, 422] {
        let answer = client.batch(&batch(0..if status == 422 { 2 } else { 3 })).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("access-control-allow-origin")),
            (status, Some("*"))
        );
        assert!(answer.header("access-control-expose-headers").unwrap().contains("Retry-After"), "{status}");
    }
    client.faults(json!({ "hideHeaders": true, "failNext": [{ "status": 429, "retryAfter": 1 }] })).await;
    let hidden = client.batch(&batch(0..3)).await;
    assert_eq!((hidden.header("retry-after"), hidden.header("date")), (None, None));
}

/// Sends a batch by a socket, more than fits into its buffers, and reads until the connection ends.
async fn by_socket(faults: Value, body: &str) -> (Client, String, Result<usize, ErrorKind>) {
    let client = Client::new();
    client.faults(faults).await;
    let listener = server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(server::serve(listener, app(&client.sandbox), std::future::pending()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: h\r\nauthorization: Bearer demo\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // Cut before, the connection may end while it is written to.
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body.as_bytes()).await;
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await.map_err(|error| error.kind());
    server.abort();
    (client, String::from_utf8(bytes).unwrap(), end)
}

#[tokio::test]
async fn a_refusal_reaches_the_client_although_the_body_is_large() {
    let padding = " ".repeat(20_000_000);
    for (faults, status) in [
        (json!({ "maxBodyBytes": 1000 }), 413),
        (json!({ "tokens": ["other"] }), 401),
        (json!({ "failNext": [{ "status": 503 }] }), 503),
        (json!({ "rateLimit": "1/60s", "errorRate": 1 }), 500),
    ] {
        let (client, text, end) = by_socket(faults.clone(), &padding).await;
        assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{faults}: {text}");
        assert_eq!(end, Ok(text.len()), "{faults}");
        assert_eq!(client.look("/log").await["requests"][0]["bodyBytes"], padding.len());
    }
}

#[tokio::test]
async fn cut_connections_of_a_post_look_like_those_of_a_get() {
    let body = batch(0..1000).to_string();
    for (cut, end, stored) in [("before", Err(ErrorKind::ConnectionReset), 0), ("after", Ok(0), 1000)] {
        let (client, text, met) = by_socket(json!({ "failNext": [{ "cut": cut }] }), &body).await;
        assert_eq!((text.as_str(), met), ("", end), "{cut}");
        assert_eq!(client.total().await, stored, "{cut}");
    }
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_of_its_body_leaves_nothing_behind() {
    let client = Client::new();
    let listener = server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(server::serve(listener, app(&client.sandbox), std::future::pending()));
    let body = batch(0..3).to_string();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: h\r\nauthorization: Bearer demo\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len() + 1
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    while client.look("/log").await["inFlight"] == 0 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    while client.look("/log").await["inFlight"] != 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.total().await, 0);
    server.abort();
}
