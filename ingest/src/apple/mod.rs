//! Reads the `export.xml` of Apple Health: the records of one type, one by one, out of gigabytes of others.
//!
//! This is not an XML reader. It ignores where elements are nested, and goes from one `<` to the next, which cannot
//! be inside a tag. So a broken tag spoils only itself. Finding the file in an archive is the job of `zip`.

mod attribute_value;
mod attributes;
mod date;
mod doctype;
mod fast_record;
mod ignored_markup;
mod record;
#[cfg(test)]
mod tests;

use crate::find::{common, find, line_feeds, strip_literal};
use crate::{Collector, DataType};
use doctype::{Doctype, DoctypeEnd};
use fast_record::FastRecordReader;
use ignored_markup::IgnoredMarkup;
use record::RecordMatch;

/// A longer tag counts as broken.
const MAX_TAG_LENGTH: usize = 1 << 20;

const MALFORMED_TAG: &str = "the record's tag is not well-formed XML";
const CUT_OFF: &str = "the file ends before </HealthData>: it is cut off; what came before is read";
const NOT_AN_EXPORT: &str = "this is not an Apple Health export: there is no <HealthData> in it";
const TRAILING_CONTENT: &str =
    "something follows </HealthData>: the file is damaged; what came before is read";

#[derive(Debug)]
pub(crate) struct AppleHealthReader {
    /// The record type that is read, and the quote after it.
    identifier: &'static [u8],
    fast_records: FastRecordReader,
    state: State,
    /// Whether `<HealthData` has been read.
    in_root: bool,
    lines: LineCounter,
}

/// What the next bytes belong to.
#[derive(Debug)]
enum State {
    Document,
    IgnoredMarkup(IgnoredMarkup),
    Doctype(Doctype),
    Epilog,
    Finished,
}

/// Counts lines, but only when a line number is needed.
#[derive(Debug)]
struct LineCounter {
    /// The present line, from 1.
    line: u64,
    /// Bytes of the present piece whose lines are counted.
    counted: usize,
}

impl LineCounter {
    /// The line at this place of the present piece. It must not be before the last place asked for.
    fn at(&mut self, text: &[u8], place: usize) -> u64 {
        self.line += line_feeds(text.get(self.counted..place).unwrap_or_default());
        self.counted = place;
        self.line
    }
}

/// The length of the markup at a `<`; `None` if its end is missing.
type Markup = Option<usize>;

impl AppleHealthReader {
    /// For records of `data_type`, in a text that begins after so many lines.
    pub(crate) fn new(data_type: DataType, lines: u64) -> Self {
        let identifier: &[u8] = match data_type {
            DataType::Steps => b"HKQuantityTypeIdentifierStepCount\"",
            DataType::Bpm => b"HKQuantityTypeIdentifierHeartRate\"",
        };
        let lines = LineCounter { line: lines + 1, counted: 0 };
        let fast_records = FastRecordReader::new(data_type);
        Self { identifier, fast_records, state: State::Document, in_root: false, lines }
    }

    /// Reads `text`, which begins where the last call stopped. Returns how many bytes are done: up to a tag that is
    /// not complete, or all of them if this is the `last` piece.
    pub(crate) fn read(&mut self, text: &[u8], last: bool, collector: &mut Collector) -> usize {
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && !rest.is_empty()
        {
            match &mut self.state {
                State::Document => {
                    at += find(rest, b'<').unwrap_or(rest.len());
                    let Some(length) = self.markup(text, at, last, collector) else { break };
                    at += length;
                }
                State::IgnoredMarkup(ignored) => match ignored.end(rest) {
                    Some(length) => {
                        at += length;
                        self.state = State::Document;
                    }
                    None => at = text.len(),
                },
                State::Doctype(doctype) => match doctype.end(rest, last) {
                    DoctypeEnd::NotYet(length) => {
                        at += length;
                        break;
                    }
                    DoctypeEnd::At(length) => {
                        at += length;
                        self.state = State::Document;
                    }
                    DoctypeEnd::InRoot(length) => {
                        at += length;
                        self.in_root = true;
                        self.state = State::Document;
                    }
                },
                State::Epilog => match rest.iter().position(|byte| !attributes::is_space(byte)) {
                    Some(spaces) => {
                        at += spaces;
                        if rest.get(spaces) != Some(&b'<') {
                            collector.reject_syntax(self.line_number(text, at), TRAILING_CONTENT);
                        }
                        self.state = State::Finished;
                    }
                    None => at = text.len(),
                },
                State::Finished => at = text.len(),
            }
        }
        self.lines.at(text, at);
        self.lines.counted = 0;
        if last && matches!(self.state, State::Document | State::IgnoredMarkup(_) | State::Doctype(_)) {
            let message = if self.in_root { CUT_OFF } else { NOT_AN_EXPORT };
            collector.reject_syntax(Some(self.lines.line), message);
            self.state = State::Finished;
        }
        at
    }

