//! Reads comma-separated values (RFC 4180) with a header row that names the fields, in any order.
//!
//! A broken row spoils only its own line. What the values must be is not decided here.

mod cell;
mod header;
#[cfg(test)]
mod tests;

use crate::find::{find_either, line_feeds};
use crate::{Collector, RawSample, RawValue};
use cell::{CellEnd, CellError};
use header::{Column, CsvHeader, HeaderError};
use std::borrow::Cow;

/// A longer row counts as broken.
const MAX_ROW_LENGTH: usize = 1 << 20;

const NO_HEADER: &str = "the first row must name the fields, such as device_name,start_date,end_date,unit,value, and end in a line break";
const DUPLICATE_FIELD: &str = "the header row names a field twice";
const TOO_MANY_CELLS: &str = "the row has more cells than the header row";
const MALFORMED_ROW: &str = "a quote in the row is not closed, or something follows a closing quote";
const UNCLOSED_QUOTE: &str =
    "the input ends within quotes: it is cut off, or a quote of this row is not closed";

#[derive(Debug)]
pub(crate) struct CsvReader {
    header: CsvHeader,
    state: State,
    /// Whether the rest of the input is within quotes that were never closed. Then a line is only read if it has as
    /// many cells as the header.
    is_unclosed: bool,
    /// The present line, from 1.
    line: u64,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Header,
    Row,
    /// The rest of a line that cannot be read.
    SpoiltLine,
    /// Nothing that can be read.
    Unreadable,
}

/// A row's values by field, and what is wrong with it as a whole.
#[derive(Default)]
struct CellsByField<'a> {
    values: [Option<Cow<'a, [u8]>>; 6],
    unknown: Option<usize>,
    too_many: bool,
    too_few: bool,
}

impl CsvReader {
    /// Starts at the header row, after so many lines.
    pub(crate) fn new(lines: u64) -> Self {
        Self { header: CsvHeader::default(), state: State::Header, is_unclosed: false, line: lines + 1 }
    }

    /// Reads `text`, which begins where the last call stopped. Returns how many bytes are done: up to a row that is
    /// not complete, or all of them if this is the `last` piece.
    pub(crate) fn read(&mut self, text: &[u8], last: bool, collector: &mut Collector) -> usize {
        let mut rest = text;
        while !rest.is_empty() {
            let after = match self.state {
                State::Unreadable => Some(&[][..]),
                State::SpoiltLine => self.end_line(rest, last),
                State::Header | State::Row => match blank(rest, last) {
                    Blank::Yes(after) => {
                        self.line += 1;
                        Some(after)
                    }
                    Blank::Unknown => None,
                    Blank::No => self.next_row(rest, last, collector),
                },
            };
            let Some(after) = after else { break };
            rest = after;
        }
        text.len() - rest.len()
    }

