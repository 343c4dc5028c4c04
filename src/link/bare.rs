//! A target without angle brackets, as Human API's pages show it: `https://…?offset=50; rel="prev", https://…`.
//!
//! Commas and semicolons may be part of such a URL, so what follows decides (no rule says so; this is ours):
//! - white space ends the URL, always;
//! - a comma ends it before white space, another comma, a `<`, another `http(s)://`, or the end;
//! - a semicolon ends it before white space, the end, `rel=`, or a parameter with a quoted value, since a URL has no quotation
//!   marks.

use super::header::is_space;

/// Takes the target off the front of the text, if there is one.
pub(super) fn read_target<'value>(text: &mut &'value str) -> Option<&'value str> {
    if !begins_with_http(text) {
        return None;
    }
    let mut from = 0;
    let end = loop {
        let Some(found) = text.get(from..)?.find(|c| is_space(c) || matches!(c, ',' | ';')) else {
            break text.len();
        };
        let at = from + found;
        let behind = text.get(at + 1..)?;
        if match text.as_bytes().get(at) {
            Some(b',') => ends_at_comma(behind),
            Some(b';') => ends_at_semicolon(behind),
            _ => true,
        } {
            break at;
        }
        from = at + 1;
    };
    let (target, rest) = text.split_at_checked(end)?;
    *text = rest;
    Some(target)
}

fn ends_at_comma(behind: &str) -> bool {
    match behind.chars().next() {
        None | Some(',' | '<') => true,
        Some(next) => is_space(next) || begins_with_http(behind),
    }
}

fn ends_at_semicolon(behind: &str) -> bool {
    let name_end = behind
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '*' | '_'))
        .unwrap_or(behind.len());
    let Some((name, rest)) = behind.split_at_checked(name_end) else { return false };
    match rest.strip_prefix('=') {
        Some(value) => name.eq_ignore_ascii_case("rel") || (!name.is_empty() && value.starts_with('"')),
        None => name.is_empty() && rest.chars().next().is_none_or(is_space),
    }
}

fn begins_with_http(text: &str) -> bool {
    let begins_with =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    begins_with("https://") || begins_with("http://")
}
