//! Who may ask: the bearer token `demo`, asking for JSON.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::Refusal;
use crate::data::TOKEN;

/// Lets a request pass, or answers 401, 400 or 406.
pub async fn check(request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let raw_document = request.uri().path().ends_with("/raw");
    match token(request.headers(), query).and_then(|()| accept(request.headers(), raw_document)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn token(headers: &HeaderMap, query: &str) -> Result<(), Refusal> {
    if query.split('&').any(|pair| pair.split('=').next() == Some("access_token")) {
        return Err(Refusal::bad_request(
            "access_token is given in the query, where it ends up in links and logs; send it as Authorization: Bearer",
        ));
    }
    let unauthorized = |message: &str| Refusal::new(StatusCode::UNAUTHORIZED, message);
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Err(unauthorized("no Authorization header; send Authorization: Bearer <accessToken>"));
    };
    let value = value.to_str().unwrap_or_default();
    match value.split_once(' ') {
        // RFC 9110 §11.1: the scheme's name is case-insensitive.
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => match token.trim() == TOKEN {
            true => Ok(()),
            false => Err(unauthorized("the access token is not known here; the sandbox has one: demo")),
        },
        _ => Err(unauthorized(
            "the Authorization is not of the Bearer scheme; send Authorization: Bearer <accessToken>",
        )),
    }
}

fn accept(headers: &HeaderMap, raw_document: bool) -> Result<(), Refusal> {
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
    // RFC 9110 §12.5.1: no Accept is any; the document is the only one that is not a query.
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
    fn only_the_demo_token_by_bearer_opens() {
        for (value, opens) in [
            ("Bearer demo", true),
            ("bearer demo", true),
            ("Bearer demo2", false),
            ("Bearer", false),
            ("Bearer ", false),
            ("Basic ZGVtbzo=", false),
            ("demo", false),
            ("", false),
        ] {
            assert_eq!(token(&headers(header::AUTHORIZATION, value), "").is_ok(), opens, "{value:?}");
        }
        assert_eq!(token(&HeaderMap::new(), "").unwrap_err().status, StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn a_token_in_the_query_is_refused_even_beside_a_good_one() {
        let good = headers(header::AUTHORIZATION, "Bearer demo");
        for query in ["access_token=demo", "limit=5&access_token=x", "access_token"] {
            assert_eq!(token(&good, query).unwrap_err().status, StatusCode::BAD_REQUEST, "{query}");
        }
        assert!(token(&good, "source=access_token").is_ok());
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
