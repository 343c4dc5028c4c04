//! Single parameters of a query string; all others stay byte for byte as they are.
//!
//! Names are compared as servers read them, with percent-encodings decoded and `+` as a space: a server takes `%6Cimit`
//! for `limit`.

use super::percent::percent_decode;
use crate::text::{strip_first, until};

/// The value of the query parameter `name` in `uri`, as it is written there; of several, the first.
///
/// A parameter without `=` has the empty value.
///
/// ```
/// use humansync::uri::query_parameter;
/// assert_eq!(query_parameter("/activities?limit=50&offset=100", "offset"), Some("100"));
/// ```
pub fn query_parameter<'uri>(uri: &'uri str, name: &str) -> Option<&'uri str> {
    let (_, mut query, _) = around_query(uri);
    while !query.is_empty() {
        let (pair, rest) = until(query, b"&");
        let (key, value) = until(pair, b"=");
        if !pair.is_empty() && is_name(key, name) {
            return Some(value.get(1..).unwrap_or(""));
        }
        query = rest.get(1..).unwrap_or("");
    }
    None
}

/// Whether `uri` has all query parameters of `other`, except those named, with the same decoded values.
pub fn has_parameters_of(uri: &str, other: &str, but: &[&str]) -> bool {
    let (_, mut query, _) = around_query(other);
    while !query.is_empty() {
        let (pair, rest) = until(query, b"&");
        let (key, value) = until(pair, b"=");
        let value = value.get(1..).unwrap_or("");
        let counts = !pair.is_empty() && !but.iter().any(|name| is_name(key, name));
        if counts && !query_parameter(uri, key).is_some_and(|own| is_same_text(own, value)) {
            return false;
        }
        query = rest.get(1..).unwrap_or("");
    }
    true
}

/// `uri` with the query parameter `name` set to `value`, both percent-encoded by the caller.
///
/// It replaces the first parameter of that name, and others of that name are removed; if there is none, it is added at
/// the end.
///
/// ```
/// use humansync::uri::replace_query_parameter;
/// assert_eq!(replace_query_parameter("/a?limit=50&offset=50#x", "offset", "99"), "/a?limit=50&offset=99#x");
/// ```
pub fn replace_query_parameter(uri: &str, name: &str, value: &str) -> String {
    rewrite(uri, name, Some(value))
}

/// `uri` without any query parameter `name`; without a `?` if nothing else was there.
pub fn remove_query_parameter(uri: &str, name: &str) -> String {
    rewrite(uri, name, None)
}

fn rewrite(uri: &str, name: &str, mut value: Option<&str>) -> String {
    let (before, query, fragment) = around_query(uri);
    let mut out = before.to_owned();
    let mut delimiter = "?";
    let mut rest = if query.is_empty() { None } else { Some(query) };
    loop {
        let replaced;
        let pair = match rest {
            Some(query) => {
                let (pair, after_pair) = until(query, b"&");
                rest = strip_first(after_pair, b'&');
                if pair.is_empty() || !is_name(until(pair, b"=").0, name) {
                    pair
                } else if let Some(value) = value.take() {
                    replaced = [name, "=", value].concat();
                    &replaced
                } else {
                    continue;
                }
            }
            None => match value.take() {
                Some(value) => {
                    replaced = [name, "=", value].concat();
                    &replaced
                }
                None => break,
            },
        };
        out.push_str(delimiter);
        out.push_str(pair);
        delimiter = "&";
    }
    out.push_str(fragment);
    out
}

/// The part before the query, the query without its `?`, and the fragment with its `#`.
fn around_query(uri: &str) -> (&str, &str, &str) {
    let (uri, fragment) = until(uri, b"#");
    let (before, query) = until(uri, b"?");
    (before, query.get(1..).unwrap_or(""), fragment)
}

/// Whether `written`, decoded, is `name`.
fn is_name(written: &str, name: &str) -> bool {
    let mut rest = written.as_bytes();
    for &expected in name.as_bytes() {
        match decoded(rest) {
            Some((byte, after)) if byte == expected => rest = after,
            _ => return false,
        }
    }
    rest.is_empty()
}

/// Whether two texts, decoded, are the same.
fn is_same_text(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    loop {
        match (decoded(one), decoded(other)) {
            (Some((a, after_a)), Some((b, after_b))) if a == b => (one, other) = (after_a, after_b),
            // If one cannot be decoded, the rest must be the same as it is written.
            _ => return one == other,
        }
    }
}

