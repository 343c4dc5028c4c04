//! Sends a notification. The headers of the timestamp and the nonce, and the digest in hex, are the sandbox's own choice:
//! the API's documentation tells of the signature only what it is made of.

use std::fmt::Write;
use std::pin::pin;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use futures_util::future::{Either, select};
use hmac::{Hmac, KeyInit, Mac};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sha1::Sha1;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::target::Target;

/// How long the app may take for its answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// The most of an answer's body that is read, in bytes.
const READ: usize = 64 * 1024;

/// A notification that is signed.
#[derive(Debug)]
pub struct Notification {
    pub payload: String,
    pub timestamp: String,
    pub nonce: String,
    pub signature: String,
}

/// HMAC-SHA1 (RFC 2104) over payload, timestamp and nonce, one after the other, in lower-case hex digits.
#[must_use]
pub fn signature(secret: &str, payload: &str, timestamp: &str, nonce: &str) -> String {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { return String::new() };
    for part in [payload, timestamp, nonce] {
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether the app answered with 200 in time.
pub async fn deliver(target: &Target, notification: Notification) -> bool {
    matches!(timeout(PATIENCE, answer(target, notification)).await, Ok(Some(StatusCode::OK)))
}

/// The status of the app's answer; `None` if there is none.
async fn answer(target: &Target, notification: Notification) -> Option<StatusCode> {
    let stream = TcpStream::connect(target.addresses()).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let url = target.url();
    let request = Request::post(url.path_and_query().map_or("/", |path| path.as_str()))
        .header(header::HOST, url.authority()?.as_str())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONNECTION, "close")
        .header("x-humanapi-signature", notification.signature)
        .header("x-humanapi-timestamp", notification.timestamp)
        .header("x-humanapi-nonce", notification.nonce)
        .body(Body::from(notification.payload))
        .ok()?;
    let answer = async move {
        let response = sender.send_request(request).await.ok()?;
        let status = response.status();
        // The app is not to be cut off while it answers.
        let _ = to_bytes(Body::new(response.into_body()), READ).await;
        Some(status)
    };
    match select(pin!(answer), pin!(connection)).await {
        Either::Left((status, _)) => status,
        Either::Right((_, answer)) => answer.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_hmac_sha1() {
        // RFC 2202 §3, test case 2.
        assert_eq!(
            signature("Jefe", "what do ya want ", "for ", "nothing?"),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
        // A key longer than a block of SHA-1, by Python's hmac.
        assert_eq!(
            signature(&"k".repeat(80), "payload", "1751284800", "0123"),
            "54975d90849101e3f695933bf4ac9a7677cc776e"
        );
    }
}
