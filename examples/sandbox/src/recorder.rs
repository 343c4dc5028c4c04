//! Logs every request to the APIs, its answer, and the number of requests in flight, so that tests can check whether a
//! client follows the rules.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use serde::Serialize;

use crate::faults::Cut;
use crate::sandbox::Sandbox;

/// The number of a request, from 1, as an extension of requests and responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub u64);

/// An extension of responses: the fault that occurred.
#[derive(Clone, Debug)]
pub struct Struck(pub Cow<'static, str>);

/// An extension of requests: how much of the body was read. A handler that parses the body adds the number of samples.
#[derive(Debug, Default)]
pub struct Received {
    bytes: AtomicU64,
    pub samples: OnceLock<usize>,
}

/// The most requests that are kept. The oldest are dropped first.
const KEPT: usize = 50_000;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    InFlight,
    /// The whole answer was passed to the connection.
    Answered,
    /// The sandbox broke the connection.
    Cut,
    /// The client closed the connection first.
    ClientLeft,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    number: u64,
    method: String,
    path: String,
    query: String,
    /// Of an Authorization, only the scheme is kept.
    headers: BTreeMap<String, String>,
    /// The bytes of the request's body that were read.
    body_bytes: u64,
    /// The number of samples in the request's body, if it is a batch that could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    samples: Option<usize>,
    /// The arrival, since the start or the last reset.
    arrived_ms: f64,
    /// The time until the last byte of the answer.
    duration_ms: Option<f64>,
    /// The number of requests in flight, including this one.
    in_flight: usize,
    status: Option<u16>,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<Cow<'static, str>>,
    /// Whether it arrived while a `Retry-After` asked clients to wait.
    early: bool,
}

impl Seen {
    fn has(&mut self, received: &Received) {
        self.body_bytes = received.bytes.load(Ordering::Relaxed);
        self.samples = received.samples.get().copied();
    }
}

#[derive(Debug)]
struct Log {
    /// The number of resets, so that requests that were in flight during a reset are not counted.
    generation: u64,
    since: Instant,
    requests: VecDeque<Seen>,
    total: u64,
    in_flight: usize,
    max_in_flight: usize,
    early: u64,
    preflights: u64,
    paused_until: Option<Instant>,
}

impl Log {
    fn new(generation: u64) -> Self {
        Self {
            generation,
            since: Instant::now(),
            requests: VecDeque::new(),
            total: 0,
            in_flight: 0,
            max_in_flight: 0,
            early: 0,
            preflights: 0,
            paused_until: None,
        }
    }

    fn seen(&mut self, number: u64) -> Option<&mut Seen> {
        let first = self.requests.front()?.number;
        self.requests.get_mut(usize::try_from(number.checked_sub(first)?).ok()?)
    }
}

/// The log; shared by all requests.
#[derive(Debug)]
pub struct Recorder(Mutex<Log>);

impl Default for Recorder {
    fn default() -> Self {
        Self(Mutex::new(Log::new(0)))
    }
}

impl Recorder {
    /// Forgets everything and counts from 1 again.
    pub fn reset(&self) {
        let mut log = self.log();
        *log = Log::new(log.generation + 1);
    }

    /// Counts a CORS preflight, which is sent by the browser and not by the client.
    pub fn preflight(&self) {
        self.log().preflights += 1;
    }

