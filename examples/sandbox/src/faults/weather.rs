//! What strikes a request, drawn from the seed and the request's number: the same requests in the same order
//! meet the same faults.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::time::sleep;

use crate::answer::Refusal;
use crate::draw::{Draw, purpose};
use crate::faults::script::CutAt;
use crate::faults::{Cut, Faults, Scripted, cut_within_body};
use crate::recorder::{Number, Struck};
use crate::sandbox::Sandbox;

/// Lets a request through the faults that are on.
pub async fn weather(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let number = request.extensions().get::<Number>().map_or(0, |number| number.0);
    let (faults, scripted) = take_faults(&sandbox, request.uri().path());
    let mut draw = Draw::new(sandbox.settings.seed, &[purpose("weather"), number]);
    let delay = delay(&faults, &mut draw);
    let struck = strike(&sandbox, &faults, scripted.as_ref(), &mut draw);

    sleep(delay / 2 + Duration::from_millis(scripted.as_ref().map_or(0, |scripted| scripted.delay_ms))).await;
    let response = match struck.answer {
        Some(answer) => answer,
        None => spoil(next.run(request).await, struck.spoils, faults.slow_body_ms).await,
    };
    sleep(delay - delay / 2).await;
    match struck.label {
        Some(label) => (axum::Extension(Struck(label)), response).into_response(),
        None => response,
    }
}

/// The faults as they are, and the scripted answer that this request uses up.
fn take_faults(sandbox: &Sandbox, path: &str) -> (Faults, Option<Scripted>) {
    let mut faults = sandbox.faults_mut();
    let place = faults.fail_next.iter().position(|scripted| scripted.is_for(path));
    let scripted = place.and_then(|place| faults.fail_next.remove(place));
    (faults.clone(), scripted)
}

/// Latency, give or take the jitter.
fn delay(faults: &Faults, draw: &mut Draw) -> Duration {
    let jitter = (draw.unit() * 2.0 - 1.0) * faults.jitter_ms as f64;
    Duration::from_secs_f64((faults.latency_ms as f64 + jitter).max(0.0) / 1000.0)
}

#[derive(Default)]
struct Strike {
    /// What is answered instead of asking the server.
    answer: Option<Response>,
    /// What becomes of the server's answer.
    spoils: Option<CutAt>,
    label: Option<Cow<'static, str>>,
}

impl Strike {
    fn with(answer: impl IntoResponse, label: &'static str) -> Self {
        Self { answer: Some(answer.into_response()), label: Some(label.into()), spoils: None }
    }
}

fn strike(sandbox: &Sandbox, faults: &Faults, scripted: Option<&Scripted>, draw: &mut Draw) -> Strike {
    if let Some(scripted) = scripted {
        return Strike { answer: scripted.response(), spoils: scripted.cut, label: Some(scripted.label()) };
    }
    // All chances are drawn, so that switching one fault on does not move the others.
    let [before, error, after, within] =
        [faults.cut_before, faults.error_rate, faults.cut_after, faults.cut_within]
            .map(|share| draw.chance(share));
    if before {
        return Strike::with(Cut::Reset, "cut before");
    }
    if let Some(limit) = faults.rate_limit
        && !sandbox.rate_window().lets_through(limit, Instant::now())
    {
        return Strike::with(refusal(faults, StatusCode::TOO_MANY_REQUESTS), "rate limit");
    }
    if error {
        let status = StatusCode::from_u16(faults.error_status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        return Strike::with(refusal(faults, status), "error rate");
    }
    match (after, within) {
        (true, _) => Strike { spoils: Some(CutAt::After), label: Some("cut after".into()), answer: None },
        (_, true) => Strike { spoils: Some(CutAt::Within), label: Some("cut within".into()), answer: None },
        _ => Strike::default(),
    }
}

/// An error; 429 and 503 say when to come again.
fn refusal(faults: &Faults, status: StatusCode) -> Response {
    let mut response = Refusal::new(status, "a fault of the sandbox, as it was told").into_response();
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
        && let Some(value) = faults.retry_after.header()
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// Breaks off, or slows down, what the server answered.
async fn spoil(response: Response, spoils: Option<CutAt>, slow_body_ms: u64) -> Response {
    match spoils {
        Some(CutAt::Before | CutAt::After) => return Cut::Close.into_response(),
        None if slow_body_ms == 0 => return response,
        _ => {}
    }
    let (mut parts, body) = response.into_parts();
    // Its bytes are already in memory: reading them cannot fail.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // A body in pieces is chunked.
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = match spoils {
        Some(_) => cut_within_body(body),
        None => slow_body(body, Duration::from_millis(slow_body_ms)),
    };
    Response::from_parts(parts, body)
}

const PIECES: usize = 10;

/// The same bytes in ten pieces, with a pause before each.
fn slow_body(body: Bytes, over: Duration) -> Body {
    let size = body.len().div_ceil(PIECES).max(1);
    let pause = over / PIECES as u32;
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, std::convert::Infallible>(piece), rest))
    }))
}
