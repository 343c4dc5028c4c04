//! The position of a type: what runs have delivered, in the form in which it is stored between them.

use super::coverage::Coverage;
use super::mark_slots::MarkSlots;
use super::marks::Mark;
use super::stored_marks::{FIRST_VERSION_SLOTS, read_marks, write_marks};
use super::window::{SHARED_SECONDS, Window};
use crate::error::Error;
use crate::http::CLOCKS_END;
use crate::store::{ByteReader, ByteWriter, ValueKind, damaged, open_version, seal};

/// A window that is delivered in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfinishedWindow {
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

/// Whether the server selects the records of a list by the time of their update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UpdateFilter {
    /// It is not known yet.
    #[default]
    Unknown,
    /// It does.
    Works,
    /// It does not, or some records do not say when they were updated: each run reads the whole list.
    Ignored,
}

/// What of a type is delivered. A few hundred bytes, however long the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Where delivery begins. What is not delivered from there on is a gap, also if nothing before it is delivered.
    pub beginning: Option<i64>,
    /// What is delivered completely.
    pub coverage: Coverage,
    /// The window that is delivered in part.
    pub unfinished: Option<UnfinishedWindow>,
    /// Set if the server's clock is behind what is delivered, because it was set back or had been too far ahead: up to
    /// where runs have read by the present clock. Updates from there on are still to be read.
    pub frontier: Option<i64>,
    /// Whether the server selects records by the time of their update.
    pub filter: UpdateFilter,
}

/// A position, and the marks that belong to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredPosition {
    /// What is delivered.
    pub position: Position,
    /// Slots from this number up to the first one are obsolete, and may not be deleted yet.
    pub first_stored_slot: u64,
    /// The number of the first slot with marks.
    pub first_slot: u64,
    /// How many slots hold marks.
    pub slots: u64,
    /// The marks that fill no slot yet.
    pub marks: Vec<Mark>,
}

impl Position {
    /// Where the next run goes on, less the overlap.
    pub fn end(&self) -> Option<i64> {
        let end = self.coverage.end()?;
        Some(self.frontier.map_or(end, |frontier| frontier.min(end)))
    }

    /// Where delivery begins. Early versions did not store it: then at the earliest that is delivered.
    pub fn start(&self) -> Option<i64> {
        let unfinished =
            self.unfinished.as_ref().map(|unfinished| unfinished.window.since.saturating_add(SHARED_SECONDS));
        [self.beginning, self.coverage.start(), unfinished].into_iter().flatten().min()
    }

    /// Removes what a clock that cannot be believed has left: no query could reach beyond it.
    pub fn cut(&mut self) {
        self.beginning.take_if(|beginning| *beginning >= CLOCKS_END);
        self.coverage.cut(CLOCKS_END);
        self.unfinished.take_if(|unfinished| unfinished.window.since >= CLOCKS_END);
        self.frontier.take_if(|frontier| *frontier >= CLOCKS_END);
    }

    /// Appends the stored form.
    pub fn write(&self, out: &mut ByteWriter) {
        self.coverage.write(out);
        out.byte(u8::from(self.unfinished.is_some()));
        if let Some(unfinished) = &self.unfinished {
            out.signed(unfinished.window.since);
            out.signed(unfinished.window.before);
            out.signed(unfinished.until);
            out.bytes(unfinished.cursor.as_bytes());
            write_optional(unfinished.doubt, out);
        }
        write_optional(self.frontier, out);
        write_optional(self.beginning, out);
        out.byte(match self.filter {
            UpdateFilter::Unknown => 0,
            UpdateFilter::Works => 1,
            UpdateFilter::Ignored => 2,
        });
    }

    /// Reads the stored form.
    pub fn read(from: &mut ByteReader) -> Option<Self> {
        let coverage = Coverage::read(from)?;
        let mut unfinished = read_unfinished(from)?;
        if let Some(unfinished) = &mut unfinished {
            unfinished.doubt = read_optional(from)?;
        }
        let (frontier, beginning) = (read_optional(from)?, read_optional(from)?);
        let filter = match from.byte()? {
            0 => UpdateFilter::Unknown,
            1 => UpdateFilter::Works,
            2 => UpdateFilter::Ignored,
            _ => return None,
        };
        Some(Self { beginning, coverage, unfinished, frontier, filter })
    }
}

impl StoredPosition {
    /// The value for the store.
    pub fn value(position: &Position, slots: &MarkSlots) -> Vec<u8> {
        let mut out = ByteWriter::default();
        position.write(&mut out);
        out.number(slots.first_stored());
        out.number(slots.first());
        out.number(slots.used());
        write_marks(slots.latest(), &mut out);
        seal(ValueKind::Position, &out.finish())
    }

    /// Reads a value of the store.
    pub fn from_value(value: &[u8]) -> Result<Self, Error> {
        let (version, content) = open_version(ValueKind::Position, value)?;
        let from = &mut ByteReader::new(content);
        let read = if version < 3 { Self::read_early(version, from) } else { Self::read(from) };
        read.filter(|_| from.is_at_end()).ok_or_else(|| damaged(ValueKind::Position))
    }

    fn read(from: &mut ByteReader) -> Option<Self> {
        let position = Position::read(from)?;
        let (first_stored_slot, first_slot) = (from.number()?, from.number()?);
        Some(Self {
            position,
            first_stored_slot,
            first_slot,
            slots: from.number()?,
            marks: read_marks(from)?,
        })
    }

