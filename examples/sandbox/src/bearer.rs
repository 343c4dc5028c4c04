//! Authentication by one of the sandbox's tokens, for the per-user API and the API for samples.

use axum::http::{HeaderMap, StatusCode, header};

use crate::answer::Refusal;

/// Checks the Authorization field for a known token.
///
/// # Errors
/// 401, or 400 for a token in the query.
pub fn check(headers: &HeaderMap, query: &str, tokens: &[String]) -> Result<(), Refusal> {
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
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            match tokens.iter().any(|known| known == token.trim()) {
                true => Ok(()),
                false => Err(unauthorized(
                    "the access token is not known here; it is demo, unless the sandbox was told others",
                )),
            }
        }
        _ => Err(unauthorized(
            "the Authorization is not of the Bearer scheme; send Authorization: Bearer <accessToken>",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authorization(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())])
    }

    fn opens(value: &'static str, tokens: &[&str]) -> bool {
        let tokens: Vec<String> = tokens.iter().map(|token| (*token).to_owned()).collect();
        check(&authorization(value), "", &tokens).is_ok()
    }

    #[test]
    fn only_the_demo_token_by_bearer_opens() {
        for (value, expected) in [
            ("Bearer demo", true),
            ("bearer demo", true),
            ("Bearer demo2", false),
            ("Bearer", false),
            ("Bearer ", false),
            ("Basic ZGVtbzo=", false),
            ("demo", false),
            ("", false),
        ] {
            assert_eq!(opens(value, &["demo"]), expected, "{value:?}");
        }
        let refusal = check(&HeaderMap::new(), "", &["demo".to_owned()]).unwrap_err();
        assert_eq!(refusal.status, StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn any_of_the_tokens_opens_and_none_where_there_is_none() {
        assert!(opens("Bearer one", &["one", "two"]) && opens("Bearer two", &["one", "two"]));
        assert!(!opens("Bearer demo", &["one", "two"]) && !opens("Bearer demo", &[]));
    }

    #[test]
    fn a_token_in_the_query_is_refused_even_beside_a_good_one() {
        let (good, tokens) = (authorization("Bearer demo"), ["demo".to_owned()]);
        for query in ["access_token=demo", "limit=5&access_token=x", "access_token"] {
            assert_eq!(check(&good, query, &tokens).unwrap_err().status, StatusCode::BAD_REQUEST, "{query}");
        }
        assert!(check(&good, "source=access_token", &tokens).is_ok());
    }
}
