//! Scans strict JSON, in bytes that may end before a value does.

use crate::find::find_special;
use crate::{Numbers, json_string, number, scan_count};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScanError {
    Invalid,
    Incomplete,
}

/// Arrays and objects may be nested so deep; deeper ones count as invalid.
const MAX_DEPTH: u32 = 128;

#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'a> {
    length: usize,
    rest: &'a [u8],
}

#[derive(Clone, Copy, Debug)]
pub(super) struct RawString<'a> {
    pub(super) raw: &'a [u8],
    /// Whether it has escapes. They have been checked.
    pub(super) escaped: bool,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { length: bytes.len(), rest: bytes }
    }

    /// How many bytes have been passed.
    pub(super) const fn at(&self) -> usize {
        self.length - self.rest.len()
    }

    /// The next byte after white space, at which it stays.
    pub(super) fn peek(&mut self) -> Result<u8, ScanError> {
        while let [byte, after @ ..] = self.rest {
            scan_count::add(1);
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Ok(*byte);
            }
            self.rest = after;
        }
        Err(ScanError::Incomplete)
    }

    pub(super) fn pass(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    /// Passes the next byte after white space, which must be this one.
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), ScanError> {
        if self.peek()? != byte {
            return Err(ScanError::Invalid);
        }
        self.pass();
        Ok(())
    }

    /// Scans a string, from its opening quote.
    pub(super) fn string(&mut self, scratch: &mut Vec<u8>) -> Result<RawString<'a>, ScanError> {
        self.pass();
        let raw = self.rest;
        let mut escaped = false;
        loop {
            let Some([special, after @ ..]) = find_special(self.rest).and_then(|end| self.rest.get(end..))
            else {
                self.rest = &[];
                return Err(ScanError::Incomplete);
            };
            match special {
                b'"' => {
                    let raw = raw.get(..raw.len() - after.len() - 1).unwrap_or_default();
                    if escaped {
                        let before = scratch.len();
                        json_string::decode(raw, scratch).ok_or(ScanError::Invalid)?;
                        scratch.truncate(before);
                    }
                    self.rest = after;
                    return Ok(RawString { raw, escaped });
                }
                b'\\' => {
                    escaped = true;
                    self.rest = after.get(1..).ok_or(ScanError::Incomplete)?;
                }
                _ => return Err(ScanError::Invalid),
            }
        }
    }

    /// Scans a number, which must end before the bytes do. Also returns its text.
    pub(super) fn number(&mut self, numbers: &Numbers) -> Result<(f64, &'a [u8]), ScanError> {
        let end =
            self.rest.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        let (token, after) = scan_count::add_until(self.rest, end)
            .and_then(|end| self.rest.split_at_checked(end))
            .ok_or(ScanError::Incomplete)?;
        match number::read(token, numbers) {
            Some((value, [])) => {
                self.rest = after;
                Ok((value, token))
            }
            _ => Err(ScanError::Invalid),
        }
    }

    /// Scans one of the words `null`, `true` and `false`.
    pub(super) fn word(&mut self, word: &[u8]) -> Result<(), ScanError> {
        match self.rest.strip_prefix(word) {
            Some(after) => {
                self.rest = after;
                Ok(())
            }
            None if word.starts_with(self.rest) => Err(ScanError::Incomplete),
            None => Err(ScanError::Invalid),
        }
    }

    pub(super) fn skip(&mut self, numbers: &Numbers, scratch: &mut Vec<u8>) -> Result<(), ScanError> {
        self.skip_within(MAX_DEPTH, numbers, scratch)
    }

    fn skip_within(&mut self, depth: u32, numbers: &Numbers, scratch: &mut Vec<u8>) -> Result<(), ScanError> {
        let first = self.peek()?;
        match first {
            b'"' => self.string(scratch).map(drop),
            b'-' | b'0'..=b'9' => self.number(numbers).map(drop),
            b'n' => self.word(b"null"),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'{' | b'[' => {
                // In ASCII, the closing bracket or brace is the opening one plus two.
                let close = first + 2;
                let depth = depth.checked_sub(1).ok_or(ScanError::Invalid)?;
                self.pass();
                if self.peek()? == close {
                    self.pass();
                    return Ok(());
                }
                loop {
                    if first == b'{' {
                        if self.peek()? != b'"' {
                            return Err(ScanError::Invalid);
                        }
                        self.string(scratch)?;
                        self.expect(b':')?;
                    }
                    self.skip_within(depth, numbers, scratch)?;
                    let next = self.peek()?;
                    self.pass();
                    if next == close {
                        return Ok(());
                    }
                    if next != b',' {
                        return Err(ScanError::Invalid);
                    }
                }
            }
            _ => Err(ScanError::Invalid),
        }
    }
}
