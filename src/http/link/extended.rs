//! Extended parameter values: `UTF-8'en'%e2%82%ac%20rates` (RFC 8187 §3.2).

use crate::text::split_once;
use crate::uri::percent_decode;

/// The text of an extended value; `None` if it is malformed, or not in UTF-8, the only character set that must be
/// supported.
#[inline(never)]
pub(super) fn decode(value: &str) -> Option<String> {
    let (charset, rest) = split_once(value, b'\'')?;
    let (_language, encoded) = split_once(rest, b'\'')?;
    if !charset.eq_ignore_ascii_case("UTF-8") {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = encoded.as_bytes();
    while let [byte, after @ ..] = rest {
        let attr_char = byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(byte);
        let (decoded, after) = if attr_char { (*byte, after) } else { percent_decode(rest)? };
        bytes.push(decoded);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}
