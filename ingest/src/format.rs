//! Finds a source's format from its first bytes.

use crate::Format;

/// The format of a source that begins with `head`, which has no byte order mark: XML begins with a `<`, JSON with a `[`, and with a `{`
/// it is a document if the object's first key is one of a document, or stands on another line than its brace; else an object on every
/// line. Anything else is CSV.
///
/// `None` where `head` is too little to tell. If it is the `last` of the source it never is: whichever reader gets it tells what is wrong.
pub(crate) fn format_of(head: &[u8], last: bool) -> Option<Format> {
    let format = match head.trim_ascii_start() {
        [] => None,
        [b'<', ..] => Some(Format::AppleHealth),
        [b'[', ..] => Some(Format::Json),
        [b'{', object @ ..] => format_of_object(object),
        _ => Some(Format::Csv),
    };
    format.or(last.then_some(Format::Ndjson))
}

/// A document or a line, from behind its `{`.
fn format_of_object(object: &[u8]) -> Option<Format> {
    const KEYS: [&[u8]; 2] = [b"\"data\"", b"\"data_type\""];
    let key = object.trim_ascii_start();
    let before = object.get(..object.len() - key.len()).unwrap_or_default();
    // Where a line ends within an object, there is not one on every line.
    if before.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return Some(Format::Json);
    }
    if KEYS.iter().any(|known| key.starts_with(known)) {
        Some(Format::Json)
    } else if KEYS.iter().any(|known| known.starts_with(key)) {
        None
    } else {
        Some(Format::Ndjson)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_bytes_tell_the_format() {
        for (text, format) in [
            ("<?xml version=\"1.0\"?>", Format::AppleHealth),
            (" \r\n\t<", Format::AppleHealth),
            ("[", Format::Json),
            ("\n[]", Format::Json),
            ("{\"data\":[]}", Format::Json),
            ("{ \"data_type\": \"steps\"", Format::Json),
            ("{\n\"data\"", Format::Json),
            ("{\r\n  \"steps\": [", Format::Json),
            ("{\"device_name\":\"a\"}", Format::Ndjson),
            ("{\"data_types\":", Format::Ndjson),
            ("{\"dat\":", Format::Ndjson),
            ("{\"value\"", Format::Ndjson),
            ("{}", Format::Ndjson),
            ("device_name,value", Format::Csv),
            ("\"device_name\"", Format::Csv),
            ("\n\nvalue", Format::Csv),
            ("\u{e9}", Format::Csv),
        ] {
            assert_eq!(format_of(text.as_bytes(), false), Some(format), "{text}");
            assert_eq!(format_of(text.as_bytes(), true), Some(format), "{text}");
        }
    }

    #[test]
    fn too_little_is_not_decided_on() {
        for text in ["", " \n", "{", "{ ", "{\"", "{\"data", "{\"data_", "{\"data_type"] {
            assert_eq!(format_of(text.as_bytes(), false), None, "{text}");
            assert_eq!(format_of(text.as_bytes(), true), Some(Format::Ndjson), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_decided_holds_whatever_follows(
            start in "[ \n]{0,2}[<{\\[a\"]?[ \n]?(\"data|\"data_type|\"value)?\"?[:,]?",
            rest in "[a\":{ ]{0,4}",
        ) {
            let all = [&*start, &*rest].concat();
            let mut decided = None;
            for end in 0..=all.len() {
                let now = format_of(&all.as_bytes()[..end], false);
                prop_assert!(decided.is_none() || now == decided);
                decided = now;
            }
        }
    }
}