    /// The body of `GET /_sandbox/log`.
    #[must_use]
    pub fn report(&self) -> serde_json::Value {
        let log = self.log();
        serde_json::json!({
            "total": log.total,
            "inFlight": log.in_flight,
            "maxInFlight": log.max_in_flight,
            "early": log.early,
            "preflights": log.preflights,
            "requests": log.requests,
        })
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn arrived(self: &Arc<Self>, request: &Request) -> Visit {
        let now = Instant::now();
        let mut log = self.log();
        log.total += 1;
        log.in_flight += 1;
        log.max_in_flight = log.max_in_flight.max(log.in_flight);
        let early = log.paused_until.is_some_and(|until| now < until);
        log.early += u64::from(early);
        let seen = Seen {
            number: log.total,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            headers: without_secrets(request.headers()),
            body_bytes: 0,
            samples: None,
            arrived_ms: milliseconds(now - log.since),
            duration_ms: None,
            in_flight: log.in_flight,
            status: None,
            outcome: Outcome::InFlight,
            fault: None,
            early,
        };
        log.requests.push_back(seen);
        if log.requests.len() > KEPT {
            log.requests.pop_front();
        }
        Visit {
            recorder: Arc::clone(self),
            generation: log.generation,
            number: log.total,
            since: now,
            received: Arc::default(),
            outcome: Outcome::ClientLeft,
        }
    }

    fn answered(&self, visit: &Visit, response: &Response) {
        let mut log = self.log();
        if log.generation != visit.generation {
            return;
        }
        if let Some(seconds) = response.headers().get(header::RETRY_AFTER).and_then(seconds) {
            let until = Instant::now() + Duration::from_secs(seconds);
            log.paused_until = log.paused_until.max(Some(until));
        }
        let cut = response.extensions().get::<Cut>().is_some();
        let struck = response.extensions().get::<Struck>().map(|struck| struck.0.clone());
        if let Some(seen) = log.seen(visit.number) {
            seen.status = (!cut).then(|| response.status().as_u16());
            seen.fault = struck;
            seen.has(&visit.received);
        }
    }

    fn left(&self, visit: &Visit) {
        let mut log = self.log();
        if log.generation != visit.generation {
            return;
        }
        log.in_flight = log.in_flight.saturating_sub(1);
        if let Some(seen) = log.seen(visit.number) {
            seen.outcome = visit.outcome;
            seen.has(&visit.received);
            seen.duration_ms = Some(milliseconds(visit.since.elapsed()));
        }
    }
}

/// Records a request and its answer.
pub async fn record(State(sandbox): State<Arc<Sandbox>>, mut request: Request, next: Next) -> Response {
    let mut visit = sandbox.recorder.arrived(&request);
    let number = Number(visit.number);
    request.extensions_mut().insert(number);
    request.extensions_mut().insert(Arc::clone(&visit.received));
    let received = Arc::clone(&visit.received);
    let request = request.map(|body| Body::new(Counted { body, received }));
    let mut response = next.run(request).await;
    sandbox.recorder.answered(&visit, &response);
    response.extensions_mut().insert(number);
    if response.extensions().get::<Cut>().is_some() {
        visit.outcome = Outcome::Cut;
        return response;
    }
    response.map(|body| Body::new(Watched::new(body, visit)))
}

/// A request in flight. It ends when this is dropped, for whatever reason.
#[derive(Debug)]
struct Visit {
    recorder: Arc<Recorder>,
    generation: u64,
    number: u64,
    since: Instant,
    received: Arc<Received>,
    outcome: Outcome,
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.recorder.left(self);
    }
}

/// A request's body that counts the bytes that are read.
struct Counted {
    body: Body,
    received: Arc<Received>,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.received.bytes.fetch_add(data.len() as u64, Ordering::Relaxed);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body that keeps its request in flight until it is sent.
struct Watched {
    body: Body,
    visit: Visit,
}

impl Watched {
    fn new(body: Body, mut visit: Visit) -> Self {
        if body.is_end_stream() {
            visit.outcome = Outcome::Answered;
        }
        Self { body, visit }
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        match &frame {
            Poll::Ready(None) => self.visit.outcome = Outcome::Answered,
            Poll::Ready(Some(Err(_))) => self.visit.outcome = Outcome::Cut,
            Poll::Ready(Some(Ok(_))) if self.body.is_end_stream() => self.visit.outcome = Outcome::Answered,
            _ => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn without_secrets(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            let value = match *name {
                header::AUTHORIZATION => scheme(&value).to_owned(),
                header::COOKIE => String::new(),
                _ => value.into_owned(),
            };
            (name.to_string(), value)
        })
        .collect()
}

/// The scheme of an Authorization. A value without a known scheme may be a secret as a whole, and is left out.
fn scheme(value: &str) -> &str {
    let scheme = value.split(' ').next().unwrap_or_default();
    let known = ["bearer", "basic"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if known { scheme } else { "?" }
}

fn seconds(value: &axum::http::HeaderValue) -> Option<u64> {
    value.to_str().ok()?.parse().ok()
}

fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
