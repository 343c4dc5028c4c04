//! The five parts of a URI reference, and the resolution of a relative one (RFC 3986 §3, §5).

/// The parts of a URI or a relative reference, as slices of its text.
///
/// Every text has them (RFC 3986, Appendix B); whether they make sense is the reader's to judge. A part that is absent
/// is `None`, which is not the same as an empty one: `?` at the end is an empty query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Uri<'text> {
    /// Without its colon, in the case it came in.
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
    pub fn split(text: &'text str) -> Self {
        let (text, fragment) = split_before(text, '#');
        let (text, query) = split_before(text, '?');
        let (scheme, text) = match text.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, text),
        };
        let (authority, path) = match text.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
                (Some(authority), path)
            }
            None => (None, text),
        };
        Self { scheme, authority, path, query, fragment }
    }

    /// Puts the parts together again (RFC 3986 §5.3).
    pub fn recompose(&self) -> String {
        let mut text = String::with_capacity(128);
        if let Some(scheme) = self.scheme {
            text.push_str(scheme);
            text.push(':');
        }
        if let Some(authority) = self.authority {
            text.push_str("//");
            text.push_str(authority);
        }
        text.push_str(self.path);
        if let Some(query) = self.query {
            text.push('?');
            text.push_str(query);
        }
        if let Some(fragment) = self.fragment {
            text.push('#');
            text.push_str(fragment);
        }
        text
    }
}

/// The target of `reference` where it stands in the representation of `base` (RFC 3986 §5.2, strict).
///
/// `base` should be absolute; its fragment does not count.
///
/// ```
/// use humansync::uri::resolve;
/// assert_eq!(resolve("https://api.humanapi.co/v1/human/sleeps?limit=5", "?offset=5"),
///     "https://api.humanapi.co/v1/human/sleeps?offset=5");
/// ```
pub fn resolve(base: &str, reference: &str) -> String {
    let (base, reference) = (Uri::split(base), Uri::split(reference));
    let path;
    let target = if reference.scheme.is_some() {
        path = remove_dot_segments(reference.path);
        Uri { path: &path, ..reference }
    } else if reference.authority.is_some() {
        path = remove_dot_segments(reference.path);
        Uri { scheme: base.scheme, path: &path, ..reference }
    } else if reference.path.is_empty() {
        Uri { query: reference.query.or(base.query), fragment: reference.fragment, ..base }
    } else {
        path = if reference.path.starts_with('/') {
            remove_dot_segments(reference.path)
        } else {
            remove_dot_segments(&merge(&base, reference.path))
        };
        Uri { path: &path, query: reference.query, fragment: reference.fragment, ..base }
    };
    target.recompose()
}

/// The base's path up to its last slash, and the reference's behind it (RFC 3986 §5.2.3).
fn merge(base: &Uri<'_>, path: &str) -> String {
    let folder = match base.path.rsplit_once('/') {
        Some((folder, _)) => folder,
        None if base.authority.is_some() => "",
        None => return path.to_owned(),
    };
    let mut merged = String::with_capacity(folder.len() + 1 + path.len());
    merged.push_str(folder);
    merged.push('/');
    merged.push_str(path);
    merged
}

/// A path without its `.` and `..` segments (RFC 3986 §5.2.4, step by step). `%2e` is not a dot here.
pub fn remove_dot_segments(path: &str) -> String {
    let mut input = path;
    let mut output = String::with_capacity(path.len());
    while !input.is_empty() {
        if let Some(rest) = input.strip_prefix("../").or_else(|| input.strip_prefix("./")) {
            input = rest; // A
        } else if input.starts_with("/./") {
            input = without_first(input, 2); // B
        } else if input == "/." {
            input = "/"; // B
        } else if input.starts_with("/../") || input == "/.." {
            input = if input == "/.." { "/" } else { without_first(input, 3) }; // C
            output.truncate(output.rfind('/').unwrap_or(0));
        } else if input == "." || input == ".." {
            input = ""; // D
        } else {
            // E: the first segment, with its slash before and without the one behind it.
            let behind_slash = without_first(input, usize::from(input.starts_with('/')));
            let slash_and_segment =
                input.len() - behind_slash.len() + behind_slash.find('/').unwrap_or(behind_slash.len());
            let (segment, rest) = input.split_at_checked(slash_and_segment).unwrap_or((input, ""));
            output.push_str(segment);
            input = rest;
        }
    }
    output
}

fn without_first(text: &str, bytes: usize) -> &str {
    text.get(bytes..).unwrap_or("")
}

fn split_before(text: &str, delimiter: char) -> (&str, Option<&str>) {
    match text.split_once(delimiter) {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    }
}

/// `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
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
