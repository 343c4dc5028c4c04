//! Percent-encoding, RFC 3986 §2.1.

/// Appends `text` in UTF-8 with everything but the unreserved characters (§2.3) as `%XX`.
///
/// Stricter than any part of a URL asks for; so the same text is the same bytes in a path and in a query, and no
/// server sees a `+` that it could take for a space.
#[inline(never)]
pub(super) fn encode_into(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.push(hex_digit(byte >> 4));
                out.push(hex_digit(byte & 15));
            }
        }
    }
}

/// Upper case, as §2.1 recommends.
fn hex_digit(nibble: u8) -> char {
    char::from(if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 })
}
