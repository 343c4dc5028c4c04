//! JavaScript objects, as `objects.js` of the library packs them: columns for what most samples have, and the rest field by field.
//!
//! The form is written down there. It never leaves the process, so it has no version, and what is wrong with it is a mistake of ours.

use crate::collector::Sink;
use crate::moment::Moment;
use crate::raw_sample::{Draft, Field, Place};
use crate::rejection::Code;
use crate::unit::Unit;

/// Rows that a piece has place for.
const ROWS: usize = 4096;
const VALUES_AT: usize = 8;
const KINDS_AT: usize = VALUES_AT + ROWS * 8;
const LENGTHS_AT: usize = KINDS_AT + ROWS * 4;
const DATES_AT: usize = LENGTHS_AT + ROWS * 2;

/// Instead of the number of a kind: the row is among the rest.
const ODD: u32 = u32::MAX;
/// Instead of a length: the date is among the rest, as milliseconds.
const INSTANT: u8 = 0xff;
/// Instead of a length: there is no date.
const ABSENT: u8 = 0xfe;
/// The first byte of a date that is no text at all.
const NO_TEXT_BYTE: u8 = 0xff;

const NO_OBJECT: &str = "a sample must be an object";
const NO_TEXT: &str = "a text holds half of a surrogate pair";
const DAMAGED: &str = "the objects could not be handed over";

/// Reads pieces of packed objects, in turn.
#[derive(Default)]
pub(crate) struct Packed {
    /// The kinds of all pieces so far.
    kinds: Vec<PackedKind>,
}

/// What samples have in common.
struct PackedKind {
    device_name: Box<str>,
    device_version: Option<Box<str>>,
    unit: Unit,
    /// Its number in the sink, once it has held a sample of it.
    number: Option<u32>,
}

impl Packed {
    /// Hands all samples of a piece to the sink.
    pub(crate) fn read(&mut self, piece: &[u8], sink: &mut Sink) {
        if self.read_rows(piece, sink).is_none() {
            sink.reject(Place::default(), "", Code::Syntax, DAMAGED);
        }
    }

    fn read_rows(&mut self, piece: &[u8], sink: &mut Sink) -> Option<()> {
        let mut head = Cursor(piece);
        let rows = head.u32()?;
        let size = head.u32()?;
        let values = piece.get(VALUES_AT..KINDS_AT)?.as_chunks::<8>().0;
        let kinds = piece.get(KINDS_AT..LENGTHS_AT)?.as_chunks::<4>().0;
        let lengths = piece.get(LENGTHS_AT..DATES_AT)?.as_chunks::<2>().0;
        let (dates, rest) = piece.get(DATES_AT..)?.split_at_checked(size)?;
        let (mut dates, mut rest) = (Cursor(dates), Cursor(rest));
        for ((value, kind), &[start, end]) in values.iter().zip(kinds).zip(lengths).take(rows) {
            let kind = u32::from_le_bytes(*kind);
            if kind == ODD {
                rest.odd(sink)?;
                continue;
            }
            let kind = self.kind(kind, &mut rest)?;
            let start = date(start, &mut dates, &mut rest)?;
            let end = date(end, &mut dates, &mut rest)?;
            kind.take(start, end, f64::from_le_bytes(*value), sink);
        }
        (dates.0.is_empty() && rest.0.is_empty()).then_some(())
    }

    /// The kind of that number; a new one is among the rest.
    fn kind(&mut self, number: u32, rest: &mut Cursor<'_>) -> Option<&mut PackedKind> {
        let number = usize::try_from(number).ok()?;
        if number == self.kinds.len() {
            let (name, version, unit) = (rest.field()?, rest.field()?, rest.field()?);
            self.kinds.push(PackedKind {
                device_name: text(name)?.into(),
                device_version: if matches!(version, Field::Absent) {
                    None
                } else {
                    Some(text(version)?.into())
                },
                unit: Unit::from_name(text(unit)?.as_bytes())?,
                number: None,
            });
        }
        self.kinds.get_mut(number)
    }
}

