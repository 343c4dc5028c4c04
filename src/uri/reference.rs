//! The five parts of a URI reference, and the resolution of a relative one (RFC 3986 §3, §5).

use crate::text::{split_once, strip_first, until};

/// The parts of a URI or a relative reference, as slices of its text.
///
/// Every text has them (RFC 3986, Appendix B); whether they make sense is not checked. An absent part is `None`, which
/// is not the same as an empty one: `?` at the end is an empty query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Uri<'text> {
    /// Without its colon, in the case in which it is written.
    pub scheme: Option<&'text str>,
    /// Between `//` and the next `/`, `?` or `#`: user information, host and port.
    pub authority: Option<&'text str>,
    /// May be empty.
    pub path: &'text str,
    /// Without its `?`.
    pub query: Option<&'text str>,
    /// Without its `#`.
    pub fragment: Option<&'text str>,
}

impl<'text> Uri<'text> {
    /// Splits a text into its parts.
    ///
    /// ```
    /// use humansync::uri::Uri;
    /// let uri = Uri::split("https://api.humanapi.co/v1/human/activities?limit=50");
    /// assert_eq!(uri.authority, Some("api.humanapi.co"));
    /// assert_eq!(uri.query, Some("limit=50"));
    /// ```
    #[inline(never)]
    pub fn split(text: &'text str) -> Self {
        let (text, fragment) = until(text, b"#");
        let (text, query) = until(text, b"?");
        let (scheme, mut path) = match split_once(text, b':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, text),
        };
        let mut authority = None;
        if let Some(rest) = path.strip_prefix("//") {
            let (before, after) = until(rest, b"/");
            (authority, path) = (Some(before), after);
        }
        Self { scheme, authority, path, query: query.get(1..), fragment: fragment.get(1..) }
    }

    /// Puts the parts together again (RFC 3986 §5.3).
    #[inline(never)]
    pub fn recompose(&self) -> String {
        let with = |part: Option<&str>, mark| if part.is_some() { mark } else { "" };
        [
            self.scheme.unwrap_or(""),
            with(self.scheme, ":"),
            with(self.authority, "//"),
            self.authority.unwrap_or(""),
            self.path,
            with(self.query, "?"),
            self.query.unwrap_or(""),
            with(self.fragment, "#"),
            self.fragment.unwrap_or(""),
        ]
        .concat()
    }
}

/// The target of `reference`, relative to `base` (RFC 3986 §5.2, strict).
///
/// `base` should be absolute; its fragment is ignored.
///
/// ```
/// use humansync::uri::resolve;
/// assert_eq!(resolve("https://api.humanapi.co/v1/human/sleeps?limit=5", "?offset=5"),
///     "https://api.humanapi.co/v1/human/sleeps?offset=5");
/// ```
pub fn resolve(base: &str, reference: &str) -> String {
    let (base, mut target) = (Uri::split(base), Uri::split(reference));
    let (merged, path);
    if target.scheme.is_none() {
        target.scheme = base.scheme;
        if target.authority.is_none() {
            target.authority = base.authority;
            if target.path.is_empty() {
                // The base's path stays as it is, with its dot segments.
                target.path = base.path;
                target.query = target.query.or(base.query);
                return target.recompose();
            }
            if strip_first(target.path, b'/').is_none() {
                merged = merge(&base, target.path);
                target.path = &merged;
            }
        }
    }
    path = remove_dot_segments(target.path);
    target.path = &path;
    target.recompose()
}

/// The base's path up to its last slash, followed by the reference's (RFC 3986 §5.2.3).
fn merge(base: &Uri<'_>, path: &str) -> String {
    let last_slash = base.path.bytes().rposition(|byte| byte == b'/');
    let folder = match last_slash.and_then(|at| base.path.get(..at)) {
        Some(folder) => folder,
        None if base.authority.is_some() => "",
        None => return path.to_owned(),
    };
    [folder, "/", path].concat()
}

/// A path without its `.` and `..` segments (RFC 3986 §5.2.4). `%2e` is not a dot here.
#[inline(never)]
pub fn remove_dot_segments(path: &str) -> String {
    let mut input = path;
    let mut output = Vec::new();
    while !input.is_empty() {
        let rooted = strip_first(input, b'/');
        let (segment, rest) = until(rooted.unwrap_or(input), b"/");
        input = rest;
        if segment != "." && segment != ".." {
            // E. As in the RFC, the output has the slash before each segment, and one after it only at the end.
            if rooted.is_some() {
                output.push(b'/');
            }
            output.extend_from_slice(segment.as_bytes());
        } else if rooted.is_none() {
            // A and D: at the start of a relative path they are removed with the slash after them.
            input = strip_first(rest, b'/').unwrap_or(rest);
        } else {
            // B and C: the slash after them, or the one before, stays.
            if segment == ".." {
                while output.pop().is_some_and(|byte| byte != b'/') {}
            }
            if rest.is_empty() {
                output.push(b'/');
            }
        }
    }
    // Whole segments and slashes of a UTF-8 text.
    String::from_utf8(output).unwrap_or_default()
}

