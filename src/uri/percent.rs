//! Percent-encoded bytes (RFC 3986 §2.1).

/// The byte that the `%XX` at the start of the text stands for, and what is behind it.
#[inline(never)]
pub(crate) fn percent_decode(text: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, behind @ ..] = text else { return None };
    Some(((hex(*high)? << 4) | hex(*low)?, behind))
}

/// The value of a hexadecimal digit, in either case.
fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        // Bit 5 makes letters lower case.
        _ => match digit | 0x20 {
            letter @ b'a'..=b'f' => Some(letter - b'a' + 10),
            _ => None,
        },
    }
}