impl PackedKind {
    /// Hands a sample of this kind to the sink.
    #[inline]
    fn take(&mut self, start: Field<'_>, end: Field<'_>, value: f64, sink: &mut Sink) {
        let ends = match end {
            Field::Absent => Some(None),
            end => moment(end).map(Some),
        };
        match (moment(start), ends) {
            (Some(start), Some(end)) if self.unit.takes(value) && end.is_none_or(|end| start <= end) => {
                let number = match self.number {
                    Some(number) => number,
                    None => {
                        let number = sink.kind(&self.device_name, self.device_version.as_deref(), self.unit);
                        self.number = Some(number);
                        number
                    }
                };
                sink.hold(number, start, end, value);
            }
            _ => self.reject(start, end, value, sink),
        }
    }

    /// Lets the sink find out what is wrong.
    #[cold]
    #[inline(never)]
    fn reject(&self, start: Field<'_>, end: Field<'_>, value: f64, sink: &mut Sink) {
        if [start, end].iter().any(|date| matches!(date, Field::Text([NO_TEXT_BYTE, ..]))) {
            return sink.reject(Place::default(), "", Code::Syntax, NO_TEXT);
        }
        let draft = Draft {
            device_name: Field::Text(self.device_name.as_bytes()),
            device_version: self
                .device_version
                .as_ref()
                .map_or(Field::Absent, |text| Field::Text(text.as_bytes())),
            start_date: start,
            end_date: end,
            unit: Field::Text(self.unit.name().as_bytes()),
            value: Field::Number(value),
            unknown: None,
        };
        sink.take(&draft, Place::default());
    }
}

/// The date whose length the column gives.
#[inline]
fn date<'a>(length: u8, dates: &mut Cursor<'a>, rest: &mut Cursor<'a>) -> Option<Field<'a>> {
    match length {
        ABSENT => Some(Field::Absent),
        INSTANT => rest.number().map(Field::Number),
        length => dates.bytes(usize::from(length)).map(Field::Text),
    }
}

#[inline]
fn moment(date: Field<'_>) -> Option<Moment> {
    match date {
        Field::Text(text) => Moment::parse_rfc3339(text),
        Field::Number(millis) => Moment::from_unix_millis(millis),
        _ => None,
    }
}

fn text(field: Field<'_>) -> Option<&str> {
    if let Field::Text(text) = field { std::str::from_utf8(text).ok() } else { None }
}

/// What is left to read.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    #[inline]
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    fn u32(&mut self) -> Option<usize> {
        let bytes = self.bytes(4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }

    fn number(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.bytes(8)?.try_into().ok()?))
    }

    fn field(&mut self) -> Option<Field<'a>> {
        match self.bytes(1)? {
            [0] => Some(Field::Absent),
            [1] => Some(Field::Null),
            [2] => {
                let size = self.u32()?;
                self.bytes(size).map(Field::Text)
            }
            [3] => self.number().map(Field::Number),
            [4] => Some(Field::Other),
            _ => None,
        }
    }

    /// A row that fits into no columns.
    #[cold]
    #[inline(never)]
    fn odd(&mut self, sink: &mut Sink) -> Option<()> {
        let alone = match self.0.first()? {
            5 => Some((Code::Type, NO_OBJECT)),
            6 => Some((Code::Syntax, NO_TEXT)),
            _ => None,
        };
        if let Some((code, message)) = alone {
            self.bytes(1)?;
            sink.reject(Place::default(), "", code, message);
            return Some(());
        }
        let draft = Draft {
            device_name: self.field()?,
            device_version: self.field()?,
            start_date: self.field()?,
            end_date: self.field()?,
            unit: self.field()?,
            value: self.field()?,
            unknown: if let Field::Text(name) = self.field()? { Some(name) } else { None },
        };
        sink.take(&draft, Place::default());
        Some(())
    }
}

#[cfg(test)]
mod tests;
