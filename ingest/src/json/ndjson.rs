//! NDJSON: an object on every line. A line spoils only itself. It ends with a line feed, a carriage return, or both.

use super::layout::Layouts;
use super::sample_object::Record;
use super::scanner::Cursor;
use super::unrelated_objects::Strangers;
use super::{BROKEN, LONGEST, NO_OBJECT, TOO_LONG_LINE};
use crate::collector::{NOT_UTF8, Sink};
use crate::find::find_either;
use crate::raw_sample::Place;
use crate::rejection::Code;

/// The reader of NDJSON.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// Lines that are behind us.
    line: u64,
    /// Whether we are within a line that is too long.
    skipping: bool,
    /// Whether a carriage return ended the last line: a line feed behind it belongs to it.
    after_return: bool,
    strangers: Strangers,
    record: Record,
    pub(super) layouts: Layouts,
}

impl Lines {
    /// Behind so many lines.
    pub(crate) fn new(lines: u64) -> Self {
        Self { line: lines, ..Self::default() }
    }

    /// Reads all lines that are there as a whole, and says how many bytes those are.
    pub(crate) fn read(&mut self, bytes: &[u8], last: bool, sink: &mut Sink) -> usize {
        let used = self.read_lines(bytes, last, sink);
        if last {
            self.strangers.end(sink);
        }
        used
    }

    fn read_lines(&mut self, bytes: &[u8], last: bool, sink: &mut Sink) -> usize {
        let mut rest = bytes;
        loop {
            if self.after_return
                && let [first, behind @ ..] = rest
            {
                self.after_return = false;
                if *first == b'\n' {
                    rest = behind;
                }
            }
            if !self.skipping {
                rest = self.read_alike(rest, sink);
            }
            let end = find_either(rest, b'\n', b'\r');
            let returned = end.is_some_and(|end| rest.get(end) == Some(&b'\r'));
            let (line, behind) = match end {
                Some(end) => (rest.get(..end), rest.get(end + 1..).unwrap_or_default()),
                None if last && !rest.is_empty() => (Some(rest), rest.get(rest.len()..).unwrap_or_default()),
                None if rest.len() > LONGEST || self.skipping => {
                    if !self.skipping {
                        self.reject(sink, Code::Syntax, TOO_LONG_LINE);
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
            self.after_return = returned;
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
            return self.reject(sink, Code::Syntax, TOO_LONG_LINE);
        }
        let text = trim(line);
        if text.is_empty() {
            return;
        }
        if std::str::from_utf8(text).is_err() {
            return self.reject(sink, Code::Syntax, NOT_UTF8);
        }
        if !text.starts_with(b"{") {
            // So that a number ends before the bytes do.
            let text = [text, b"\n"].concat();
            let mut value = Cursor::new(&text);
            let is_json = value.skip(sink.numbers(), &mut Vec::new()).is_ok() && value.left() == 1;
            let (code, message) = if is_json { (Code::Type, NO_OBJECT) } else { (Code::Syntax, BROKEN) };
            return self.reject(sink, code, message);
        }
        let (length, result) = self.record.read(text, sink.numbers());
        if result.is_err() || length < text.len() {
            return self.reject(sink, Code::Syntax, BROKEN);
        }
        if self.record.is_stranger() {
            return self.strangers.take(place, sink);
        }
        self.strangers.tell(sink);
        if let Some(checked) = sink.check_and_hold(&self.record.draft(text), place) {
            self.layouts.learn(text, &self.record, &checked, sink);
        }
    }

    /// Rejects the line, behind all that has come before.
    fn reject(&mut self, sink: &mut Sink, code: Code, message: &str) {
        self.strangers.tell(sink);
        sink.reject(self.place(), "", code, message);
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
