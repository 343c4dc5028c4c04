//! Draws the faults of a request from the seed and the request's number, so that the same requests in the same order
//! have the same faults.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, future, stream};
use tokio::time::sleep;

use crate::answer::Refusal;
use crate::draw::{Draw, purpose};
use crate::faults::script::{self, CutAt, HangAt};
use crate::faults::{Cut, Faults, Scripted, cut_within_body, sit_out};
use crate::recorder::{Number, Struck};
use crate::sandbox::Sandbox;

/// Applies the faults that are on to a request.
pub async fn weather(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let number = request.extensions().get::<Number>().map_or(0, |number| number.0);
    let resets = sandbox.resets();
    let was_reset = || sandbox.resets() != resets;
    sit_out(&sandbox, request.method(), request.uri().path()).await;
    if was_reset() {
        return reset_meanwhile();
    }
    let (faults, scripted) = take_faults(&sandbox, request.method(), request.uri().path());
    let mut draw = Draw::new(sandbox.settings.seed, &[purpose("weather"), number]);
    let delay = delay(&faults, &mut draw);
    let struck = strike(&sandbox, &faults, scripted.as_ref(), &mut draw);

    sleep(delay / 2 + Duration::from_millis(scripted.as_ref().map_or(0, |scripted| scripted.delay_ms))).await;
    if was_reset() {
        return reset_meanwhile();
    }
    let response = match struck.course {
        Course::Skipped(instead) => instead.given(Some(request)).await,
        Course::Lost(instead) => {
            next.run(request).await;
            instead.given(None).await
        }
        Course::Served { spoils } => spoil(next.run(request).await, spoils, faults.slow_body_ms).await,
    };
    sleep(delay - delay / 2).await;
    match struck.label {
        Some(label) => (axum::Extension(Struck(label)), response).into_response(),
        None => response,
    }
}

/// The answer to a request that waited while everything was reset, and must not act on the new state.
fn reset_meanwhile() -> Response {
    Refusal::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "the sandbox was reset while this request waited; send it again",
    )
    .into_response()
}

/// The current faults, and the scripted answer that this request uses up.
fn take_faults(sandbox: &Sandbox, method: &Method, path: &str) -> (Faults, Option<Scripted>) {
    let mut faults = sandbox.faults_mut();
    let scripted = script::take(&mut faults.fail_next, method, path);
    (faults.clone(), scripted)
}

/// The latency, varied by the jitter.
fn delay(faults: &Faults, draw: &mut Draw) -> Duration {
    let jitter = (draw.unit() * 2.0 - 1.0) * faults.jitter_ms as f64;
    Duration::from_secs_f64((faults.latency_ms as f64 + jitter).max(0.0) / 1000.0)
}

struct Strike {
    course: Course,
    label: Option<Cow<'static, str>>,
}

/// How far a request gets.
enum Course {
    /// The server does not act.
    Skipped(Instead),
    /// The server acts, and its answer is lost.
    Lost(Instead),
    /// The server's answer is sent, complete or spoiled.
    Served { spoils: Option<CutAt> },
}

/// The replacement of the server's answer.
enum Instead {
    Answer(Response),
    Nothing,
}

impl Instead {
    /// Sends the replacement. `unread` is the request if the server has not read it.
    async fn given(self, unread: Option<Request>) -> Response {
        let Self::Answer(answer) = self else { return future::pending().await };
        // A connection that is closed with bytes unread is reset, and the answer may be lost (RFC 9112 §9.6).
        if let Some(request) = unread
            && answer.extensions().get::<Cut>().is_none()
        {
            let mut body = request.into_body().into_data_stream();
            while let Some(Ok(_)) = body.next().await {}
        }
        answer
    }
}

impl Strike {
    fn before(answer: impl IntoResponse, label: &'static str) -> Self {
        Self { course: Course::Skipped(Instead::Answer(answer.into_response())), label: Some(label.into()) }
    }

    fn spoiling(spoils: CutAt, label: &'static str) -> Self {
        Self { course: Course::Served { spoils: Some(spoils) }, label: Some(label.into()) }
    }

    fn scripted(scripted: &Scripted) -> Self {
        let course = match (scripted.hang, scripted.response()) {
            (Some(HangAt::Before), _) => Course::Skipped(Instead::Nothing),
            (Some(HangAt::After), _) => Course::Lost(Instead::Nothing),
            (None, Some(answer)) if scripted.after_acting => Course::Lost(Instead::Answer(answer)),
            (None, Some(answer)) => Course::Skipped(Instead::Answer(answer)),
            (None, None) => Course::Served { spoils: scripted.cut },
        };
        Self { course, label: Some(scripted.label()) }
    }
}

fn strike(sandbox: &Sandbox, faults: &Faults, scripted: Option<&Scripted>, draw: &mut Draw) -> Strike {
    if let Some(scripted) = scripted {
        return Strike::scripted(scripted);
    }
    // All chances are always drawn, so that turning on one fault does not affect the others.
    let [before, error, after, within, error_after] =
        [faults.cut_before, faults.error_rate, faults.cut_after, faults.cut_within, faults.error_after]
            .map(|share| draw.chance(share));
    if before {
        return Strike::before(Cut::Reset, "cut before");
    }
    if let Some(limit) = faults.rate_limit
        && !sandbox.rate_window().lets_through(limit, Instant::now())
    {
        return Strike::before(refusal(faults, StatusCode::TOO_MANY_REQUESTS), "rate limit");
    }
    let failure = || {
        let status = StatusCode::from_u16(faults.error_status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        refusal(faults, status)
    };
    match (error, after, within, error_after) {
        (true, ..) => Strike::before(failure(), "error rate"),
        (_, true, ..) => Strike::spoiling(CutAt::After, "cut after"),
        (_, _, true, _) => Strike::spoiling(CutAt::Within, "cut within"),
        (.., true) => {
            Strike { course: Course::Lost(Instead::Answer(failure())), label: Some("error after".into()) }
        }
        _ => Strike { course: Course::Served { spoils: None }, label: None },
    }
}

/// An error, with `Retry-After` for 429 and 503.
fn refusal(faults: &Faults, status: StatusCode) -> Response {
    let mut response = Refusal::new(status, "a fault of the sandbox, as it was told").into_response();
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
        && let Some(value) = faults.retry_after.header()
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// Cuts or slows down the server's answer.
async fn spoil(response: Response, spoils: Option<CutAt>, slow_body_ms: u64) -> Response {
    match spoils {
        Some(CutAt::Before | CutAt::After) => return Cut::Close.into_response(),
        None if slow_body_ms == 0 => return response,
        _ => {}
    }
    let (mut parts, body) = response.into_parts();
    // The bytes are already in memory, so that reading them cannot fail.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // A body in pieces is sent chunked, without a length.
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
