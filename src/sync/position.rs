//! The position of a type: what runs have delivered, in the form in which it is stored between them.

use super::coverage::Coverage;
use super::mark_slots::SlotUsage;
use super::window::{SHARED_SECONDS, Window};
use crate::error::Error;
use crate::http::CLOCKS_END;
use crate::store::{ByteReader, ByteWriter, ValueKind, damaged, open_version, seal};

/// Where an unfinished window stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The window.
    pub window: Window,
    /// The window will be complete for everything updated before this: the server's clock when it was begun.
    pub until: i64,
    /// The walk's cursor after the last page that was delivered.
    pub cursor: String,
    /// Set if that clock was known from a single answer: by how many seconds it was ahead of this machine's. The clock
    /// counts only if a later run finds the same difference.
    pub doubt: Option<i64>,
}

/// What of a type is delivered. A few hundred bytes, however long the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// What is delivered completely.
    pub coverage: Coverage,
    /// The window that is delivered in part.
    pub checkpoint: Option<Checkpoint>,
    /// Which values of the store hold the marks.
    pub slots: SlotUsage,
    /// Set if the server's clock is behind what is delivered, because it was set back or had been too far ahead: up to
    /// where runs have read by the present clock. Updates from there on are still to be read.
    pub frontier: Option<i64>,
}

impl Position {
    /// Where the next run goes on, less the overlap.
    pub fn end(&self) -> Option<i64> {
        let end = self.coverage.end()?;
        Some(self.frontier.map_or(end, |frontier| frontier.min(end)))
    }

    /// Where the earliest delivered interval begins.
    pub fn start(&self) -> Option<i64> {
        let checkpoint =
            self.checkpoint.as_ref().map(|checkpoint| checkpoint.window.since.saturating_add(SHARED_SECONDS));
        [self.coverage.start(), checkpoint].into_iter().flatten().min()
    }

    /// Removes what a clock that cannot be believed has left: no query could reach beyond it.
    pub fn cut(&mut self) {
        self.coverage.cut(CLOCKS_END);
        self.checkpoint.take_if(|checkpoint| checkpoint.window.since >= CLOCKS_END);
        self.frontier.take_if(|frontier| *frontier >= CLOCKS_END);
    }

    /// The stored form.
    pub fn to_value(&self) -> Vec<u8> {
        let mut out = ByteWriter::default();
        self.coverage.write(&mut out);
        out.byte(u8::from(self.checkpoint.is_some()));
        if let Some(checkpoint) = &self.checkpoint {
            out.signed(checkpoint.window.since);
            out.signed(checkpoint.window.before);
            out.signed(checkpoint.until);
            out.bytes(checkpoint.cursor.as_bytes());
        }
        out.number(self.slots.used);
        out.number(self.slots.filling);
        out.byte(u8::from(self.frontier.is_some()));
        out.signed(self.frontier.unwrap_or_default());
        let doubt = self.checkpoint.as_ref().and_then(|checkpoint| checkpoint.doubt);
        out.byte(u8::from(doubt.is_some()));
        out.signed(doubt.unwrap_or_default());
        seal(ValueKind::Position, &out.finish())
    }

    /// Reads the stored form.
    pub fn from_value(value: &[u8]) -> Result<Self, Error> {
        let (version, content) = open_version(ValueKind::Position, value)?;
        Self::read(version, &mut ByteReader::new(content)).ok_or_else(|| damaged(ValueKind::Position))
    }

    fn read(version: u8, from: &mut ByteReader) -> Option<Self> {
        let coverage = Coverage::read(from)?;
        let mut checkpoint = match from.byte()? {
            0 => None,
            1 => Some(Checkpoint {
                window: Window { since: from.signed()?, before: from.signed()? },
                until: from.signed()?,
                cursor: from.text()?,
                doubt: None,
            }),
            _ => return None,
        };
        let (first, second) = (from.number()?, from.number()?);
        let (slots, frontier) = if version == 1 {
            (SlotUsage::of_first_version(second), None)
        } else {
            let mut optional = || {
                let is_there = from.byte()? != 0;
                Some(Some(from.signed()?).filter(|_| is_there))
            };
            let (frontier, doubt) = (optional()?, optional()?);
            if let Some(checkpoint) = &mut checkpoint {
                checkpoint.doubt = doubt;
            }
            (SlotUsage { used: first, filling: second }, frontier)
        };
        from.is_at_end().then_some(Self { coverage, checkpoint, slots, frontier })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    #[test]
    fn the_stored_form_is_stable() {
        // Stores outlive versions of the package.
        let mut coverage = Coverage::default();
        coverage.add(Window { since: 0, before: 3 }, 9);
        let checkpoint = Checkpoint {
            window: Window { since: 2, before: 7 },
            until: 5,
            cursor: "AQ".to_owned(),
            doubt: Some(6),
        };
        let slots = SlotUsage { used: 2, filling: 1 };
        let position = Position { coverage, checkpoint: Some(checkpoint), slots, frontier: Some(4) };
        let content = [
            1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0,
            0, 7, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, b'A', b'Q', 2, 0, 0,
            0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 0, 1, 6, 0, 0, 0, 0, 0, 0, 0,
        ];
        assert_eq!(position.to_value(), seal(ValueKind::Position, &content));
        assert_eq!(Position::from_value(&position.to_value()).unwrap(), position);
        // The first version had the numbers of the first slot and of the one after the last, and ended there.
        let mut first = seal(ValueKind::Position, &content[..content.len() - 18]);
        first[3] = 1;
        let checkpoint =
            position.checkpoint.clone().map(|checkpoint| Checkpoint { doubt: None, ..checkpoint });
        let read =
            Position { checkpoint, frontier: None, slots: SlotUsage { used: 1, filling: 0 }, ..position };
        assert_eq!(Position::from_value(&first).unwrap(), read);
    }

    #[test]
    fn it_is_small_however_long_the_history() {
        let mut coverage = Coverage::default();
        for year in 0..1000 {
            coverage.add(Window { since: year * 1000, before: year * 1000 + 900 }, i64::MAX);
        }
        let cursor = "A".repeat(500);
        let checkpoint = Checkpoint { window: Window { since: 2, before: 7 }, until: 5, cursor, doubt: None };
        let position =
            Position { coverage, checkpoint: Some(checkpoint), slots: SlotUsage::default(), frontier: None };
        assert!(position.to_value().len() < 750, "{}", position.to_value().len());
    }

    proptest! {
        #[test]
        fn any_other_content_is_damage_and_never_a_panic(content: Vec<u8>) {
            let _ = Position::from_value(&seal(ValueKind::Position, &content));
        }
    }
}
