//! Extended parameter values: `UTF-8'en'%e2%82%ac%20rates` (RFC 8187 §3.2).

use crate::uri::hex;

/// The text of an extended value; `None` if it is malformed, or in another character set than UTF-8, the only one that
/// must be known.
pub(super) fn decode(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_language, encoded) = rest.split_once('\'')?;
    if !charset.eq_ignore_ascii_case("UTF-8") {
        return None;
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [byte, behind @ ..] = rest {
        rest = behind;
        match (byte, behind) {
            (b'%', [high, low, behind @ ..]) => {
                bytes.push((hex(*high)? << 4) | hex(*low)?);
                rest = behind;
            }
            (attr_char, _) if is_attr_char(*attr_char) => bytes.push(*attr_char),
            _ => return None,
        }
    }
    String::from_utf8(bytes).ok()
}

const fn is_attr_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#' | b'$' | b'&' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~')
}
