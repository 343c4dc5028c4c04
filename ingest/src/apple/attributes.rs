//! Reads the attributes of a start tag.

use crate::find::find;
use crate::scan_count;

/// Name and value, without its quotes and not decoded.
type Attribute<'a> = (&'a [u8], &'a [u8]);

/// The tag is not well-formed, or not complete.
#[derive(Debug)]
pub struct MalformedTag;

pub struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// Reads a tag from after its name. There must be no `<` in `rest`, since a tag cannot have one.
    pub fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// The next attribute; `None` at the end of the tag.
    pub fn next(&mut self) -> Result<Option<Attribute<'a>>, MalformedTag> {
        let text = skip_spaces(self.rest);
        if let [b'>', ..] | [b'/', b'>', ..] = text {
            self.rest = text;
            return Ok(None);
        }
        // Attributes are separated by white space (XML 1.0 §3.1).
        if text.len() == self.rest.len() {
            return Err(MalformedTag);
        }
        let ends_name = |byte: &u8| is_space(byte) || matches!(byte, b'=' | b'/' | b'>' | b'"' | b'\'');
        let end = scan_count::add_until(text, text.iter().position(ends_name));
        let (name, text) = text.split_at_checked(end.ok_or(MalformedTag)?).ok_or(MalformedTag)?;
        let [b'=', text @ ..] = skip_spaces(text) else { return Err(MalformedTag) };
        let [quote @ (b'"' | b'\''), text @ ..] = skip_spaces(text) else { return Err(MalformedTag) };
        let (value, text) =
            text.split_at_checked(find(text, *quote).ok_or(MalformedTag)?).ok_or(MalformedTag)?;
        if name.is_empty() {
            return Err(MalformedTag);
        }
        self.rest = text.get(1..).unwrap_or_default();
        Ok(Some((name, value)))
    }

    /// At the end of the tag: whether the element ends as well.
    pub fn closes(&self) -> bool {
        self.rest.starts_with(b"/>")
    }
}

pub fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

pub fn skip_spaces(text: &[u8]) -> &[u8] {
    scan_count::add_until(text, text.iter().position(|byte| !is_space(byte)))
        .and_then(|at| text.get(at..))
        .unwrap_or_default()
}
