//! The headers of every answer, and CORS (Fetch standard §3.2) like Human API's.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::calendar::http_date;
use crate::recorder::Number;
use crate::sandbox::Sandbox;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");
const EXPOSED: &str = "Link, X-Total-Count, Retry-After, Date, X-Request-Id";

/// Adds CORS, `Date` and `X-Request-Id`, and removes the headers that are to be hidden.
pub async fn api(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    if is_preflight(&request) {
        sandbox.recorder.preflight();
        return preflight();
    }
    let mut response = next.run(request).await;
    let now = sandbox.dataset().now();
    let hidden = sandbox.faults().hide_headers;
    let number = response.extensions().get::<Number>().map_or(0, |number| number.0);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if hidden {
        for name in [header::LINK, X_TOTAL_COUNT, header::RETRY_AFTER, header::DATE, X_REQUEST_ID] {
            headers.remove(name);
        }
        return response;
    }
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    headers.entry(header::DATE).or_insert(text(http_date(now)));
    headers.entry(X_REQUEST_ID).or_insert(text(format!("sandbox-{number}")));
    response
}

/// CORS for the control endpoints: any page on this machine may use them.
pub async fn control(request: Request, next: Next) -> Response {
    if is_preflight(&request) {
        return preflight();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, DELETE"),
        // A wildcard does not include Authorization, which must be named.
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Accept, Content-Type, If-None-Match, X-Requested-With",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn text(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
