//! How reading goes on behind content cannot be read, in bytes that come bit by bit.

/// Goes past a value that is too long to be read, by its brackets and quotes alone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ValueSkipper {
    depth: u32,
    in_string: bool,
    escaped: bool,
}

impl ValueSkipper {
    /// How many of these bytes belong to the value, and whether it ends there.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            crate::scan_count::add(1);
            if self.escaped {
                self.escaped = false;
                continue;
            }
            match byte {
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b',' | b'}' | b']' if self.depth == 0 => return (at, true),
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                _ => {}
            }
        }
        (bytes.len(), false)
    }
}

/// Looks for where the first sample behind a broken one can begin: behind a comma, or at a closing bracket, behind a closing brace, but
/// not behind a comma that leads to another member of an object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum SampleFinder {
    #[default]
    Anywhere,
    /// Behind a closing brace.
    AfterBrace,
    /// Behind the comma behind one.
    AfterComma,
}

impl SampleFinder {
    /// How many of these bytes are behind us, and, once such a place is reached, the comma that is before it or the bracket that is at it.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> (usize, Option<u8>) {
        for (at, &byte) in bytes.iter().enumerate() {
            crate::scan_count::add(1);
            *self = match (*self, byte) {
                (Self::AfterBrace | Self::AfterComma, b' ' | b'\t' | b'\n' | b'\r') => continue,
                (Self::AfterBrace, b']') => return (at, Some(b']')),
                (Self::AfterBrace, b',') => Self::AfterComma,
                (Self::AfterComma, b'"') => Self::Anywhere,
                (Self::AfterComma, _) => return (at, Some(b',')),
                (_, b'}') => Self::AfterBrace,
                _ => Self::Anywhere,
            };
        }
        (bytes.len(), None)
    }
}
