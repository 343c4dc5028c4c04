//! Up to where a type was delivered: what is kept between runs.

use super::coverage::Coverage;
use super::shelf::Slots;
use super::span::{SEAM, Span};
use crate::error::Error;
use crate::http::CLOCKS_END;
use crate::store::{Kind, Reader, Writer, damaged, open_version, seal};

/// A span that is being walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What is asked for.
    pub span: Span,
    /// It will be complete for all that was updated before this: the server's clock when it was begun.
    pub until: i64,
    /// Behind the last page that was delivered.
    pub cursor: String,
    /// Where that clock was read from one answer alone: how far it was ahead of this machine's, in seconds. It counts if a later
    /// run finds the same.
    pub doubt: Option<i64>,
}

/// Up to where a type was delivered. A few hundred bytes, whatever the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// What is delivered.
    pub coverage: Coverage,
    /// What is delivered in part.
    pub open: Option<Open>,
    /// Where the marks of what was delivered last are.
    pub slots: Slots,
    /// Up to where runs have read by the clock that they went by, where that clock is behind what is delivered: it was set
    /// back, or was too far ahead before. What is updated from there on is still to be read.
    pub frontier: Option<i64>,
}

impl Position {
    /// Where the next run goes on, less what it reaches back.
    pub fn end(&self) -> Option<i64> {
        let end = self.coverage.end()?;
        Some(self.frontier.map_or(end, |frontier| frontier.min(end)))
    }

    /// Where what it tells of begins.
    pub fn start(&self) -> Option<i64> {
        let open = self.open.as_ref().map(|open| open.span.since.saturating_add(SEAM));
        [self.coverage.start(), open].into_iter().flatten().min()
    }

    /// Takes away what a clock has left there that nobody believes any more: nothing behind it could be asked for.
    pub fn cut(&mut self) {
        self.coverage.cut(CLOCKS_END);
        self.open.take_if(|open| open.span.since >= CLOCKS_END);
        self.frontier.take_if(|frontier| *frontier >= CLOCKS_END);
    }

    /// As it is kept.
    pub fn to_value(&self) -> Vec<u8> {
        let mut out = Writer::default();
        self.coverage.write(&mut out);
        out.byte(u8::from(self.open.is_some()));
        if let Some(open) = &self.open {
            out.signed(open.span.since);
            out.signed(open.span.before);
            out.signed(open.until);
            out.bytes(open.cursor.as_bytes());
        }
        out.number(self.slots.used);
        out.number(self.slots.filling);
        out.byte(u8::from(self.frontier.is_some()));
        out.signed(self.frontier.unwrap_or_default());
        let doubt = self.open.as_ref().and_then(|open| open.doubt);
        out.byte(u8::from(doubt.is_some()));
        out.signed(doubt.unwrap_or_default());
        seal(Kind::Position, &out.finish())
    }

    /// What was kept.
    ///
    /// # Errors
    /// A value that is damaged, or of a later version.
    pub fn from_value(value: &[u8]) -> Result<Self, Error> {
        let (version, content) = open_version(Kind::Position, value)?;
        Self::read(version, &mut Reader::new(content)).ok_or_else(|| damaged(Kind::Position))
    }

    fn read(version: u8, from: &mut Reader) -> Option<Self> {
        let coverage = Coverage::read(from)?;
        let mut open = match from.byte()? {
            0 => None,
            1 => Some(Open {
                span: Span { since: from.signed()?, before: from.signed()? },
                until: from.signed()?,
                cursor: from.text()?,
                doubt: None,
            }),
            _ => return None,
        };
        let (first, second) = (from.number()?, from.number()?);
        let (slots, frontier) = if version == 1 {
            (Slots::of_first_form(second), None)
        } else {
            let mut optional = || {
                let is_there = from.byte()? != 0;
                Some(Some(from.signed()?).filter(|_| is_there))
            };
            let (frontier, doubt) = (optional()?, optional()?);
            if let Some(open) = &mut open {
                open.doubt = doubt;
            }
            (Slots { used: first, filling: second }, frontier)
        };
        from.is_at_end().then_some(Self { coverage, open, slots, frontier })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    #[test]
    fn the_form_stays_as_it_is() {
        // Stores outlive versions of the package.
        let mut coverage = Coverage::default();
        coverage.add(Span { since: 0, before: 3 }, 9);
        let open =
            Open { span: Span { since: 2, before: 7 }, until: 5, cursor: "AQ".to_owned(), doubt: Some(6) };
        let slots = Slots { used: 2, filling: 1 };
        let position = Position { coverage, open: Some(open), slots, frontier: Some(4) };
        let content = [
            1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0,
            0, 7, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, b'A', b'Q', 2, 0, 0,
            0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 0, 1, 6, 0, 0, 0, 0, 0, 0, 0,
        ];
        assert_eq!(position.to_value(), seal(Kind::Position, &content));
        assert_eq!(Position::from_value(&position.to_value()).unwrap(), position);
        // The first form had the numbers of the first value with marks and of the one after the last, and no more.
        let mut first = seal(Kind::Position, &content[..content.len() - 18]);
        first[3] = 1;
        let open = position.open.clone().map(|open| Open { doubt: None, ..open });
        let read = Position { open, frontier: None, slots: Slots { used: 1, filling: 0 }, ..position };
        assert_eq!(Position::from_value(&first).unwrap(), read);
    }

    #[test]
    fn it_is_small_whatever_the_history() {
        let mut coverage = Coverage::default();
        for year in 0..1000 {
            coverage.add(Span { since: year * 1000, before: year * 1000 + 900 }, i64::MAX);
        }
        let cursor = "A".repeat(500);
        let open = Open { span: Span { since: 2, before: 7 }, until: 5, cursor, doubt: None };
        let position = Position { coverage, open: Some(open), slots: Slots::default(), frontier: None };
        assert!(position.to_value().len() < 750, "{}", position.to_value().len());
    }

    proptest! {
        #[test]
        fn other_content_is_damage_and_no_panic(content: Vec<u8>) {
            let _ = Position::from_value(&seal(Kind::Position, &content));
        }
    }
}
