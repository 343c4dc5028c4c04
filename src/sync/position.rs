//! Up to where a type was delivered: what is kept between runs.

use super::coverage::Coverage;
use super::seen::Segments;
use super::span::Span;
use crate::error::Error;
use crate::store::{Kind, Reader, Writer, damaged, open, seal};

/// A span that is being walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What is asked for.
    pub span: Span,
    /// It will be complete for all that was updated before this: the server's clock when it was begun.
    pub until: i64,
    /// Behind the last page that was delivered.
    pub cursor: String,
}

/// Up to where a type was delivered. A few hundred bytes, whatever the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// What is delivered.
    pub coverage: Coverage,
    /// What is delivered in part.
    pub open: Option<Open>,
    /// Where the marks of what was delivered last are.
    pub segments: Segments,
}

impl Position {
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
        out.number(self.segments.first);
        out.number(self.segments.end);
        seal(Kind::Position, &out.finish())
    }

    /// What was kept.
    ///
    /// # Errors
    /// A value that is damaged, or of a later version.
    pub fn from_value(value: &[u8]) -> Result<Self, Error> {
        Self::read(&mut Reader::new(open(Kind::Position, value)?)).ok_or_else(|| damaged(Kind::Position))
    }

    fn read(from: &mut Reader) -> Option<Self> {
        let coverage = Coverage::read(from)?;
        let open = match from.byte()? {
            0 => None,
            1 => Some(Open {
                span: Span { since: from.signed()?, before: from.signed()? },
                until: from.signed()?,
                cursor: from.text()?,
            }),
            _ => return None,
        };
        let segments = Segments { first: from.number()?, end: from.number()? };
        from.is_at_end().then_some(Self { coverage, open, segments })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_form_stays_as_it_is() {
        // Stores outlive versions of the package.
        let mut coverage = Coverage::default();
        coverage.add(Span { since: 0, before: 3 }, 9);
        let open = Open { span: Span { since: 2, before: 7 }, until: 5, cursor: "AQ".to_owned() };
        let position = Position { coverage, open: Some(open), segments: Segments { first: 1, end: 2 } };
        let content = [
            1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0,
            0, 7, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, b'A', b'Q', 1, 0, 0,
            0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
        ];
        assert_eq!(position.to_value(), seal(Kind::Position, &content));
        assert_eq!(Position::from_value(&position.to_value()).unwrap(), position);
    }

    #[test]
    fn it_is_small_whatever_the_history() {
        let mut coverage = Coverage::default();
        for year in 0..1000 {
            coverage.add(Span { since: year * 1000, before: year * 1000 + 900 }, i64::MAX);
        }
        let cursor = "A".repeat(500);
        let open = Open { span: Span { since: 2, before: 7 }, until: 5, cursor };
        let position = Position { coverage, open: Some(open), segments: Segments::default() };
        assert!(position.to_value().len() < 750, "{}", position.to_value().len());
    }

    proptest! {
        #[test]
        fn other_content_is_damage_and_no_panic(content: Vec<u8>) {
            let _ = Position::from_value(&seal(Kind::Position, &content));
        }
    }
}
