//! Reads the header row: which column has which field, and which delimiter is between cells.

use super::cell::{self, CellEnd, CellError};
use crate::raw_sample::FIELD_NAMES;

/// Possible delimiters. If two find the same number of fields, the first one counts.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

#[derive(Debug, PartialEq, Eq)]
pub enum Column {
    /// The field with this index in [`FIELD_NAMES`].
    RawValue(usize),
    /// No field of a sample. This is the column's name.
    Unknown(Box<[u8]>),
}

#[derive(Debug, Default)]
pub struct CsvHeader {
    pub delimiter: u8,
    pub columns: Vec<Column>,
    /// How many columns are fields.
    known: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub enum HeaderError {
    Incomplete,
    /// It cannot be read, or names no field, or is the whole input with lines that were joined without their breaks.
    Unreadable,
    DuplicateField,
}

/// Reads the header at the start of `text`, and returns the text after it.
pub fn read(text: &[u8], last: bool) -> Result<(CsvHeader, &[u8]), HeaderError> {
    let mut best = None;
    for delimiter in DELIMITERS {
        let read = read_with(text, last, delimiter);
        match read {
            Err(CellError::Incomplete) => return Err(HeaderError::Incomplete),
            Ok((header, rest))
                if header.known > best.as_ref().map_or(0, |(best, _): &(CsvHeader, _)| best.known) =>
            {
                best = Some((header, rest));
            }
            Ok(_) | Err(CellError::UnclosedQuote | CellError::Malformed) => {}
        }
    }
    let (header, rest) = best.ok_or(HeaderError::Unreadable)?;
    let twice = header.columns.iter().enumerate().any(|(at, column)| {
        matches!(column, Column::RawValue(_))
            && header.columns.iter().skip(at + 1).any(|other| other == column)
    });
    let is_only = rest.is_empty() && !matches!(text.last(), Some(b'\n' | b'\r'));
    if twice {
        Err(HeaderError::DuplicateField)
    } else if is_only && header.columns.iter().any(|column| matches!(column, Column::Unknown(_))) {
        Err(HeaderError::Unreadable)
    } else {
        Ok((header, rest))
    }
}

fn read_with(text: &[u8], last: bool, delimiter: u8) -> Result<(CsvHeader, &[u8]), CellError> {
    let mut header = CsvHeader { delimiter, ..CsvHeader::default() };
    let mut rest = text;
    loop {
        let cell = cell::read(rest, delimiter, last)?;
        let field = FIELD_NAMES.iter().position(|field| field.as_bytes() == &*cell.value);
        header.known += usize::from(field.is_some());
        header.columns.push(field.map_or_else(|| Column::Unknown(cell.value.into()), Column::RawValue));
        rest = cell.rest;
        if cell.end != CellEnd::Delimiter {
            return Ok((header, rest));
        }
    }
}
