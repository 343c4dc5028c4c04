//! The document type declaration: nothing in it is an element, whatever its texts look like.
//!
//! Some releases of iOS write it wrongly: declarations lack their ends. So these are not looked at; it ends behind its quote_end, or at
//! the latest where an element begins.

use super::attributes::is_space;
use super::ignored_markup::IgnoredMarkup;

/// How it begins.
pub const START: &[u8] = b"<!DOCTYPE";

/// What the root element begins with.
const ROOT: &[u8] = b"<HealthData";

/// One of them, up to its end.
#[derive(Debug)]
pub struct Doctype {
    section: Section,
    state: State,
}

/// Where it is with regard to its internal subset, which is in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Before,
    Subset,
    AfterSubset,
}

#[derive(Debug)]
enum State {
    Markup,
    /// A text in these quotes, and what follows a quote_end in it.
    Quoted(u8, QuoteEnd),
    IgnoredMarkup(IgnoredMarkup),
}

/// Behind a quote_end, its `>` and the root element's beginning a text goes on whose quote nobody meant as one: it is over there.
#[derive(Clone, Copy, Debug)]
enum QuoteEnd {
    None,
    Closed,
    /// So many bytes of the root element are there.
    Root(usize),
}

/// How far it goes in a text.
pub enum DoctypeEnd {
    /// It is over behind so many bytes.
    At(usize),
    /// So many bytes in, the root element's name is behind us.
    InRoot(usize),
    /// It goes on behind so many bytes.
    NotYet(usize),
}

impl Doctype {
    /// Behind its beginning.
    pub fn new() -> Self {
        Self { section: Section::Before, state: State::Markup }
    }

    /// Where in `text` it is over, or from where on it is to be given again, with more.
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
                    // An element: there is none in it.
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
