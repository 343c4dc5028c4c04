//! Authentication by an App Key as the user name of HTTP Basic (RFC 7617), with an empty password.

use axum::http::{HeaderMap, StatusCode, header};

use crate::answer::Refusal;

/// Checks the Authorization field for a known App Key.
///
/// # Errors
/// 401, or 400 for a token in the query.
pub fn check(headers: &HeaderMap, query: &str, app_keys: &[String]) -> Result<(), Refusal> {
    if query.split('&').any(|pair| pair.split('=').next() == Some("access_token")) {
        return Err(Refusal::bad_request(
            "access_token is given in the query, where it ends up in links and logs; an app has a key, sent as Authorization: Basic",
        ));
    }
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = app_keys.iter().any(|key| value == format!("Basic {}", base64(format!("{key}:").as_bytes())));
    if known {
        return Ok(());
    }
    let message = match value.split(' ').next() {
        Some("Basic") => {
            "the App Key is not known here, or came with a password; it is the user name, and the password is empty"
        }
        Some("") | None => "no Authorization header; send Authorization: Basic base64(appKey + \":\")",
        _ => "the Authorization is not of the Basic scheme; send Authorization: Basic base64(appKey + \":\")",
    };
    Err(Refusal::new(StatusCode::UNAUTHORIZED, message))
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
                << (8 * (3 - chunk.len()));
            (0..4).map(move |place| match place <= chunk.len() {
                true => char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]),
                false => '=',
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(value: &'static str) -> bool {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        check(&headers, "", &["demo-app-key".to_owned()]).is_ok()
    }

    #[test]
    fn the_test_vectors_of_rfc_4648() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn only_the_key_as_the_user_name_opens() {
        // `printf demo-app-key: | base64`; then the same without the colon, with a password, and with another key.
        assert!(opens("Basic ZGVtby1hcHAta2V5Og=="));
        for value in
            ["Basic ZGVtby1hcHAta2V5", "Basic ZGVtby1hcHAta2V5Ong=", "Basic eDo=", "Bearer demo-app-key", ""]
        {
            assert!(!opens(value), "{value}");
        }
    }
}
