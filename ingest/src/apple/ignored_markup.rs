//! Skips comments, CDATA sections and processing instructions: a tag in them is only text.

/// One of them. It ends with a character, repeated a number of times, and `>`.
#[derive(Debug)]
pub struct IgnoredMarkup {
    repeated: u8,
    /// How often it is repeated at least.
    times: usize,
    /// How often it has just been repeated.
    seen: usize,
}

/// How each of them begins, and how it ends.
const FORMS: [(&[u8], u8, usize); 3] = [(b"<!--", b'-', 2), (b"<![CDATA[", b']', 2), (b"<?", b'?', 1)];

impl IgnoredMarkup {
    /// The markup that begins at the start of `text`, and the length of its beginning.
    pub fn begin(text: &[u8]) -> Option<(Self, usize)> {
        let (start, repeated, times) = FORMS.into_iter().find(|(start, ..)| text.starts_with(start))?;
        Some((Self { repeated, times, seen: 0 }, start.len()))
    }

    /// Where in `text` it ends, if it does.
    pub fn end(&mut self, text: &[u8]) -> Option<usize> {
        for (at, &byte) in text.iter().enumerate() {
            crate::scan_count::add(1);
            if byte == b'>' && self.seen >= self.times {
                return Some(at + 1);
            }
            self.seen = if byte == self.repeated { self.seen + 1 } else { 0 };
        }
        None
    }
}