    /// Reads the markup at a `<`, or nothing at the end of the text.
    #[inline]
    fn markup(&mut self, text: &[u8], at: usize, last: bool, collector: &mut Collector) -> Markup {
        let rest = text.get(at..).unwrap_or_default();
        let rest = rest.get(..MAX_TAG_LENGTH).unwrap_or(rest);
        if let Some(tail) = strip_literal(rest, b"<Record type=\"") {
            let same = common(tail, self.identifier);
            if same == self.identifier.len() {
                let text = tail.get(same..).unwrap_or_default();
                if let Some(record) = self.fast_records.read(text, &collector.rows.numbers) {
                    collector.add(record.series, record.start, Some(record.end), record.value);
                    return Some(rest.len() - record.rest.len());
                }
            } else if tail.get(same).is_some_and(|&differing| differing != b'&') {
                // Not even with an entity can this become the wanted type.
                return Some(rest.len() - tail.len() + same);
            }
            return self.other_markup(text, at, last, collector);
        }
        match rest {
            [] => Some(0),
            [b'<', b'R' | b'/' | b'H' | b'!' | b'?', ..] | [b'<'] => {
                self.other_markup(text, at, last, collector)
            }
            _ => Some(1),
        }
    }

    /// Reads everything but records as Apple writes them.
    #[inline(never)]
    fn other_markup(&mut self, text: &[u8], at: usize, last: bool, collector: &mut Collector) -> Markup {
        let rest = text.get(at..).unwrap_or_default();
        if let Some((ignored, length)) = IgnoredMarkup::begin(rest) {
            self.state = State::IgnoredMarkup(ignored);
            return Some(length);
        }
        if !self.in_root && rest.starts_with(doctype::START) {
            self.state = State::Doctype(Doctype::default());
            return Some(doctype::START.len());
        }
        let rest = rest.get(..MAX_TAG_LENGTH).unwrap_or(rest);
        // A tag ends before the next `<`.
        let next = rest.get(1..).and_then(|inside| find(inside, b'<')).map(|length| length + 1);
        let at_end = next.is_none() && rest.len() < MAX_TAG_LENGTH;
        if at_end && !last {
            return None;
        }
        let tag = rest.get(..next.unwrap_or(rest.len())).unwrap_or_default();
        if let Some(attributes) = tag.strip_prefix(b"<Record")
            && attributes.first().is_some_and(attributes::is_space)
        {
            self.record(attributes, text, at, at_end, collector);
        } else if let Some(attributes) = tag.strip_prefix(b"<HealthData") {
            self.in_root = true;
            let mut attributes = attributes::Attributes::new(attributes);
            while let Ok(Some(_)) = attributes.next() {}
            if attributes.closes() {
                self.state = State::Epilog;
            }
        } else if let Some(end) = tag.strip_prefix(b"</HealthData") {
            let spaces = end.len() - attributes::skip_spaces(end).len();
            if end.get(spaces) == Some(&b'>') {
                self.state = State::Epilog;
                return Some(tag.len() - end.len() + spaces + 1);
            }
        }
        Some(tag.len())
    }

    /// Reads a record, given from after its name.
    fn record(&mut self, tag: &[u8], text: &[u8], at: usize, at_end: bool, collector: &mut Collector) {
        // The value ends before the quote.
        let identifier = self.identifier.split_last().map_or(self.identifier, |(_, identifier)| identifier);
        match record::read(tag, identifier) {
            RecordMatch::Other => {}
            // A file that is cut off is reported once, at its end.
            RecordMatch::Malformed if at_end => {}
            RecordMatch::Malformed => collector.reject_syntax(self.line_number(text, at), MALFORMED_TAG),
            RecordMatch::Wanted(values) => {
                let line = self.line_number(text, at);
                let raw = record::raw_sample(&values, &mut self.fast_records.dates, &collector.rows.numbers);
                if let Some(sample) = collector.check_and_add(&raw, line)
                    && collector.rows.series().unit(sample.series) == self.fast_records.unit()
                    && let Some(record) = tag.strip_prefix(b" type=\"")
                    && let Some(record) = record.strip_prefix(self.identifier)
                {
                    self.fast_records.learn(record, sample.series);
                }
            }
        }
    }

    #[cold]
    fn line_number(&mut self, text: &[u8], at: usize) -> Option<u64> {
        Some(self.lines.at(text, at))
    }
}
