//! Reads the `export.xml` of Apple Health: records of the one type that is wanted, one by one, out of gigabytes of others.
//!
//! It is not an XML reader: it looks at no element's place but goes from one `<` to the next, which cannot be within a tag. So a tag that
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

use crate::collector::Sink;
use crate::find::{behind_literal, common, find, line_feeds};
use crate::{Code, DataType, Place};
use doctype::{Doctype, End};
use fast_record::Layout;
use ignored_markup::Skipped;
use record::Found;

/// A tag that is longer is broken, and is not waited for.
const LONGEST_TAG: usize = 1 << 20;

const BROKEN: &str = "the record's tag is not well-formed XML";
const CUT_OFF: &str = "the file ends before </HealthData>: it is cut off; what came before is read";
const ANOTHER: &str = "this is not an Apple Health export: there is no <HealthData> in it";
const BEHIND_END: &str = "something follows </HealthData>: the file is damaged; what came before is read";

/// Reads an export piece by piece.
#[derive(Debug)]
pub(crate) struct AppleHealth {
    /// The type that is wanted, and the quote behind it.
    identifier: &'static [u8],
    layout: Layout,
    within: Within,
    /// Whether `<HealthData` was seen.
    begun: bool,
    lines: Lines,
}

/// Where in the document a piece begins.
#[derive(Debug)]
enum Within {
    /// Between tags.
    Document,
    Skipped(Skipped),
    Doctype(Doctype),
    /// Behind the end of the root element.
    Epilog,
    /// Where nothing is of interest any more.
    Over,
}

/// Counts lines, as far as they are asked for.
#[derive(Debug)]
struct Lines {
    /// The line, from 1, that is reached.
    line: u64,
    /// Bytes of the present piece that are counted.
    counted: usize,
}

impl Lines {
    /// The line at that place of the present piece; places only go up.
    fn at(&mut self, text: &[u8], place: usize) -> u64 {
        self.line += line_feeds(text.get(self.counted..place).unwrap_or_default());
        self.counted = place;
        self.line
    }
}

/// What stands at a `<`: markup of so many bytes, or something of which more is needed.
enum Markup {
    Of(usize),
    More,
}

impl AppleHealth {
    /// Reads records of that type, behind so many lines.
    pub(crate) fn new(data_type: DataType, lines: u64) -> Self {
        let identifier: &[u8] = match data_type {
            DataType::Steps => b"HKQuantityTypeIdentifierStepCount\"",
            DataType::Bpm => b"HKQuantityTypeIdentifierHeartRate\"",
        };
        let lines = Lines { line: lines + 1, counted: 0 };
        Self { identifier, layout: Layout::new(data_type), within: Within::Document, begun: false, lines }
    }

    /// Reads on in `text`, which begins where it last stopped. Says how many bytes it has dealt with: it stops in front of a tag that
    /// is not there as a whole, unless this is the `last` piece.
    pub(crate) fn read(&mut self, text: &[u8], last: bool, sink: &mut Sink) -> usize {
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && !rest.is_empty()
        {
            match &mut self.within {
                Within::Document => {
                    at += find(rest, b'<').unwrap_or(rest.len());
                    match self.markup(text, at, last, sink) {
                        Markup::Of(length) => at += length,
                        Markup::More => break,
                    }
                }
                Within::Skipped(skipped) => match skipped.end(rest) {
                    Some(length) => {
                        at += length;
                        self.within = Within::Document;
                    }
                    None => at = text.len(),
                },
                Within::Doctype(doctype) => match doctype.end(rest, last) {
                    End::On(length) => {
                        at += length;
                        break;
                    }
                    End::Over(length) => {
                        at += length;
                        self.within = Within::Document;
                    }
                    End::Root(length) => {
                        at += length;
                        self.begun = true;
                        self.within = Within::Document;
                    }
                },
                Within::Epilog => match rest.iter().position(|byte| !attributes::is_space(byte)) {
                    Some(spaces) => {
                        at += spaces;
                        if rest.get(spaces) != Some(&b'<') {
                            sink.reject(self.place(text, at), "", Code::Syntax, BEHIND_END);
                        }
                        self.within = Within::Over;
                    }
                    None => at = text.len(),
                },
                Within::Over => at = text.len(),
            }
        }
        self.lines.at(text, at);
        self.lines.counted = 0;
        if last && matches!(self.within, Within::Document | Within::Skipped(_) | Within::Doctype(_)) {
            let place = Place::on_line(self.lines.line);
            sink.reject(place, "", Code::Syntax, if self.begun { CUT_OFF } else { ANOTHER });
            self.within = Within::Over;
        }
        at
    }

