//! Comments, CDATA sections and processing instructions: what looks like a tag in them is none.

/// One of them, up to its end, which is a character a number of times and then `>`.
#[derive(Debug)]
pub struct IgnoredMarkup {
    repeated: u8,
    /// How many times at least.
    times: usize,
    /// How many of them stand before the place that is reached.
    seen: usize,
}

/// How they begin, and what they end with.
const FORMS: [(&[u8], u8, usize); 3] = [(b"<!--", b'-', 2), (b"<![CDATA[", b']', 2), (b"<?", b'?', 1)];

impl IgnoredMarkup {
    /// What begins at the start of `text`, and the length of its beginning.
    pub fn begin(text: &[u8]) -> Option<(Self, usize)> {
        let (start, repeated, times) = FORMS.into_iter().find(|(start, ..)| text.starts_with(start))?;
        Some((Self { repeated, times, seen: 0 }, start.len()))
    }

    /// Where in `text` it is over; `None` where it goes on behind it.
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
