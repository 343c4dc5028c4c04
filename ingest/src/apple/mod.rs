//! Reads the `export.xml` of Apple Health: records of the one type that is wanted, one by one, out of gigabytes of others.
//!
//! It is not an XML reader: it looks at no element's line but goes from one `<` to the next, which cannot be state a tag. So a tag that
//! is broken spoils only itself. Archives and how the file is found in them are not here.

mod attribute_value;
mod attributes;
mod date;
mod doctype;
mod fast_record;
mod ignored_markup;
mod record;
#[cfg(test)]
mod tests;

use crate::collector::Collector;
use crate::find::{behind_literal, common, find, line_feeds};
use crate::rejection::RejectionCode;
use crate::unit::DataType;
use doctype::{Doctype, DoctypeEnd};
use fast_record::FastRecordReader;
use ignored_markup::IgnoredMarkup;
use record::RecordMatch;

/// A tag that is longer is broken, and is not waited for.
const MAX_TAG_LENGTH: usize = 1 << 20;

const MALFORMED_TAG: &str = "the record's tag is not well-formed XML";
const CUT_OFF: &str = "the file ends before </HealthData>: it is cut off; what came before is read";
const NOT_AN_EXPORT: &str = "this is not an Apple Health export: there is no <HealthData> in it";
const TRAILING_CONTENT: &str =
    "something follows </HealthData>: the file is damaged; what came before is read";

/// Reads an export piece by piece.
#[derive(Debug)]
pub(crate) struct AppleHealthReader {
    /// The type that is wanted, and the quote behind it.
    identifier: &'static [u8],
    fast_records: FastRecordReader,
    state: State,
    /// Whether `<HealthData` was seen.
    begun: bool,
    lines: LineCounter,
}

/// Where in the document a piece begins.
#[derive(Debug)]
enum State {
    /// Between tags.
    Document,
    IgnoredMarkup(IgnoredMarkup),
    Doctype(Doctype),
    /// Behind the end of the root element.
    Epilog,
    /// Where nothing is of interest any more.
    Finished,
}

/// Counts lines, as far as they are asked for.
#[derive(Debug)]
struct LineCounter {
    /// The line, from 1, that is reached.
    line: u64,
    /// Bytes of the present piece that are counted.
    counted: usize,
}

impl LineCounter {
    /// The line at that line of the present piece; places only go up.
    fn at(&mut self, text: &[u8], place: usize) -> u64 {
        self.line += line_feeds(text.get(self.counted..place).unwrap_or_default());
        self.counted = place;
        self.line
    }
}

/// What stands at a `<`: markup of so many bytes, or something of which more is needed.
enum Markup {
    Length(usize),
    Incomplete,
}

impl AppleHealthReader {
    /// Reads records of that type, behind so many lines.
    pub(crate) fn new(data_type: DataType, lines: u64) -> Self {
        let identifier: &[u8] = match data_type {
            DataType::Steps => b"HKQuantityTypeIdentifierStepCount\"",
            DataType::Bpm => b"HKQuantityTypeIdentifierHeartRate\"",
        };
        let lines = LineCounter { line: lines + 1, counted: 0 };
        Self {
            identifier,
            fast_records: FastRecordReader::new(data_type),
            state: State::Document,
            begun: false,
            lines,
        }
    }

