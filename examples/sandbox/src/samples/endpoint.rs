//! `POST /api/v1.1/samples`: from the request to the answer.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures_util::StreamExt;
use serde_json::json;

use crate::answer::{Refusal, json as answer};
use crate::bearer;
use crate::faults::Faults;
use crate::human::query;
use crate::recorder::Received;
use crate::samples::body::{self, Batch, List};
use crate::samples::rules::{self, Problem};
use crate::sandbox::Sandbox;

pub const PATH: &str = "/api/v1.1/samples";

pub fn routes() -> Router<Arc<Sandbox>> {
    let nothing = |uri: Uri| async move { Refusal::not_found(format!("there is nothing at {}", uri.path())) };
    Router::new().route(PATH, any(receive)).route("/api/{*rest}", any(nothing))
}

async fn receive(State(sandbox): State<Arc<Sandbox>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let faults = sandbox.faults();
    let passed = gate(&parts, &faults, &sandbox);
    // The body is always read to its end, because a connection that is closed with unread bytes is reset, and the
    // answer may be lost (RFC 9112 §9.6).
    let most = match &passed {
        Ok(()) => faults.max_body_bytes.map_or(usize::MAX, |most| most.get()),
        Err(_) => 0,
    };
    let body = whole(body, most).await;
    let taken = passed.and_then(|()| {
        let bytes = body?;
        take(&sandbox, &faults, &bytes, parts.extensions.get::<Arc<Received>>().map(AsRef::as_ref))
    });
    match taken {
        Ok(accepted) => answer(&json!({ "accepted": accepted })),
        Err(refused) => {
            if parts.method == Method::POST {
                sandbox.samples().refuse(refused.refusal.status.as_u16());
            }
            refused.into_response()
        }
    }
}

/// A refusal, with the position of its reason in the batch.
struct Refused {
    refusal: Refusal,
    problem: Option<Problem>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, problem: None }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        let refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, problem.message.clone());
        Self { refusal, problem: Some(problem) }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut body = self.refusal.body();
        if let Some(problem) = self.problem {
            if let Some(index) = problem.index {
                body["index"] = json!(index);
            }
            body["field"] = json!(problem.field);
        }
        let status = self.refusal.status;
        let mut response = self.refusal.into_response();
        *response.body_mut() = Body::from(body.to_string());
        if status == StatusCode::METHOD_NOT_ALLOWED {
            // RFC 9110 §15.5.6: a 405 must list the allowed methods.
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}

/// The checks that do not need the body.
fn gate(parts: &Parts, faults: &Faults, sandbox: &Sandbox) -> Result<(), Refused> {
    if parts.method != Method::POST {
        let message = format!("{} is not possible here; POST is", parts.method);
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, message).into());
    }
    bearer::check(&parts.headers, parts.uri.query().unwrap_or_default(), &faults.tokens)?;
    query::none(&parts.uri, &sandbox.settings.allow_params)?;
    Ok(media_type(&parts.headers)?)
}

fn media_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let unsupported = |message: &str| Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return unsupported("the body has a Content-Encoding; send it as it is");
    }
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    if parts.next().as_deref() != Some("application/json") {
        return unsupported("Content-Type is not application/json");
    }
    // RFC 8259 §8.1: JSON is in UTF-8, so that a parameter with this charset is accepted.
    match parts.all(|part| part.is_empty() || part.replace('"', "") == "charset=utf-8") {
        true => Ok(()),
        false => unsupported("Content-Type has a parameter that is not charset=utf-8"),
    }
}

/// The whole body. Nothing is kept of a body larger than `most`.
async fn whole(body: Body, most: usize) -> Result<Vec<u8>, Refused> {
    let mut pieces = body.into_data_stream();
    let (mut bytes, mut size) = (Vec::new(), 0_usize);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Refusal::bad_request("the body breaks off"))?;
        size = size.saturating_add(piece.len());
        match size > most {
            true => bytes = Vec::new(),
            false => bytes.extend_from_slice(&piece),
        }
    }
    match size > most {
        true => Err(too_large(format!("the body has {size} bytes; at most {most} are taken"))),
        false => Ok(bytes),
    }
}

fn too_large(message: String) -> Refused {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, message).into()
}

/// Stores all samples of a body, or none, and returns their number.
fn take(
    sandbox: &Sandbox,
    faults: &Faults,
    bytes: &[u8],
    received: Option<&Received>,
) -> Result<usize, Refused> {
    let batch =
        body::read(bytes).map_err(|error| Refusal::bad_request(format!("the body is not JSON: {error}")))?;
    if let Batch::Object { data: Some(List::Elements { count, .. }), .. } = &batch {
        if let Some(received) = received {
            received.samples.get_or_init(|| *count);
        }
        if let Some(most) = faults.max_samples.filter(|most| *count > most.get()) {
            return Err(too_large(format!("data has {count} elements; at most {most} are taken")));
        }
    }
    let (data_type, samples) = rules::check(batch)?;
    sandbox.samples().accept(data_type, &samples, bytes.len());
    Ok(samples.len())
}
