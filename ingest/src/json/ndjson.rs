//! Reads NDJSON: an object on every line. A broken line spoils only itself. Lines end with a line feed, a carriage
//! return, or both.

use super::layout::LayoutCache;
use super::sample_object::SampleObject;
use super::scanner::Scanner;
use super::unrelated_objects::UnrelatedObjects;
use super::{INVALID, LONGEST, NOT_AN_OBJECT, TOO_LONG_LINE};
use crate::find::find_either;
use crate::rules::NOT_UTF8;
use crate::{Collector, RejectionCode};

#[derive(Debug, Default)]
pub(crate) struct NdjsonReader {
    /// Lines before the present one.
    line: u64,
    skipping: bool,
    /// Whether a carriage return ended the last line: a line feed after it belongs to it.
    after_return: bool,
    unrelated: UnrelatedObjects,
    object: SampleObject,
    pub(super) layouts: LayoutCache,
}

impl NdjsonReader {
    /// Starts after so many lines.
    pub(crate) fn new(lines: u64) -> Self {
        Self { line: lines, ..Self::default() }
    }

    /// Reads all complete lines, and returns how many bytes those are.
    pub(crate) fn read(&mut self, bytes: &[u8], last: bool, collector: &mut Collector) -> usize {
        let used = self.read_lines(bytes, last, collector);
        if last {
            self.unrelated.finish(collector);
        }
        used
    }

    fn read_lines(&mut self, bytes: &[u8], last: bool, collector: &mut Collector) -> usize {
        let mut rest = bytes;
        loop {
            if self.after_return
                && let [first, after @ ..] = rest
            {
                self.after_return = false;
                if *first == b'\n' {
                    rest = after;
                }
            }
            if !self.skipping {
                rest = self.read_known(rest, collector);
            }
            let end = find_either(rest, b'\n', b'\r');
            let returned = end.is_some_and(|end| rest.get(end) == Some(&b'\r'));
            let (line, after) = match end {
                Some(end) => (rest.get(..end), rest.get(end + 1..).unwrap_or_default()),
                None if last && !rest.is_empty() => (Some(rest), rest.get(rest.len()..).unwrap_or_default()),
                None if rest.len() > LONGEST || self.skipping => {
                    if !self.skipping {
                        self.reject(collector, RejectionCode::Syntax, TOO_LONG_LINE);
                    }
                    self.skipping = true;
                    return bytes.len();
                }
                None => return bytes.len() - rest.len(),
            };
            if !self.skipping {
                self.read_line(line.unwrap_or_default(), collector);
            }
            self.skipping = false;
            self.after_return = returned;
            self.line += 1;
            rest = after;
        }
    }

    /// Reads lines as long as their layout is known. Returns the text after them.
    #[inline]
    fn read_known<'a>(&mut self, bytes: &'a [u8], collector: &mut Collector) -> &'a [u8] {
        let mut rest = bytes;
        while let Some((after, _)) = self.layouts.read(rest, true, collector) {
            rest = after;
            self.line += 1;
        }
        rest
    }

    #[inline(never)]
    fn read_line(&mut self, line: &[u8], collector: &mut Collector) {
        let number = self.line_number();
        if line.len() > LONGEST {
            return self.reject(collector, RejectionCode::Syntax, TOO_LONG_LINE);
        }
        let text = trim(line);
        if text.is_empty() {
            return;
        }
        if std::str::from_utf8(text).is_err() {
            return self.reject(collector, RejectionCode::Syntax, NOT_UTF8);
        }
        if !text.starts_with(b"{") {
            // With the line feed a number ends before the bytes do.
            let text = [text, b"\n"].concat();
            let mut value = Scanner::new(&text);
            let is_json =
                value.skip(&collector.rows.numbers, &mut Vec::new()).is_ok() && value.at() == text.len() - 1;
            let (code, message) =
                if is_json { (RejectionCode::Type, NOT_AN_OBJECT) } else { (RejectionCode::Syntax, INVALID) };
            return self.reject(collector, code, message);
        }
        let (length, result) = self.object.read(text, &collector.rows.numbers);
        if result.is_err() || length < text.len() {
            return self.reject(collector, RejectionCode::Syntax, INVALID);
        }
        if self.object.is_unrelated() {
            return self.unrelated.take(number, collector);
        }
        self.unrelated.report_each(collector);
        if let Some(sample) = collector.check_and_add(&self.object.raw_sample(text), number) {
            self.layouts.learn(text, &self.object, &sample, &mut collector.rows);
        }
    }

    /// Rejects the present line, after anything that is still to be reported before it.
    fn reject(&mut self, collector: &mut Collector, code: RejectionCode, message: &str) {
        self.unrelated.report_each(collector);
        collector.reject(self.line_number(), "", code, message);
    }

    const fn line_number(&self) -> Option<u64> {
        Some(self.line + 1)
    }
}

/// The text without JSON's white space around it.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r', rest @ ..] | [rest @ .., b' ' | b'\t' | b'\r'] = text {
        text = rest;
    }
    text
}