/// `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`
fn is_scheme(text: &str) -> bool {
    text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    #[test]
    fn every_example_of_rfc_3986_section_5_4_resolves_as_written_there() {
        #[rustfmt::skip]
        let table = [
            // §5.4.1, normal examples.
            ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
            ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
            ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
            ("g;x?y#s", "http://a/b/c/g;x?y#s"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
            ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
            ("../../g", "http://a/g"),
            // §5.4.2, abnormal examples.
            ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
            ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
            ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"), ("g?y/./x", "http://a/b/c/g?y/./x"),
            ("g?y/../x", "http://a/b/c/g?y/../x"), ("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
            ("http:g", "http:g"),
        ];
        for (reference, target) in table {
            assert_eq!(resolve("http://a/b/c/d;p?q", reference), target, "{reference}");
        }
    }

    #[test]
    fn a_base_without_a_path_gets_one() {
        assert_eq!(resolve("https://api.humanapi.co", "v1/human"), "https://api.humanapi.co/v1/human");
        assert_eq!(resolve("https://api.humanapi.co?x=1", "?y=2"), "https://api.humanapi.co?y=2");
        assert_eq!(resolve("a", "b"), "b");
    }

    #[test]
    fn the_parts_are_those_of_rfc_3986_section_3() {
        #[rustfmt::skip]
        let table = [
            ("foo://example.com:8042/over/there?name=ferret#nose",
                Uri { scheme: Some("foo"), authority: Some("example.com:8042"), path: "/over/there", query: Some("name=ferret"), fragment: Some("nose") }),
            ("urn:example:animal:ferret:nose", Uri { scheme: Some("urn"), path: "example:animal:ferret:nose", ..Uri::default() }),
            ("", Uri::default()),
            ("?", Uri { query: Some(""), ..Uri::default() }),
            ("#", Uri { fragment: Some(""), ..Uri::default() }),
            ("//", Uri { authority: Some(""), ..Uri::default() }),
            ("//h?a/b#c?d", Uri { authority: Some("h"), query: Some("a/b"), fragment: Some("c?d"), ..Uri::default() }),
            ("./a:b", Uri { path: "./a:b", ..Uri::default() }),
            ("1a:b", Uri { path: "1a:b", ..Uri::default() }),
            ("/a:b", Uri { path: "/a:b", ..Uri::default() }),
        ];
        for (text, parts) in table {
            assert_eq!(Uri::split(text), parts, "{text}");
        }
    }

    #[test]
    fn removing_dot_segments_takes_linear_time_in_the_worst_case() {
        let path = format!("{}{}", "/a".repeat(500_000), "/..".repeat(500_000));
        assert_eq!(remove_dot_segments(&path), "/");
    }

    /// Segments on a stack, instead of the RFC's buffer, for absolute paths.
    fn by_stack(path: &str) -> String {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let mut stack = Vec::new();
        for (index, segment) in segments.iter().enumerate() {
            let last = index + 1 == segments.len();
            if *segment == ".." {
                stack.pop();
            }
            if *segment != "." && *segment != ".." {
                stack.push(*segment);
            } else if last {
                stack.push("");
            }
        }
        stack.iter().map(|segment| format!("/{segment}")).collect()
    }

    proptest! {
        #[test]
        fn dot_segments_go_as_they_would_from_a_stack(path in "(/(\\.|\\.\\.|[a-c.]{0,3}|%2e)){1,12}") {
            prop_assert_eq!(remove_dot_segments(&path), by_stack(&path));
        }

        #[test]
        fn a_relative_path_lands_where_the_stack_puts_it(
            base in "(/[a-c.]{0,3}){1,6}", reference in "[a-c.]{1,3}(/(\\.|\\.\\.|[a-c]{0,2})){0,8}",
        ) {
            let folder = &base[..base.rfind('/').unwrap()];
            let expected = by_stack(&format!("{folder}/{reference}"));
            prop_assert_eq!(resolve(&format!("http://h{base}"), &reference), format!("http://h{expected}"));
        }

        #[test]
        fn splitting_and_recomposing_changes_nothing(text in "[a-c0-9:/?#.@%é\\\\ ]{0,24}") {
            prop_assert_eq!(Uri::split(&text).recompose(), text);
        }

        #[test]
        fn a_reference_that_is_absolute_already_does_not_see_the_base(base in ".{0,20}", path in "(/[a-z]{1,3}){0,4}") {
            let target = format!("https://h{path}?q");
            prop_assert_eq!(resolve(&base, &target), target);
        }

        #[test]
        fn no_text_can_break_resolution(base in ".{0,24}", reference in ".{0,24}") {
            let resolved = resolve(&base, &reference);
            prop_assert!(resolved.len() <= base.len() + reference.len() + 1);
        }
    }
}