    /// Versions 1 and 2, in which all marks are in slots.
    fn read_early(version: u8, from: &mut ByteReader) -> Option<Self> {
        let coverage = Coverage::read(from)?;
        let mut unfinished = read_unfinished(from)?;
        let (first, second) = (from.number()?, from.number()?);
        let (slots, frontier) = if version == 1 {
            // The numbers of the first slot and of the one after the last.
            (second.min(FIRST_VERSION_SLOTS), None)
        } else {
            let (frontier, doubt) = (read_padded(from)?, read_padded(from)?);
            if let Some(unfinished) = &mut unfinished {
                unfinished.doubt = doubt;
            }
            (first, frontier)
        };
        let position = Position { coverage, unfinished, frontier, ..Position::default() };
        Some(Self { position, slots, ..Self::default() })
    }
}

fn read_unfinished(from: &mut ByteReader) -> Option<Option<UnfinishedWindow>> {
    match from.byte()? {
        0 => Some(None),
        1 => Some(Some(UnfinishedWindow {
            window: Window { since: from.signed()?, before: from.signed()? },
            until: from.signed()?,
            cursor: from.text()?,
            doubt: None,
        })),
        _ => None,
    }
}

fn write_optional(number: Option<i64>, out: &mut ByteWriter) {
    out.byte(u8::from(number.is_some()));
    if let Some(number) = number {
        out.signed(number);
    }
}

fn read_optional(from: &mut ByteReader) -> Option<Option<i64>> {
    match from.byte()? {
        0 => Some(None),
        1 => Some(Some(from.signed()?)),
        _ => None,
    }
}

/// As version 2 wrote an optional number: the number is there in any case.
fn read_padded(from: &mut ByteReader) -> Option<Option<i64>> {
    let is_there = from.byte()? != 0;
    Some(Some(from.signed()?).filter(|_| is_there))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::MarkCapacity;
    use crate::testing::test;
    use proptest::prelude::*;

    fn position() -> Position {
        let mut coverage = Coverage::default();
        coverage.add(Window { since: 0, before: 3 }, 9);
        let unfinished = UnfinishedWindow {
            window: Window { since: 2, before: 7 },
            until: 5,
            cursor: "AQ".to_owned(),
            doubt: Some(6),
        };
        let (beginning, frontier) = (Some(1), Some(4));
        Position { beginning, coverage, unfinished: Some(unfinished), frontier, filter: UpdateFilter::Works }
    }

    /// As versions 1 and 2 begin.
    const EARLY: [u8; 67] = [
        1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 7,
        0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, b'A', b'Q', 2, 0, 0, 0, 0, 0, 0,
        0,
    ];

    #[test]
    fn the_stored_form_is_stable() {
        // Stores outlive versions of the package.
        let position = position();
        let marks = vec![Mark::from_parts(8, 300)];
        let mut slots = MarkSlots::appending(MarkCapacity::default(), 3).with_obsolete(2);
        slots.add(&marks);
        let content = [
            &EARLY[..59],
            &[1, 6, 0, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1],
            &[2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            &[44, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ]
        .concat();
        assert_eq!(StoredPosition::value(&position, &slots), seal(ValueKind::Position, &content));
        let stored = StoredPosition { position, first_stored_slot: 2, first_slot: 3, slots: 0, marks };
        assert_eq!(StoredPosition::from_value(&seal(ValueKind::Position, &content)).unwrap(), stored);
    }

    #[test]
    fn earlier_versions_are_read() {
        let position = Position { beginning: None, filter: UpdateFilter::Unknown, ..position() };
        let early = |version: u8, rest: &[u8]| {
            let mut value = seal(ValueKind::Position, &[&EARLY, rest].concat());
            value[3] = version;
            StoredPosition::from_value(&value).unwrap()
        };
        let rest = [1, 0, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 0, 1, 6, 0, 0, 0, 0, 0, 0, 0];
        let second = StoredPosition { position: position.clone(), slots: 2, ..StoredPosition::default() };
        assert_eq!(early(2, &rest), second);
        // The first version had the numbers of the first slot and of the one after the last, and ended there.
        let unfinished =
            position.unfinished.clone().map(|unfinished| UnfinishedWindow { doubt: None, ..unfinished });
        let position = Position { unfinished, frontier: None, ..position };
        assert_eq!(early(1, &rest[..8]), StoredPosition { position, slots: 1, ..StoredPosition::default() });
    }

    #[test]
    fn it_is_small_however_long_the_history() {
        let mut coverage = Coverage::default();
        for year in 0..1000 {
            coverage.add(Window { since: year * 1000, before: year * 1000 + 900 }, i64::MAX);
        }
        let cursor = "A".repeat(500);
        let unfinished =
            UnfinishedWindow { window: Window { since: 2, before: 7 }, until: 5, cursor, doubt: None };
        let position = Position { coverage, unfinished: Some(unfinished), ..Position::default() };
        let value = StoredPosition::value(&position, &MarkSlots::new(MarkCapacity::default(), 0));
        assert!(value.len() < 750, "{}", value.len());
    }

    proptest! {
        #[test]
        fn any_other_content_is_damage_and_never_a_panic(content: Vec<u8>, version in 1_u8..4) {
            let mut value = seal(ValueKind::Position, &content);
            value[3] = version;
            let _ = StoredPosition::from_value(&value);
        }
    }
}
