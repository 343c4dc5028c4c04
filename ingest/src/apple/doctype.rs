//! The document type declaration: nothing in it is an element, whatever its texts look like.
//!
//! Some releases of iOS write it wrongly: declarations lack their ends. So these are not looked at; it ends behind its bracket, or at
//! the latest where an element begins.

use super::attributes::is_space;
use super::ignored_markup::Skipped;

/// How it begins.
pub const START: &[u8] = b"<!DOCTYPE";

/// What the root element begins with.
const ROOT: &[u8] = b"<HealthData";

/// One of them, up to its end.
#[derive(Debug)]
pub struct Doctype {
    part: Part,
    within: Within,
}

/// Where it is with regard to its internal subset, which is in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Before,
    Subset,
    Behind,
}

#[derive(Debug)]
enum Within {
    Markup,
    /// A text in these quotes, and what follows a bracket in it.
    Text(u8, Bracket),
    Skipped(Skipped),
}

/// Behind a bracket, its `>` and the root element's beginning a text goes on whose quote nobody meant as one: it is over there.
#[derive(Clone, Copy, Debug)]
enum Bracket {
    None,
    Closed,
    /// So many bytes of the root element are there.
    Root(usize),
}

/// How far it goes in a text.
pub enum End {
    /// It is over behind so many bytes.
    Over(usize),
    /// So many bytes in, the root element's name is behind us.
    Root(usize),
    /// It goes on behind so many bytes.
    On(usize),
}

impl Doctype {
    /// Behind its beginning.
    pub fn new() -> Self {
        Self { part: Part::Before, within: Within::Markup }
    }

    /// Where in `text` it is over, or from where on it is to be given again, with more.
    pub fn end(&mut self, text: &[u8], last: bool) -> End {
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && let [byte, ..] = *rest
        {
            if let Within::Skipped(skipped) = &mut self.within {
                match skipped.end(rest) {
                    Some(length) => at += length,
                    None => return End::On(text.len()),
                }
                self.within = Within::Markup;
                continue;
            }
            crate::scan_count::add(1);
            if let Within::Text(quote, bracket) = &mut self.within {
                at += 1;
                bracket.go_on(byte);
                match bracket {
                    Bracket::Root(length) if *length == ROOT.len() => return End::Root(at),
                    _ if byte == *quote => self.within = Within::Markup,
                    _ => {}
                }
                continue;
            }
            match (self.part, byte) {
                (Part::Before | Part::Behind, b'>') => return End::Over(at + 1),
                (Part::Behind, byte) if !is_space(&byte) => return End::Over(at),
                (Part::Before, b'[') => self.part = Part::Subset,
                (Part::Before, b'<') => return End::Over(at),
                (Part::Subset, b']') => self.part = Part::Behind,
                (Part::Before | Part::Subset, b'"' | b'\'') => {
                    self.within = Within::Text(byte, Bracket::None);
                }
                (Part::Subset, b'<') => match rest {
                    [b'<', b'!', b'-', b'-', ..] | [b'<', b'?', ..] => {
                        if let Some((skipped, length)) = Skipped::begin(rest) {
                            self.within = Within::Skipped(skipped);
                            at += length;
                            continue;
                        }
                    }
                    [b'<'] | [b'<', b'!'] | [b'<', b'!', b'-'] if !last => return End::On(at),
                    [b'<', b'!', ..] => {}
                    // An element: there is none in it.
                    _ => return End::Over(at),
                },
                _ => {}
            }
            at += 1;
        }
        End::On(at)
    }
}

impl Bracket {
    fn go_on(&mut self, byte: u8) {
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
