//! Skips the document type declaration: nothing in it is an element, whatever it looks like.
//!
//! Some releases of iOS write declarations in it without their ends, so these are not read. It ends after its closing
//! bracket, or at the latest where an element begins.

use super::attributes::is_space;
use super::ignored_markup::IgnoredMarkup;

/// The start of the declaration.
pub const START: &[u8] = b"<!DOCTYPE";

/// The start of the root element.
const ROOT: &[u8] = b"<HealthData";

/// A declaration that is being skipped, from after [`START`].
#[derive(Debug, Default)]
pub struct Doctype {
    section: Section,
    state: State,
}

/// The part of the declaration: before, in or after its internal subset, which is in brackets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Before,
    Subset,
    AfterSubset,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Markup,
    /// A text in these quotes, and how much of the declaration's end it seems to contain.
    Quoted(u8, QuoteEnd),
    IgnoredMarkup(IgnoredMarkup),
}

/// Recognizes a stray quote: if `]>` and the start of the root element follow in what looks like a quoted text, the
/// declaration has ended there.
#[derive(Clone, Copy, Debug)]
enum QuoteEnd {
    None,
    Closed,
    /// So many bytes of the root element's start.
    Root(usize),
}

pub enum DoctypeEnd {
    /// After so many bytes.
    At(usize),
    /// Before the root element, whose name ends after so many bytes.
    InRoot(usize),
    /// Not in these bytes. So many of them are done; the others are needed again, with more.
    NotYet(usize),
}

impl Doctype {
    /// Looks for the end in `text`, which begins where the last call stopped.
    pub fn end(&mut self, text: &[u8], last: bool) -> DoctypeEnd {
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && let [byte, ..] = *rest
        {
            if let State::IgnoredMarkup(ignored) = &mut self.state {
                match ignored.end(rest) {
                    Some(length) => at += length,
                    None => return DoctypeEnd::NotYet(text.len()),
                }
                self.state = State::Markup;
                continue;
            }
            crate::scan_count::add(1);
            if let State::Quoted(quote, quote_end) = &mut self.state {
                at += 1;
                quote_end.push(byte);
                match quote_end {
                    QuoteEnd::Root(length) if *length == ROOT.len() => return DoctypeEnd::InRoot(at),
                    _ if byte == *quote => self.state = State::Markup,
                    _ => {}
                }
                continue;
            }
            match (self.section, byte) {
                (Section::Before | Section::AfterSubset, b'>') => return DoctypeEnd::At(at + 1),
                (Section::AfterSubset, byte) if !is_space(&byte) => return DoctypeEnd::At(at),
                (Section::Before, b'[') => self.section = Section::Subset,
                (Section::Before, b'<') => return DoctypeEnd::At(at),
                (Section::Subset, b']') => self.section = Section::AfterSubset,
                (Section::Before | Section::Subset, b'"' | b'\'') => {
                    self.state = State::Quoted(byte, QuoteEnd::None);
                }
                (Section::Subset, b'<') => match rest {
                    [b'<', b'!', b'-', b'-', ..] | [b'<', b'?', ..] => {
                        if let Some((ignored, length)) = IgnoredMarkup::begin(rest) {
                            self.state = State::IgnoredMarkup(ignored);
                            at += length;
                            continue;
                        }
                    }
                    [b'<'] | [b'<', b'!'] | [b'<', b'!', b'-'] if !last => return DoctypeEnd::NotYet(at),
                    [b'<', b'!', ..] => {}
                    // There are no elements in a declaration.
                    _ => return DoctypeEnd::At(at),
                },
                _ => {}
            }
            at += 1;
        }
        DoctypeEnd::NotYet(at)
    }
}

impl QuoteEnd {
    fn push(&mut self, byte: u8) {
        *self = match (*self, byte) {
            (_, b']') => Self::Closed,
            (Self::Closed, b'>') => Self::Root(0),
            (Self::Closed, byte) if is_space(&byte) => Self::Closed,
            (Self::Root(0), byte) if is_space(&byte) => Self::Root(0),
            (Self::Root(length), byte) if ROOT.get(length) == Some(&byte) => Self::Root(length + 1),
            _ => Self::None,
        };
    }
}