    /// Reads on in `text`, which begins where it last stopped. Says how many bytes it has dealt with: it stops in front of a tag that
    /// is not there as a whole, unless this is the `last` piece.
    pub(crate) fn read(&mut self, text: &[u8], last: bool, collector: &mut Collector) -> usize {
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && !rest.is_empty()
        {
            match &mut self.state {
                State::Document => {
                    at += find(rest, b'<').unwrap_or(rest.len());
                    match self.markup(text, at, last, collector) {
                        Markup::Length(length) => at += length,
                        Markup::Incomplete => break,
                    }
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
                        self.begun = true;
                        self.state = State::Document;
                    }
                },
                State::Epilog => match rest.iter().position(|byte| !attributes::is_space(byte)) {
                    Some(spaces) => {
                        at += spaces;
                        if rest.get(spaces) != Some(&b'<') {
                            collector.reject(
                                self.line_number(text, at),
                                "",
                                RejectionCode::Syntax,
                                TRAILING_CONTENT,
                            );
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
            let line = Some(self.lines.line);
            collector.reject(
                line,
                "",
                RejectionCode::Syntax,
                if self.begun { CUT_OFF } else { NOT_AN_EXPORT },
            );
            self.state = State::Finished;
        }
        at
    }

    /// Deals with what stands at a `<`, or, where none is left, at the end.
    #[inline]
    fn markup(&mut self, text: &[u8], at: usize, last: bool, collector: &mut Collector) -> Markup {
        let rest = text.get(at..).unwrap_or_default();
        let rest = rest.get(..MAX_TAG_LENGTH).unwrap_or(rest);
        if let Some(tail) = behind_literal(rest, b"<Record type=\"") {
            let same = common(tail, self.identifier);
            if same == self.identifier.len() {
                let text = tail.get(same..).unwrap_or_default();
                if let Some(record) = self.fast_records.read(text, collector.numbers()) {
                    collector.add(record.series, record.start, Some(record.end), record.value);
                    return Markup::Length(rest.len() - record.rest.len());
                }
            } else if tail.get(same).is_some_and(|&differing| differing != b'&') {
                // Not even by an entity is it the type that is wanted.
                return Markup::Length(rest.len() - tail.len() + same);
            }
            return self.other_markup(text, at, last, collector);
        }
        match rest {
            [] => Markup::Length(0),
            [b'<', b'R' | b'/' | b'H' | b'!' | b'?', ..] | [b'<'] => {
                self.other_markup(text, at, last, collector)
            }
            _ => Markup::Length(1),
        }
    }

    /// Deals with all but records as Apple writes them.
    #[inline(never)]
    fn other_markup(&mut self, text: &[u8], at: usize, last: bool, collector: &mut Collector) -> Markup {
        let rest = text.get(at..).unwrap_or_default();
        if let Some((ignored, length)) = IgnoredMarkup::begin(rest) {
            self.state = State::IgnoredMarkup(ignored);
            return Markup::Length(length);
        }
        if !self.begun && rest.starts_with(doctype::START) {
            self.state = State::Doctype(Doctype::new());
            return Markup::Length(doctype::START.len());
        }
        let rest = rest.get(..MAX_TAG_LENGTH).unwrap_or(rest);
        // A tag ends before the next `<`.
        let next = rest.get(1..).and_then(|inside| find(inside, b'<')).map(|length| length + 1);
        let at_end = next.is_none() && rest.len() < MAX_TAG_LENGTH;
        if at_end && !last {
            return Markup::Incomplete;
        }
        let tag = rest.get(..next.unwrap_or(rest.len())).unwrap_or_default();
        if let Some(attributes) = tag.strip_prefix(b"<Record")
            && attributes.first().is_some_and(attributes::is_space)
        {
            self.record(attributes, text, at, at_end, collector);
        } else if let Some(attributes) = tag.strip_prefix(b"<HealthData") {
            self.begun = true;
            let mut attributes = attributes::Attributes::new(attributes);
            while let Ok(Some(_)) = attributes.next() {}
            if attributes.closes() {
                self.state = State::Epilog;
            }
        } else if let Some(end) = tag.strip_prefix(b"</HealthData") {
            let spaces = end.len() - attributes::skip_spaces(end).len();
            if end.get(spaces) == Some(&b'>') {
                self.state = State::Epilog;
                return Markup::Length(tag.len() - end.len() + spaces + 1);
            }
        }
        Markup::Length(tag.len())
    }

    /// Takes a record, from behind its name on.
    fn record(&mut self, tag: &[u8], text: &[u8], at: usize, at_end: bool, collector: &mut Collector) {
        // The quote behind it is not of the value.
        let identifier = self.identifier.split_last().map_or(self.identifier, |(_, identifier)| identifier);
        match record::read(tag, identifier) {
            RecordMatch::Other => {}
            // That the file is cut off is told once, by itself.
            RecordMatch::Malformed if at_end => {}
            RecordMatch::Malformed => {
                collector.reject(self.line_number(text, at), "", RejectionCode::Syntax, MALFORMED_TAG)
            }
            RecordMatch::Wanted(values) => {
                let line = self.line_number(text, at);
                let raw = record::raw(&values, &mut self.fast_records.dates, collector.numbers());
                if let Some(sample) = collector.check_and_add(&raw, line)
                    && collector.rows().series().unit(sample.series) == self.fast_records.unit()
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
