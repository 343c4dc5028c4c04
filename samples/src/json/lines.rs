//! NDJSON: an object on every line. A line spoils only itself.

use super::cursor::Cursor;
use super::layout::Layouts;
use super::record::Record;
use super::{BROKEN, LONGEST, NO_OBJECT, TOO_LONG};
use crate::draft::Place;
use crate::rejection::Code;
use crate::sink::{NOT_UTF8, Sink};

/// The reader of NDJSON.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// Lines that are behind us.
    line: u64,
    /// Whether we are within a line that is too long.
    skipping: bool,
    record: Record,
    pub(super) layouts: Layouts,
}

impl Lines {
    /// Reads all lines that are there as a whole, and says how many bytes those are.
    pub(crate) fn read(&mut self, bytes: &[u8], last: bool, sink: &mut Sink) -> usize {
        let mut rest = bytes;
        loop {
            if !self.skipping {
                rest = self.read_alike(rest, sink);
            }
            let end = find_newline(rest);
            let (line, behind) = match end {
                Some(end) => (rest.get(..end), rest.get(end + 1..).unwrap_or_default()),
                None if last && !rest.is_empty() => (Some(rest), rest.get(rest.len()..).unwrap_or_default()),
                None if rest.len() > LONGEST || self.skipping => {
                    if !self.skipping {
                        sink.reject(self.place(), "", Code::Syntax, TOO_LONG);
                    }
                    self.skipping = true;
                    return bytes.len();
                }
                None => return bytes.len() - rest.len(),
            };
            if !self.skipping {
                self.read_line(line.unwrap_or_default(), sink);
            }
            self.skipping = false;
            self.line += 1;
            rest = behind;
        }
    }

    /// Reads as many lines as have a layout that is known; gives what is left.
    #[inline]
    fn read_alike<'a>(&mut self, bytes: &'a [u8], sink: &mut Sink) -> &'a [u8] {
        let mut rest = bytes;
        while let Some((behind, _)) = self.layouts.read(rest, true, sink) {
            rest = behind;
            self.line += 1;
        }
        rest
    }

    #[inline(never)]
    fn read_line(&mut self, line: &[u8], sink: &mut Sink) {
        let place = self.place();
        if line.len() > LONGEST {
            return sink.reject(place, "", Code::Syntax, TOO_LONG);
        }
        let text = trim(line);
        if text.is_empty() {
            return;
        }
        if std::str::from_utf8(text).is_err() {
            return sink.reject(place, "", Code::Syntax, NOT_UTF8);
        }
        if !text.starts_with(b"{") {
            // So that a number ends before the bytes do.
            let text = [text, b"\n"].concat();
            let mut value = Cursor::new(&text);
            let is_json = value.skip(sink.numbers(), &mut Vec::new()).is_ok() && value.left() == 1;
            let (code, message) = if is_json { (Code::Type, NO_OBJECT) } else { (Code::Syntax, BROKEN) };
            return sink.reject(place, "", code, message);
        }
        let (length, result) = self.record.read(text, sink.numbers());
        if result.is_err() || length < text.len() {
            return sink.reject(place, "", Code::Syntax, BROKEN);
        }
        if let Some(checked) = sink.check_and_hold(&self.record.draft(text), place) {
            self.layouts.learn(text, &self.record, &checked, sink);
        }
    }

    const fn place(&self) -> Place {
        Place::on_line(self.line + 1)
    }
}

/// Without JSON's white space around it.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r', rest @ ..] | [rest @ .., b' ' | b'\t' | b'\r'] = text {
        text = rest;
    }
    text
}

/// Where the first new line is.
fn find_newline(bytes: &[u8]) -> Option<usize> {
    const LINES: u64 = u64::from_le_bytes([b'\n'; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word) ^ LINES;
        // Lowest byte that is 0: higher ones may be marked wrongly, never lower ones.
        let zeros = word.wrapping_sub(0x0101_0101_0101_0101) & !word & 0x8080_8080_8080_8080;
        if zeros != 0 {
            let byte = usize::try_from(zeros.trailing_zeros() / 8).unwrap_or(0);
            return Some(index * 8 + byte);
        }
    }
    rest.iter().position(|&byte| byte == b'\n').map(|at| words.len() * 8 + at)
}
