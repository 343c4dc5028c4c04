//! Checks that a request has a token and accepts JSON.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::Refusal;
use crate::bearer;
use crate::sandbox::Sandbox;

/// Passes a request on, or answers 401, 400 or 406.
pub async fn check(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let raw_document = request.uri().path().ends_with("/raw");
    let known = bearer::check(request.headers(), query, &sandbox.faults().tokens);
    match known.and_then(|()| accept(request.headers(), raw_document)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// Checks that `Accept` includes the type of the answer.
///
/// # Errors
/// 406.
pub fn accept(headers: &HeaderMap, raw_document: bool) -> Result<(), Refusal> {
    let wanted = if raw_document { "xml or */*" } else { "application/json" };
    let accepted = |range: &str| {
        let range = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match raw_document {
            true => {
                matches!(range.as_str(), "*/*" | "application/xml" | "text/xml" | "application/*" | "text/*")
            }
            false => range == "application/json",
        }
    };
    let mut values =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    // RFC 9110 §12.5.1: without Accept any type is acceptable. The API requires it for queries, but not for the
    // document.
    if raw_document && values.peek().is_none() {
        return Ok(());
    }
    match values.any(|value| value.split(',').any(accepted)) {
        true => Ok(()),
        false => Err(Refusal::new(
            StatusCode::NOT_ACCEPTABLE,
            format!("Accept does not name {wanted}; a query must"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_query_must_accept_json() {
        for (value, accepted) in [
            ("application/json", true),
            ("Application/JSON; q=0.9", true),
            ("text/plain, application/json", true),
            ("*/*", false),
            ("text/html", false),
        ] {
            assert_eq!(accept(&headers(header::ACCEPT, value), false).is_ok(), accepted, "{value}");
        }
        assert!(accept(&HeaderMap::new(), false).is_err());
    }

    #[test]
    fn a_raw_document_is_given_to_whoever_takes_xml() {
        assert!(accept(&HeaderMap::new(), true).is_ok());
        for (value, accepted) in [("*/*", true), ("application/xml", true), ("application/json", false)] {
            assert_eq!(accept(&headers(header::ACCEPT, value), true).is_ok(), accepted, "{value}");
        }
    }
}