/// The first byte as a server reads it, and what comes after it.
fn decoded(rest: &[u8]) -> Option<(u8, &[u8])> {
    match rest {
        [b'%', ..] => percent_decode(rest),
        [b'+', after @ ..] => Some((b' ', after)),
        [byte, after @ ..] => Some((*byte, after)),
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    #[test]
    fn parameters_of_another_are_looked_for_by_what_they_mean() {
        let but = &["limit", "offset"];
        for (uri, expected) in [
            ("/a?from=2024-01-01T00:00:00Z&offset=50&limit=50", true),
            ("/a?x=1&from=2024-01-01T00%3A00%3a00Z", true),
            ("/a?offset=50", false),
            ("/a?from=2024-01-01T00:00:01Z", false),
            ("/a?from=2024-01-01T00:00:00", false),
            ("/a?from=", false),
        ] {
            let own = "/a?limit=5&from=2024-01-01T00%3A00%3A00Z&offset=2";
            assert_eq!(has_parameters_of(uri, own, but), expected, "{uri}");
        }
        assert!(has_parameters_of("/a?x=%zz", "/a?x=%zz", but));
        assert!(!has_parameters_of("/a?x=%zy", "/a?x=%zz", but));
    }

    #[test]
    fn a_parameter_is_found_by_its_name_however_that_is_encoded() {
        #[rustfmt::skip]
        let table = [
            ("/a?limit=50&offset=100", Some("100")),
            ("https://h/a?offset=1#offset=2", Some("1")),
            ("/a?offset=1&offset=2", Some("1")),
            ("/a?%6fffset=3", Some("3")), ("/a?%6Fffse%74=3", Some("3")),
            ("/a?offset", Some("")), ("/a?offset=", Some("")), ("/a?offset=a=b", Some("a=b")), ("/a?offset=%20+", Some("%20+")),
            ("/a", None), ("/a?", None), ("/a?x=offset=1", None), ("/a?Offset=1", None), ("/a?offsets=1", None),
            ("/a?offse=1", None), ("/a#?offset=1", None), ("/offset=1", None), ("/a?%6=1", None), ("/a?%zzffset=1", None),
        ];
        for (uri, value) in table {
            assert_eq!(query_parameter(uri, "offset"), value, "{uri}");
        }
        assert_eq!(query_parameter("/a?my+name=1&my%20name=2", "my name"), Some("1"));
        assert_eq!(query_parameter("/a?&x=1", ""), None);
    }

    #[test]
    fn a_parameter_is_set_where_it_was_and_the_rest_stays_as_it_is() {
        #[rustfmt::skip]
        let table = [
            ("/a?limit=50&offset=50", "/a?limit=50&offset=7"),
            ("/a?offset=50&limit=50#f", "/a?offset=7&limit=50#f"),
            ("/a?source=%e2%82%AC+x&&=&offset&y", "/a?source=%e2%82%AC+x&&=&offset=7&y"),
            ("/a?offset=1&x=1&%6fffset=2", "/a?offset=7&x=1"),
            ("/a", "/a?offset=7"), ("/a?", "/a?offset=7"), ("/a#f", "/a?offset=7#f"), ("/a?x=1#?y", "/a?x=1&offset=7#?y"),
            ("", "?offset=7"),
        ];
        for (uri, expected) in table {
            assert_eq!(replace_query_parameter(uri, "offset", "7"), expected, "{uri}");
        }
    }

    #[test]
    fn a_removed_parameter_takes_its_delimiter_along() {
        #[rustfmt::skip]
        let table = [
            ("/a?limit=50&offset=50", "/a?limit=50"), ("/a?offset=50&limit=50", "/a?limit=50"), ("/a?offset=50", "/a"),
            ("/a?offset=50#f", "/a#f"), ("/a?x&offset=1&offset=2&y", "/a?x&y"), ("/a?x=1", "/a?x=1"), ("/a", "/a"),
        ];
        for (uri, expected) in table {
            assert_eq!(remove_query_parameter(uri, "offset"), expected, "{uri}");
        }
    }

    const URI: &str = "/p(\\?([a-c%=+&;/?]{0,4}(offset=[0-9]{0,2})?&?){0,4})?(#[a-c?&=]{0,3})?";

    proptest! {
        #[test]
        fn what_is_set_is_found_and_what_is_removed_is_not(uri in URI) {
            let set = replace_query_parameter(&uri, "offset", "42");
            prop_assert_eq!(query_parameter(&set, "offset"), Some("42"));
            let removed = remove_query_parameter(&uri, "offset");
            prop_assert_eq!(query_parameter(&removed, "offset"), None);
            prop_assert_eq!(remove_query_parameter(&set, "offset"), removed);
        }

        #[test]
        fn setting_what_is_there_once_to_its_own_value_changes_nothing(
            before in "([a-b=%]{1,4}&){0,3}", after in "(&[a-b=%]{1,4}){0,3}", value in "[0-9a-f%]{0,4}",
        ) {
            let uri = format!("https://h/p?{before}offset={value}{after}#f");
            prop_assert_eq!(replace_query_parameter(&uri, "offset", &value), uri);
        }

        #[test]
        fn no_text_can_break_it(uri in ".{0,30}", name in ".{0,6}") {
            let _ = query_parameter(&uri, &name);
            let _ = replace_query_parameter(&uri, &name, "1");
            let _ = remove_query_parameter(&uri, &name);
        }
    }
}
