//! Percent-encoding (RFC 3986 §2.1).

/// Appends `text` in UTF-8 with everything but the unreserved characters (§2.3) as `%XX`, in upper case as §2.1
/// recommends.
///
/// Stricter than any part of a URL asks for; so the same text is the same bytes in a path and in a query, and no
/// server sees a `+` that it could take for a space.
#[inline(never)]
pub(crate) fn percent_encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let hex =
                    |nibble: u8| char::from_digit(nibble.into(), 16).map(|digit| digit.to_ascii_uppercase());
                out.push('%');
                out.extend([hex(byte >> 4), hex(byte & 15)].into_iter().flatten());
            }
        }
    }
}

/// The byte that the `%XX` at the start of the text stands for, and what follows it.
#[inline(never)]
pub(crate) fn percent_decode(text: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, rest @ ..] = text else { return None };
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some((value(*high)? << 4 | value(*low)?, rest))
}
