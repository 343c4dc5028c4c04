//! Takes secrets out of texts, however they are encoded there.
//!
//! A server may repeat a request in its answer, and the secret with it: as it was sent, percent-encoded once or more
//! (RFC 3986 §2.1), form-encoded, or in the other alphabet of base64 (RFC 4648 §5).

use std::fmt;
use std::rc::Rc;

/// What stands in the place of a secret.
const PLACEHOLDER: &str = "[secret]";
/// How deep the digits of a percent-encoded byte may be percent-encoded themselves.
const DEPTH: u8 = 4;

/// The secrets of one request. They cannot be printed.
#[derive(Clone)]
pub struct Redaction {
    secrets: Rc<Vec<String>>,
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redaction(…)")
    }
}

impl Redaction {
    /// Looks for these secrets in all of their encodings.
    pub fn new(secrets: Vec<String>) -> Self {
        Self { secrets: Rc::new(secrets) }
    }

    /// The text with `[secret]` in the place of each secret, or `None` if it contains none.
    pub fn redact(&self, text: &str) -> Option<String> {
        let mut redacted = None;
        let (mut at, mut kept) = (0_usize, 0);
        while at < text.len() {
            let end = self.end_of_secret(text.as_bytes(), at);
            let is_found = |end: usize| end > at && text.is_char_boundary(at) && text.is_char_boundary(end);
            let Some(end) = end.filter(|&end| is_found(end)) else {
                at = at.saturating_add(1);
                continue;
            };
            let out = redacted.get_or_insert_with(String::new);
            out.push_str(text.get(kept..at).unwrap_or_default());
            out.push_str(PLACEHOLDER);
            (at, kept) = (end, end);
        }
        if let Some(redacted) = &mut redacted {
            redacted.push_str(text.get(kept..).unwrap_or_default());
        }
        redacted
    }

    /// Where the longest secret ends that begins here, as it is or decoded.
    fn end_of_secret(&self, text: &[u8], start: usize) -> Option<usize> {
        let mut longest = None;
        for secret in self.secrets.iter().filter(|secret| may_begin(text, start, secret.as_bytes())) {
            for depth in [0, DEPTH] {
                longest = longest.max(end_of(text, start, secret.as_bytes(), depth));
            }
        }
        longest
    }
}

/// Whether `secret` may begin at `start`, by one look at its first byte: every link of every page is searched.
fn may_begin(text: &[u8], start: usize, secret: &[u8]) -> bool {
    match (text.get(start), secret.first()) {
        (Some(b'%'), _) | (_, Some(b'%')) => true,
        (found, sought) => found.copied().map(same) == sought.copied().map(same),
    }
}

/// Where `secret` ends if it begins at `start`.
fn end_of(text: &[u8], start: usize, secret: &[u8], depth: u8) -> Option<usize> {
    let (mut end, mut at) = (start, 0);
    while at < secret.len() {
        let (found, after) = character(text, end, depth)?;
        let (sought, next) = character(secret, at, depth)?;
        if same(found) != same(sought) {
            return None;
        }
        (end, at) = (after, next);
    }
    Some(end)
}

/// The byte that stands at this place, percent-decoded until nothing is left to decode, and where the next one stands.
fn character(text: &[u8], at: usize, depth: u8) -> Option<(u8, usize)> {
    let mut byte = *text.get(at)?;
    let mut end = at.saturating_add(1);
    while byte == b'%' && depth > 0 {
        let digit = |at| {
            let (digit, next) = character(text, at, depth.saturating_sub(1))?;
            Some((char::from(digit).to_digit(16)?, next))
        };
        let Some((high, next)) = digit(end) else { break };
        let Some((low, next)) = digit(next) else { break };
        byte = u8::try_from(high << 4 | low).unwrap_or_default();
        end = next;
    }
    Some((byte, end))
}

/// One byte for those that may stand for each other: forms confuse a space and `+`, and the two alphabets of base64
/// differ in two characters.
fn same(byte: u8) -> u8 {
    match byte {
        b' ' | b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn redacted(text: &str, secrets: &[&str]) -> String {
        let redaction = Redaction::new(secrets.iter().map(|&secret| secret.to_owned()).collect());
        redaction.redact(text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn a_secret_is_replaced_however_it_is_encoded_and_nothing_else_is() {
        for shown in [
            "ab/cd+ef==Z",
            "ab%2Fcd%2Bef%3D%3DZ",
            "ab%2fcd%2bef%3d%3dZ",
            "%61%62/cd+ef==%5A",
            "ab%252Fcd%252Bef%253D%253DZ",
            "ab%2Fcd%20ef==Z",
            "%25%36%31b/cd+ef==Z",
            "ab_cd-ef==Z",
        ] {
            let text = format!("100% of “{shown}” and {shown}");
            assert_eq!(redacted(&text, &["ab/cd+ef==Z"]), "100% of “[secret]” and [secret]", "{shown}");
        }
        for innocent in ["ab/cd", "AB/CD+EF==Z", "%61b%2Fcd", "100%", "%zz", ""] {
            assert_eq!(redacted(innocent, &["ab/cd+ef==Z"]), innocent);
        }
    }

    #[test]
    fn an_empty_secret_is_nowhere() {
        assert_eq!(redacted("abc", &["", "b"]), "a[secret]c");
    }

    #[test]
    fn the_longest_of_secrets_that_begin_alike_is_replaced() {
        assert_eq!(redacted("Bearer abcde==, abcde", &["abcde", "Bearer abcde=="]), "[secret], [secret]");
    }

    #[test]
    fn a_secret_that_seems_to_begin_or_end_within_a_character_takes_nothing_along() {
        assert_eq!(redacted("é abc é%61bcdefg and", &["%A9abcdefg"]), "é abc é%61bcdefg and");
        assert_eq!(redacted("abcdefgé", &["abcdefg%C3"]), "abcdefgé");
    }

    #[test]
    fn a_secret_with_percent_signs_is_found_as_it_is() {
        assert_eq!(redacted("x=%41secret&", &["41secret"]), "x=%[secret]&");
        assert_eq!(redacted("a%41b%4 a%41b%41", &["a%41b%4"]), "[secret] [secret]1");
    }

    proptest! {
        #[test]
        fn no_encoding_of_any_secret_is_left(
            secret in "[!-~]{5,20}", rounds in 0_u8..4, encoded in prop::collection::vec(0_u8..3, 20),
        ) {
            let mut shown = String::new();
            for (byte, how) in secret.bytes().zip(encoded) {
                match how {
                    0 if byte != b'%' => shown.push(char::from(byte)),
                    1 => shown.push_str(&format!("%{byte:02x}")),
                    _ => shown.push_str(&format!("%{byte:02X}")),
                }
            }
            for _ in 0..rounds {
                shown = shown.replace('%', "%25");
            }
            let text = format!("é?q={shown}&x#é");
            let redacted = redacted(&text, &[&secret]);
            prop_assert!(redacted.starts_with("é?") && redacted.contains("[secret]") && redacted.ends_with("#é"), "{}", redacted);
        }

        #[test]
        fn any_text_is_kept_but_for_its_secrets(text in ".{0,40}", before in ".{0,9}", after in ".{0,9}") {
            let redaction = Redaction::new(vec!["a secret of ours".to_owned()]);
            prop_assert_eq!(redaction.redact(&text), None);
            let redacted = redaction.redact(&format!("{before}?a secret of ours?{after}"));
            prop_assert_eq!(redacted, Some(format!("{before}?[secret]?{after}")));
        }
    }
}
