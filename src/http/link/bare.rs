//! A target without angle brackets, as Human API's pages show it: `https://…?offset=50; rel="prev", https://…`.
//!
//! Commas and semicolons may be part of such a URL, so what follows them decides. There is no standard for it; the rule
//! here is:
//! - white space ends the URL, always;
//! - a comma ends it before white space, another comma, a `<`, another `http(s)://`, or the end;
//! - a semicolon ends it before white space, the end, `rel=`, or a parameter with a quoted value, since a URL has no
//!   quotation marks.

/// The target at the start of the text, if there is one, and what follows it.
#[inline(never)]
pub(super) fn read_target(text: &str) -> Option<(&str, &str)> {
    let mut rest = text.as_bytes();
    if !begins_with_http(rest) {
        return None;
    }
    while let [byte, after @ ..] = rest {
        let ends = match byte {
            b',' => matches!(after, [] | [b',' | b'<', ..]) || is_at_space(after) || begins_with_http(after),
            b';' => ends_at_semicolon(after),
            _ => is_at_space(rest),
        };
        if ends {
            break;
        }
        rest = after;
    }
    text.split_at_checked(text.len() - rest.len())
}

#[inline(never)]
fn ends_at_semicolon(after: &[u8]) -> bool {
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*' | b'_');
    let name_end = after.iter().take_while(is_name).count();
    match after.split_at_checked(name_end) {
        Some(([], rest)) => rest.is_empty() || is_at_space(rest),
        Some((name, [b'=', value @ ..])) => name.eq_ignore_ascii_case(b"rel") || value.first() == Some(&b'"'),
        _ => false,
    }
}

fn is_at_space(text: &[u8]) -> bool {
    matches!(text, [b' ' | b'\t' | b'\r' | b'\n', ..])
}

#[inline(never)]
fn begins_with_http(text: &[u8]) -> bool {
    let begins_with =
        |scheme: &[u8]| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    begins_with(b"https://") || begins_with(b"http://")
}
