//! Connections that break. This module only requests a reset; `server`, which has the socket, does it.

use std::io;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::task::yield_now;

/// An extension of a response that says to end the connection without sending anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// At once, with a TCP reset (RFC 9293 §3.10.7.4): the client sees "connection reset".
    Reset,
    /// Orderly, with a FIN: the client sees "connection closed" instead of an answer.
    Close,
}

impl IntoResponse for Cut {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(self);
        response
    }
}

/// The first half of a body, then a broken connection.
pub fn cut_within_body(body: Bytes) -> Body {
    let half = body.slice(..body.len() / 2);
    Body::from_stream(stream::unfold(Some(half), |half| async {
        if let Some(half) = half {
            return Some((Ok(half), None));
        }
        // This yields once, so that the first half is sent before the connection ends.
        yield_now().await;
        Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None))
    }))
}
