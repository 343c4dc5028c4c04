//! Cuts text at single ASCII bytes.
//!
//! `str`'s own searchers work for any needle and any length, and every use adds another copy of them: together some
//! kilobytes of WebAssembly. The formats of this library are cut at single ASCII bytes, and their texts are short.

/// Whether `byte` is one of these few. `contains` would add a search that is made for many.
#[allow(clippy::manual_contains)]
#[inline(never)]
pub(crate) fn is_one_of(byte: u8, bytes: &[u8]) -> bool {
    bytes.iter().any(|&one| one == byte)
}

/// The text before the first of the ASCII bytes `stops`, and the rest from there on.
#[allow(clippy::manual_contains)]
#[inline(never)]
pub(crate) fn until<'text>(text: &'text str, stops: &[u8]) -> (&'text str, &'text str) {
    // Not by a call for each byte: every link of every page is cut by it, into all of its parts.
    let is_stop = |byte: u8| stops.iter().any(|&stop| stop == byte);
    let end = text.bytes().position(is_stop).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The text before and after the first ASCII byte `delimiter`, if there is one.
#[inline(never)]
pub(crate) fn split_once(text: &str, delimiter: u8) -> Option<(&str, &str)> {
    let (before, rest) = until(text, &[delimiter]);
    Some((before, rest.get(1..)?))
}

/// The text after the ASCII byte `first`, if it begins with that.
#[inline(never)]
pub(crate) fn strip_first(text: &str, first: u8) -> Option<&str> {
    if text.bytes().next() == Some(first) { text.get(1..) } else { None }
}

/// The text without the ASCII bytes `passed` at its start.
#[inline(never)]
pub(crate) fn skip<'text>(text: &'text str, passed: &[u8]) -> &'text str {
    let begin = text.bytes().position(|byte| !is_one_of(byte, passed)).unwrap_or(text.len());
    text.get(begin..).unwrap_or("")
}

/// The text without the ASCII bytes `last` at its end.
#[inline(never)]
pub(crate) fn without_last(text: &str, last: u8) -> &str {
    let end = text.bytes().rposition(|byte| byte != last).map_or(0, |at| at.saturating_add(1));
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_cut_where_the_standard_library_cuts_them(text in "[a;,é =]{0,8}") {
            let stops = [';', ','];
            let end = text.find(stops).unwrap_or(text.len());
            prop_assert_eq!(until(&text, b";,"), text.split_at(end));
            prop_assert_eq!(split_once(&text, b'='), text.split_once('='));
            prop_assert_eq!(strip_first(&text, b'a'), text.strip_prefix('a'));
            prop_assert_eq!(skip(&text, b";,"), text.trim_start_matches(stops));
            prop_assert_eq!(without_last(&text, b'='), text.trim_end_matches('='));
        }
    }
}
