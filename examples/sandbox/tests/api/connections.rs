//! Real sockets: what a client sees when a connection is cut, and how the server ends.

use std::io::ErrorKind;
use std::net::SocketAddr;

use axum::body::Body;
use axum::http::Request;
use humansync_sandbox::{app, server};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::client::Client;

const REQUEST: &[u8] =
    b"GET /v1/human/activities HTTP/1.1\r\nhost: h\r\nauthorization: Bearer demo\r\naccept: application/json\r\n\r\n";

struct Running {
    address: SocketAddr,
    client: Client,
    end: oneshot::Sender<()>,
    server: tokio::task::JoinHandle<()>,
}

async fn start(faults: Value) -> Running {
    let client = Client::new();
    client.faults(faults).await;
    let listener = server::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel();
    let server = tokio::spawn(server::serve(listener, app(&client.sandbox), async {
        ended.await.unwrap_or_default()
    }));
    Running { address, client, end, server }
}

/// Sends one request and reads until the connection ends.
async fn ask(running: &Running) -> (Vec<u8>, Result<usize, ErrorKind>) {
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(REQUEST).await.unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await.map_err(|error| error.kind());
    (bytes, end)
}

#[tokio::test]
async fn a_cut_before_is_a_reset_without_a_byte() {
    let running = start(json!({ "cutBefore": 1 })).await;
    assert_eq!(ask(&running).await, (Vec::new(), Err(ErrorKind::ConnectionReset)));
}

#[tokio::test]
async fn a_cut_after_is_a_close_without_a_byte() {
    let running = start(json!({ "cutAfter": 1 })).await;
    assert_eq!(ask(&running).await, (Vec::new(), Ok(0)));
}

#[tokio::test]
async fn a_cut_within_ends_before_the_last_chunk() {
    let running = start(json!({ "cutWithin": 1 })).await;
    let (bytes, _) = ask(&running).await;
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("transfer-encoding: chunked"), "{text}");
    assert!(!text.ends_with("0\r\n\r\n"), "the answer is whole");
}

#[tokio::test]
async fn connections_are_kept_and_lanes_end_with_their_answers() {
    let running = start(json!({})).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    for number in 1..=3 {
        stream.write_all(REQUEST).await.unwrap();
        let mut bytes = vec![0; 64 * 1024];
        let mut read = 0;
        while !bytes[..read].ends_with(b"}]") {
            read += stream.read(&mut bytes[read..]).await.unwrap();
        }
        let log = running.client.look("/log").await;
        assert_eq!(
            (&log["total"], &log["maxInFlight"], &log["inFlight"]),
            (&json!(number), &json!(1), &json!(0))
        );
    }
}

#[tokio::test]
async fn links_lead_to_the_host_that_was_asked() {
    let running = start(json!({})).await;
    let request = Request::get("/v1/human/activities")
        .header("host", running.address.to_string())
        .header("authorization", "Bearer demo")
        .header("accept", "application/json")
        .body(Body::empty());
    let answer = running.client.send(request.unwrap()).await.unwrap();
    let expected = format!("<http://{}/v1/human/activities?offset=50>; rel=\"next\"", running.address);
    assert!(answer.header("link").unwrap().starts_with(&expected));
}

#[tokio::test]
async fn the_server_ends_when_it_is_told_to_though_a_connection_is_open() {
    let running = start(json!({})).await;
    let mut idle = TcpStream::connect(running.address).await.unwrap();
    idle.write_all(REQUEST).await.unwrap();
    let mut bytes = [0; 12];
    idle.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"HTTP/1.1 200");
    running.end.send(()).unwrap();
    running.server.await.unwrap();
    assert!(TcpStream::connect(running.address).await.is_err());
}

#[tokio::test]
async fn other_addresses_than_loopback_are_refused() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let error = server::listen(address.parse().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{address}");
    }
}
