//! Reads one cell of a row (RFC 4180).

use crate::find::{find, find_any};
use std::borrow::Cow;

/// A cell, and the text after it.
#[derive(Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// Without the quotes around it, and with doubled quotes in it made single.
    pub value: Cow<'a, [u8]>,
    pub end: CellEnd,
    pub rest: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellEnd {
    /// A delimiter: another cell follows.
    Delimiter,
    /// The row's line break.
    Line,
    Input,
}

#[derive(Debug, PartialEq, Eq)]
pub enum CellError {
    /// The cell may go on after the text.
    Incomplete,
    /// The input ends within quotes.
    UnclosedQuote,
    /// Something follows a closing quote.
    Malformed,
}

/// Reads the cell at the start of `text`. If it is `last`, no text follows it.
#[inline]
pub fn read(text: &[u8], delimiter: u8, last: bool) -> Result<Cell<'_>, CellError> {
    if let [b'"', inside @ ..] = text {
        return quoted(inside, delimiter, last);
    }
    let Some((value, rest)) =
        find_any(text, [delimiter, b'\n', b'\r']).and_then(|at| text.split_at_checked(at))
    else {
        let cell = Cell { value: Cow::Borrowed(text), end: CellEnd::Input, rest: &[] };
        return if last { Ok(cell) } else { Err(CellError::Incomplete) };
    };
    let (end, rest) = end(rest, delimiter, last)?;
    Ok(Cell { value: Cow::Borrowed(value), end, rest })
}

fn quoted(inside: &[u8], delimiter: u8, last: bool) -> Result<Cell<'_>, CellError> {
    let mut value = Cow::Borrowed(&[][..]);
    let mut rest = inside;
    loop {
        let open = if last { CellError::UnclosedQuote } else { CellError::Incomplete };
        let Some((part, after)) = find(rest, b'"').and_then(|at| rest.split_at_checked(at)) else {
            return Err(open);
        };
        if value.is_empty() {
            value = Cow::Borrowed(part);
        } else {
            value.to_mut().extend_from_slice(part);
        }
        rest = after.get(1..).unwrap_or_default();
        match rest {
            [b'"', after @ ..] => {
                value.to_mut().push(b'"');
                rest = after;
            }
            _ => break,
        }
    }
    let (end, rest) = end(rest, delimiter, last)?;
    Ok(Cell { value, end, rest })
}

/// What ends a cell, and the text after that.
#[inline]
fn end(text: &[u8], delimiter: u8, last: bool) -> Result<(CellEnd, &[u8]), CellError> {
    match text {
        [] if last => Ok((CellEnd::Input, text)),
        // The line feed of the same line break may follow.
        [] | [b'\r'] if !last => Err(CellError::Incomplete),
        [b'\r', b'\n', rest @ ..] | [b'\n' | b'\r', rest @ ..] => Ok((CellEnd::Line, rest)),
        [byte, rest @ ..] if *byte == delimiter => Ok((CellEnd::Delimiter, rest)),
        _ => Err(CellError::Malformed),
    }
}