    /// Deals with what stands at a `<`, or, where none is left, at the end.
    #[inline]
    fn markup(&mut self, text: &[u8], at: usize, last: bool, sink: &mut Sink) -> Markup {
        let rest = text.get(at..).unwrap_or_default();
        let rest = rest.get(..LONGEST_TAG).unwrap_or(rest);
        if let Some(tail) = behind_literal(rest, b"<Record type=\"") {
            let same = common(tail, self.identifier);
            if same == self.identifier.len() {
                let text = tail.get(same..).unwrap_or_default();
                if let Some(usual) = self.layout.read(text, sink.numbers()) {
                    sink.hold(usual.kind, usual.start, Some(usual.end), usual.value);
                    return Markup::Of(rest.len() - usual.rest.len());
                }
            } else if tail.get(same).is_some_and(|&differing| differing != b'&') {
                // Not even by an entity is it the type that is wanted.
                return Markup::Of(rest.len() - tail.len() + same);
            }
            return self.unusual(text, at, last, sink);
        }
        match rest {
            [] => Markup::Of(0),
            [b'<', b'R' | b'/' | b'H' | b'!' | b'?', ..] | [b'<'] => self.unusual(text, at, last, sink),
            _ => Markup::Of(1),
        }
    }

    /// Deals with all but records as Apple writes them.
    #[inline(never)]
    fn unusual(&mut self, text: &[u8], at: usize, last: bool, sink: &mut Sink) -> Markup {
        let rest = text.get(at..).unwrap_or_default();
        if let Some((skipped, length)) = Skipped::begin(rest) {
            self.within = Within::Skipped(skipped);
            return Markup::Of(length);
        }
        if !self.begun && rest.starts_with(doctype::START) {
            self.within = Within::Doctype(Doctype::new());
            return Markup::Of(doctype::START.len());
        }
        let rest = rest.get(..LONGEST_TAG).unwrap_or(rest);
        // A tag ends before the next `<`.
        let next = rest.get(1..).and_then(|inside| find(inside, b'<')).map(|length| length + 1);
        let at_end = next.is_none() && rest.len() < LONGEST_TAG;
        if at_end && !last {
            return Markup::More;
        }
        let tag = rest.get(..next.unwrap_or(rest.len())).unwrap_or_default();
        if let Some(attributes) = tag.strip_prefix(b"<Record")
            && attributes.first().is_some_and(attributes::is_space)
        {
            self.record(attributes, text, at, at_end, sink);
        } else if let Some(attributes) = tag.strip_prefix(b"<HealthData") {
            self.begun = true;
            let mut attributes = attributes::Attributes::new(attributes);
            while let Ok(Some(_)) = attributes.next() {}
            if attributes.closes() {
                self.within = Within::Epilog;
            }
        } else if let Some(end) = tag.strip_prefix(b"</HealthData") {
            let spaces = end.len() - attributes::behind_spaces(end).len();
            if end.get(spaces) == Some(&b'>') {
                self.within = Within::Epilog;
                return Markup::Of(tag.len() - end.len() + spaces + 1);
            }
        }
        Markup::Of(tag.len())
    }

    /// Takes a record, from behind its name on.
    fn record(&mut self, tag: &[u8], text: &[u8], at: usize, at_end: bool, sink: &mut Sink) {
        // The quote behind it is not of the value.
        let identifier = self.identifier.split_last().map_or(self.identifier, |(_, identifier)| identifier);
        match record::read(tag, identifier) {
            Found::Other => {}
            // That the file is cut off is told once, by itself.
            Found::Broken if at_end => {}
            Found::Broken => sink.reject(self.place(text, at), "", Code::Syntax, BROKEN),
            Found::Wanted(values) => {
                let place = self.place(text, at);
                let draft = record::draft(&values, &mut self.layout.dates, sink.numbers());
                if let Some(checked) = sink.check_and_hold(&draft, place)
                    && sink.rows().kinds().unit(checked.kind) == self.layout.unit()
                    && let Some(usual) = tag.strip_prefix(b" type=\"")
                    && let Some(usual) = usual.strip_prefix(self.identifier)
                {
                    self.layout.learn(usual, checked.kind);
                }
            }
        }
    }

    #[cold]
    fn place(&mut self, text: &[u8], at: usize) -> Place {
        Place::on_line(self.lines.at(text, at))
    }
}
