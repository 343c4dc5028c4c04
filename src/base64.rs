//! Base64 (RFC 4648): with the URL-safe alphabet and without padding (§5), the form of cursors; and as it is (§4), the
//! form of Basic credentials.

const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// With the standard alphabet and padding.
pub fn encode_standard(bytes: &[u8]) -> String {
    let mut text = encode(bytes).into_bytes();
    for digit in &mut text {
        *digit = match *digit {
            b'-' => b'+',
            b'_' => b'/',
            digit => digit,
        };
    }
    while !text.len().is_multiple_of(4) {
        text.push(b'=');
    }
    // ASCII is UTF-8.
    String::from_utf8(text).unwrap_or_default()
}

/// URL-safe: four characters for each three bytes, fewer for the last ones.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    let (mut bits, mut count) = (0_u16, 0_u8);
    let mut push = |bits: u16| text.extend(URL_SAFE.get(usize::from(bits & 0x3f)));
    for &byte in bytes {
        bits = bits << 8 | u16::from(byte);
        count += 2;
        push(bits >> count);
        if count == 6 {
            push(bits);
            count = 0;
        }
    }
    if count > 0 {
        push(bits << (6 - count));
    }
    // ASCII is UTF-8.
    String::from_utf8(text).unwrap_or_default()
}

/// The bytes, or `None` where `text` is not what [`encode`] writes.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for character in group {
            let digit = URL_SAFE.iter().position(|digit| digit == character)?;
            bits = bits << 6 | u32::try_from(digit).ok()?;
        }
        let [_, first, second, third] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        bytes.extend_from_slice([first, second, third].get(..group.len().saturating_sub(1))?);
    }
    // Four characters may stand for more than three bytes' bits, and one for none: only one text is right.
    (encode(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use base64ct::{Base64, Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;

    #[test]
    fn the_test_vectors_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
    }

    proptest! {
        #[test]
        fn it_writes_what_another_library_writes(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            prop_assert_eq!(encode(&bytes), Base64UrlUnpadded::encode_string(&bytes));
            prop_assert_eq!(encode_standard(&bytes), Base64::encode_string(&bytes));
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn it_reads_what_another_library_reads(text in "[A-Za-z0-9_=+/-]{0,12}") {
            prop_assert_eq!(decode(&text), Base64UrlUnpadded::decode_vec(&text).ok());
        }
    }
}
