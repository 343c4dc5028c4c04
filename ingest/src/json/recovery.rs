//! Finds out where reading can go on after something that cannot be read, however the bytes are cut.

/// Skips a value that cannot be read, by its brackets and quotes alone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ValueSkipper {
    depth: u32,
    in_string: bool,
    escaped: bool,
}

impl ValueSkipper {
    /// Returns how many of these bytes belong to the value, and whether it ends there.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (index, &byte) in bytes.iter().enumerate() {
            crate::scan_count::add(1);
            if self.escaped {
                self.escaped = false;
                continue;
            }
            match byte {
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b',' | b'}' | b']' if self.depth == 0 => return (index, true),
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                _ => {}
            }
        }
        (bytes.len(), false)
    }
}

/// Finds where the next sample can begin after a broken one: after `},`, unless the name of a member follows, or at
/// the end of the array after `}`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum SampleFinder {
    #[default]
    Anywhere,
    AfterBrace,
    AfterComma,
}

impl SampleFinder {
    /// Returns how many of these bytes are skipped. If the next sample can begin after them, or the array can end,
    /// also the comma before that place or the bracket at it.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> (usize, Option<u8>) {
        for (index, &byte) in bytes.iter().enumerate() {
            crate::scan_count::add(1);
            *self = match (*self, byte) {
                (Self::AfterBrace | Self::AfterComma, b' ' | b'\t' | b'\n' | b'\r') => continue,
                (Self::AfterBrace, b']') => return (index, Some(b']')),
                (Self::AfterBrace, b',') => Self::AfterComma,
                (Self::AfterComma, b'"') => Self::Anywhere,
                (Self::AfterComma, _) => return (index, Some(b',')),
                (_, b'}') => Self::AfterBrace,
                _ => Self::Anywhere,
            };
        }
        (bytes.len(), None)
    }
}