    /// Reads the row or the header at the start of `text`, and returns the text after it. `None` if it is not
    /// complete.
    #[inline]
    fn next_row<'a>(&mut self, text: &'a [u8], last: bool, collector: &mut Collector) -> Option<&'a [u8]> {
        let is_long = text.len() >= MAX_ROW_LENGTH;
        let window = text.get(..MAX_ROW_LENGTH).unwrap_or(text);
        if self.state == State::Header {
            return self.read_header(window, text, last, collector);
        }
        // A row that is too long will not be waited for.
        match self.row(window, last && !is_long) {
            Ok((row, after)) => {
                let length = window.len() - after.len();
                self.take(&row, window.get(..length).unwrap_or_default(), collector);
                text.get(length..)
            }
            Err(CellError::Incomplete) if !is_long => None,
            Err(problem) => {
                let is_unclosed_quote = problem == CellError::UnclosedQuote;
                // The unclosed quote is reported once.
                if !(is_unclosed_quote && self.is_unclosed) {
                    let message = if is_unclosed_quote { UNCLOSED_QUOTE } else { MALFORMED_ROW };
                    collector.reject_syntax(Some(self.line), message);
                }
                self.is_unclosed |= is_unclosed_quote;
                // The quote may be a stray one, so the next lines are read as rows again.
                self.state = State::SpoiltLine;
                Some(text)
            }
        }
    }

    fn read_header<'a>(
        &mut self,
        window: &[u8],
        text: &'a [u8],
        last: bool,
        collector: &mut Collector,
    ) -> Option<&'a [u8]> {
        let problem = match header::read(window, last || window.len() >= MAX_ROW_LENGTH) {
            Ok((header, after)) => {
                let length = window.len() - after.len();
                self.line += lines(window.get(..length).unwrap_or_default());
                self.header = header;
                self.state = State::Row;
                return text.get(length..);
            }
            Err(HeaderError::Incomplete) => return None,
            Err(HeaderError::DuplicateField) => DUPLICATE_FIELD,
            Err(HeaderError::Unreadable) => NO_HEADER,
        };
        collector.reject_syntax(Some(self.line), problem);
        self.state = State::Unreadable;
        Some(&[])
    }

    /// Splits the row at the start of `text`, and returns the text after it.
    #[inline]
    fn row<'a>(&self, text: &'a [u8], last: bool) -> Result<(CellsByField<'a>, &'a [u8]), CellError> {
        let mut row = CellsByField::default();
        let mut columns = self.header.columns.iter().enumerate();
        let mut rest = text;
        // Whether there has been a cell after the last column.
        let mut is_over = false;
        loop {
            let cell = cell::read(rest, self.header.delimiter, last)?;
            match columns.next() {
                // Some programs end each row with a delimiter, which leaves an empty cell over.
                None => {
                    row.too_many |= is_over || !cell.value.is_empty();
                    is_over = true;
                }
                // An empty cell means that the field is absent.
                Some(_) if cell.value.is_empty() => {}
                Some((_, Column::RawValue(field))) => {
                    if let Some(value) = row.values.get_mut(*field) {
                        *value = Some(cell.value);
                    }
                }
                Some((index, Column::Unknown(_))) => row.unknown = row.unknown.or(Some(index)),
            }
            rest = cell.rest;
            if cell.end != CellEnd::Delimiter {
                row.too_few = columns.next().is_some();
                return Ok((row, rest));
            }
        }
    }

    #[inline]
    fn take(&mut self, row: &CellsByField<'_>, text: &[u8], collector: &mut Collector) {
        let line = Some(self.line);
        self.line += lines(text);
        if self.is_unclosed && (row.too_few || row.too_many) {
            return;
        }
        if row.too_many {
            collector.reject_syntax(line, TOO_MANY_CELLS);
        } else {
            let [name, version, start, end, unit, value] = &row.values;
            let unknown = match row.unknown.and_then(|index| self.header.columns.get(index)) {
                Some(Column::Unknown(name)) => Some(&**name),
                _ => None,
            };
            let raw = RawSample {
                device_name: RawValue::of_text(name),
                device_version: RawValue::of_text(version),
                start_date: RawValue::of_text(start),
                end_date: RawValue::of_text(end),
                unit: RawValue::of_text(unit),
                value: RawValue::of_number(value, &collector.rows.numbers),
                unknown,
            };
            collector.check_and_add(&raw, line);
        }
    }

    /// The text after the end of the line; empty if the line does not end in `text`.
    fn end_line<'a>(&mut self, text: &'a [u8], last: bool) -> Option<&'a [u8]> {
        let Some(line_break) = find_either(text, b'\n', b'\r').and_then(|at| text.get(at..)) else {
            return Some(&[]);
        };
        match blank(line_break, last) {
            Blank::Yes(after) => {
                self.state = State::Row;
                self.line += 1;
                Some(after)
            }
            Blank::Unknown | Blank::No => None,
        }
    }
}

enum Blank<'a> {
    /// It is, and this text follows.
    Yes(&'a [u8]),
    Unknown,
    No,
}

/// Whether the line at the start of `text` is blank.
#[inline]
fn blank(text: &[u8], last: bool) -> Blank<'_> {
    match text {
        [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] => Blank::Yes(rest),
        [b'\r'] if !last => Blank::Unknown,
        [b'\r', rest @ ..] => Blank::Yes(rest),
        _ => Blank::No,
    }
}

/// Line breaks of a row: the one at its end, and those within quotes.
fn lines(text: &[u8]) -> u64 {
    match text {
        [.., b'\r'] => line_feeds(text) + 1,
        _ => line_feeds(text),
    }
}
