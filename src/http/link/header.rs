//! The members of a `Link` field and their parameters (RFC 8288, Appendix B.2 to B.4).

use super::{Link, bare};
use crate::text::{skip, split_once, strip_first, until};
use crate::uri::percent_decode;

/// OWS (RFC 9110 §5.6.3), and the line breaks of folded lines, which count as spaces (RFC 9112 §5.2).
pub(super) const SPACES: &[u8] = b" \t\r\n";

/// Parameters of which only the first counts (B.2, steps 11 to 14), but for `rel`.
const ONCE: [&str; 5] = ["anchor", "media", "title", "title*", "type"];

/// The rest of the field's value.
struct Input<'value> {
    rest: &'value str,
    /// No quotation mark after this point is closed: remembered, so that its end is not looked for again and again.
    unclosed_quote: bool,
}

pub(super) fn read_links(value: &str) -> Vec<Link> {
    let mut input = Input { rest: value, unclosed_quote: false };
    let mut links = Vec::new();
    loop {
        // List members may be empty (RFC 9110 §5.6.1.2).
        input.rest = skip(input.rest, b", \t\r\n");
        if input.rest.is_empty() {
            return links;
        }
        if let Some((target, rest)) = read_target(input.rest) {
            input.rest = rest;
            let mut link = Link { target: target.to_owned(), rel: String::new(), params: Vec::new() };
            input.read_params(&mut link);
            if !link.rel.is_empty() {
                links.push(link);
            }
        }
        // Text between a link and the comma is no part of the link.
        input.skip_member();
    }
}

/// `<target>`, or a target without brackets, and what follows it.
fn read_target(mut text: &str) -> Option<(&str, &str)> {
    while let Some(inside) = strip_first(text, b'<') {
        let (target, rest) = until(inside, b"<>");
        // No URI contains a `<`: this bracket was never closed, and the next one begins another member.
        let Some(rest) = strip_first(rest, b'>') else {
            text = rest;
            continue;
        };
        return Some((target, rest));
    }
    bare::read_target(text)
}

impl<'value> Input<'value> {
    #[inline(never)]
    fn read_params(&mut self, link: &mut Link) {
        let mut relations = None;
        while self.take(b';') {
            self.skip_spaces();
            let name = self.take_until(b" \t\r\n=;,").to_ascii_lowercase();
            let mut value = String::new();
            if self.take(b'=') {
                value = if self.take(b'"') {
                    self.take_quoted().0
                } else {
                    self.take_until(b";,").trim_ascii_end().to_owned()
                };
            }
            if name == "rel" {
                relations.get_or_insert(value);
                continue;
            }
            if name.ends_with('*') {
                // A value that cannot be decoded is ignored, so that the plain parameter counts.
                let Some(decoded) = decode_extended(&value) else { continue };
                value = decoded;
            }
            // `; ;` and `;=x` name nothing.
            if name.is_empty() || (ONCE.iter().any(|once| *once == name) && link.param(&name).is_some()) {
                continue;
            }
            link.params.push((name, value));
        }
        for relation in relations.unwrap_or_default().split_ascii_whitespace() {
            if !link.rel.is_empty() {
                link.rel.push(' ');
            }
            link.rel.push_str(relation);
        }
        link.rel.make_ascii_lowercase();
    }

    fn skip_spaces(&mut self) {
        self.rest = skip(self.rest, SPACES);
    }

    /// Takes this byte, with any spaces around it, if it is next.
    #[inline(never)]
    fn take(&mut self, byte: u8) -> bool {
        self.skip_spaces();
        let rest = strip_first(self.rest, byte);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn take_until(&mut self, stops: &[u8]) -> &'value str {
        let (taken, rest) = until(self.rest, stops);
        self.rest = rest;
        taken
    }

    /// The rest of a quoted string after its opening mark; it ends at the closing mark or with the text (B.4). Also
    /// whether there was a closing mark.
    #[inline(never)]
    fn take_quoted(&mut self) -> (String, bool) {
        let mut output = Vec::new();
        let mut rest = self.rest.as_bytes();
        let mut closed = false;
        let mut escaped = false;
        while let [byte, after @ ..] = rest {
            rest = after;
            if !escaped && matches!(byte, b'"' | b'\\') {
                closed = *byte == b'"';
                if closed {
                    break;
                }
                escaped = true;
            } else {
                output.push(*byte);
                escaped = false;
            }
        }
        self.rest = self.rest.get(self.rest.len() - rest.len()..).unwrap_or("");
        // Only ASCII bytes were removed, so it is still UTF-8.
        (String::from_utf8(output).unwrap_or_default(), closed)
    }

    /// Skips to the comma that ends this member. A comma inside closed quotation marks does not end it.
    #[inline(never)]
    fn skip_member(&mut self) {
        loop {
            self.take_until(b",\"");
            let Some(quoted) = strip_first(self.rest, b'"') else { return };
            self.rest = quoted;
            if !self.unclosed_quote && !self.take_quoted().1 {
                self.unclosed_quote = true;
                self.rest = quoted;
            }
        }
    }
}

/// The text of an extended value, `UTF-8'en'%e2%82%ac%20rates` (RFC 8187 §3.2); `None` if it is malformed, or not in
/// UTF-8, the only character set that must be supported.
#[inline(never)]
fn decode_extended(value: &str) -> Option<String> {
    let (charset, rest) = split_once(value, b'\'')?;
    let (_language, encoded) = split_once(rest, b'\'')?;
    if !charset.eq_ignore_ascii_case("UTF-8") {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = encoded.as_bytes();
    while let [byte, after @ ..] = rest {
        let attr_char = byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(byte);
        let (decoded, after) = if attr_char { (*byte, after) } else { percent_decode(rest)? };
        bytes.push(decoded);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}
