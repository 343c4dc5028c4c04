//! Decodes the value of an attribute (XML 1.0 §3.3.3 and §4.1).

use std::borrow::Cow;

/// Decodes entities, and makes all white space spaces. `None` if there is an entity that XML does not define.
pub fn decode(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !text.iter().any(|byte| matches!(byte, b'&' | b'\t' | b'\r' | b'\n')) {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'&' => {
                // No name of an entity is longer, but the leading zeros of a number may be.
                let end = rest.iter().position(|&byte| byte == b';')?;
                let (name, after) = rest.split_at_checked(end)?;
                rest = after.get(1..)?;
                let mut buffer = [0; 4];
                decoded.extend_from_slice(entity(name)?.encode_utf8(&mut buffer).as_bytes());
            }
            // A carriage return and a line feed are one line break.
            b'\r' if rest.first() == Some(&b'\n') => {}
            b'\t' | b'\r' | b'\n' => decoded.push(b' '),
            _ => decoded.push(byte),
        }
    }
    Some(Cow::Owned(decoded))
}

/// The character of an entity, given without `&` and `;`.
fn entity(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        [b'#', b'x', digits @ ..] => character(digits, 16),
        [b'#', digits @ ..] => character(digits, 10),
        _ => None,
    }
}

fn character(digits: &[u8], radix: u32) -> Option<char> {
    let mut number = 0_u32;
    for &digit in digits {
        number = number.checked_mul(radix)?.checked_add(char::from(digit).to_digit(radix)?)?;
    }
    // Without digits it is 0, which is no character of XML.
    if number == 0 { None } else { char::from_u32(number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_and_white_space_stand_for_characters() {
        for (text, value) in [
            ("", ""),
            ("iPhone", "iPhone"),
            ("Ali\u{2019}s\u{a0}Watch", "Ali\u{2019}s\u{a0}Watch"),
            ("&lt;&lt;HKDevice: 0x1&gt;, name:a&amp;b&gt;", "<<HKDevice: 0x1>, name:a&b>"),
            ("&quot;&apos;", "\"'"),
            ("&#8217;&#x2019;&#x1F600;&#0000065;", "\u{2019}\u{2019}\u{1f600}A"),
            ("&#10;&#9;", "\n\t"),
            ("a\tb\nc\rd\r\ne", "a b c d e"),
            ("&amp;amp;", "&amp;"),
        ] {
            let expected = Some(value.as_bytes());
            assert_eq!(decode(text.as_bytes()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn other_entities_are_refused() {
        for text in
            "&|a & b|&;|&nbsp;|&AMP;|&#;|&#x;|&#0;|&#xd800;|&#x110000;|&#12a;|&#-1;|&#99999999999;|& #65;|&lt"
                .split('|')
        {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }
}
