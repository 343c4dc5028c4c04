//! The formats of a source, and how its first bytes tell which one it has.

/// The format of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON value: an array of samples, or an object with such an array as its member `data`.
    Json,
    /// A JSON object on every line.
    Ndjson,
    /// Comma-separated values with a header row.
    Csv,
    /// The `export.xml` of Apple Health.
    AppleHealth,
}

impl Format {
    /// Its name in the option `format`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::AppleHealth => "apple-health",
        }
    }

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Json, Self::Ndjson, Self::Csv, Self::AppleHealth]
            .into_iter()
            .find(|known| known.name() == name)
    }

    /// The format of a source that begins with `head`, without a byte order mark. `None` if `head` is too short to
    /// tell; never `None` if it is the `last` of the source, since any reader can then say what is wrong.
    ///
    /// XML begins with `<` and a JSON array with `[`. What begins with `{` is a document if the object's first key is
    /// one of a document's or stands on another line than its brace, and NDJSON otherwise. Anything else is CSV.
    pub(crate) fn detect(head: &[u8], last: bool) -> Option<Self> {
        let format = match head.trim_ascii_start() {
            [] => None,
            [b'<', ..] => Some(Self::AppleHealth),
            [b'[', ..] => Some(Self::Json),
            [b'{', object @ ..] => Self::detect_object(object),
            _ => Some(Self::Csv),
        };
        format.or(last.then_some(Self::Ndjson))
    }

    /// Whether the text after a `{` continues a document or a line of NDJSON.
    fn detect_object(object: &[u8]) -> Option<Self> {
        const KEYS: [&[u8]; 2] = [b"\"data\"", b"\"data_type\""];
        let key = object.trim_ascii_start();
        let before = object.get(..object.len() - key.len()).unwrap_or_default();
        // An object with a line break in it cannot be NDJSON.
        if before.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return Some(Self::Json);
        }
        if KEYS.iter().any(|known| key.starts_with(known)) {
            Some(Self::Json)
        } else if KEYS.iter().any(|known| known.starts_with(key)) {
            None
        } else {
            Some(Self::Ndjson)
        }
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
            assert_eq!(Format::detect(text.as_bytes(), false), Some(format), "{text}");
            assert_eq!(Format::detect(text.as_bytes(), true), Some(format), "{text}");
        }
    }

    #[test]
    fn a_head_that_is_too_short_decides_nothing() {
        for text in ["", " \n", "{", "{ ", "{\"", "{\"data", "{\"data_", "{\"data_type"] {
            assert_eq!(Format::detect(text.as_bytes(), false), None, "{text}");
            assert_eq!(Format::detect(text.as_bytes(), true), Some(Format::Ndjson), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_decision_holds_whatever_follows(
            start in "[ \n]{0,2}[<{\\[a\"]?[ \n]?(\"data|\"data_type|\"value)?\"?[:,]?",
            rest in "[a\":{ ]{0,4}",
        ) {
            let all = [&*start, &*rest].concat();
            let mut decided = None;
            for end in 0..=all.len() {
                let now = Format::detect(&all.as_bytes()[..end], false);
                prop_assert!(decided.is_none() || now == decided);
                decided = now;
            }
        }
    }
}
