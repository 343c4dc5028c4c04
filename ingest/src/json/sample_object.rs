//! One sample in JSON, read the general way: any order of fields, any white space, any spelling.

use super::scanner::{Cursor, Stop};
use crate::collector::FIELDS;
use crate::json_string as text;
use crate::number::Numbers;
use crate::raw_sample::{Draft, Field};

/// What was found in a field: for texts and numbers, where.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Found {
    #[default]
    Absent,
    Null,
    /// A text, as it stands in the record.
    Raw(usize, usize),
    /// A text with its escapes decoded, in the scratch space.
    Decoded(usize, usize),
    /// A number, and where it stands in the record.
    Number(f64, usize, usize),
    Other,
}

/// The fields of one object. The space is used again for the next one.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// In the order of [`FIELDS`].
    pub(super) fields: [Found; 6],
    unknown: Option<Found>,
    /// Whether a field is there twice: the last one counts.
    pub(super) repeated: bool,
    scratch: Vec<u8>,
}

impl Record {
    /// Reads an object from the start of `bytes`; gives its length. The first byte must be its brace.
    pub(super) fn read(&mut self, bytes: &[u8], numbers: &Numbers) -> (usize, Result<(), Stop>) {
        self.fields = [Found::Absent; 6];
        self.unknown = None;
        self.repeated = false;
        self.scratch.clear();
        let mut cursor = Cursor::new(bytes);
        let result = self.members(&mut cursor, bytes.len(), numbers);
        (bytes.len() - cursor.left(), result)
    }

    /// The sample as it was found in these bytes.
    pub(super) fn draft<'a>(&'a self, bytes: &'a [u8]) -> Draft<'a> {
        let field = |found: Found| match found {
            Found::Absent => Field::Absent,
            Found::Null => Field::Null,
            Found::Raw(start, end) => Field::Text(bytes.get(start..end).unwrap_or_default()),
            Found::Decoded(start, end) => Field::Text(self.scratch.get(start..end).unwrap_or_default()),
            Found::Number(value, ..) => Field::Number(value),
            Found::Other => Field::Other,
        };
        let [device_name, device_version, start_date, end_date, unit, value] = self.fields.map(field);
        let unknown = self.unknown.and_then(|name| match field(name) {
            Field::Text(name) => Some(name),
            _ => None,
        });
        Draft { device_name, device_version, start_date, end_date, unit, value, unknown }
    }

    /// Whether it has fields, and none of a sample's.
    pub(super) fn is_stranger(&self) -> bool {
        self.unknown.is_some() && self.fields.iter().all(|field| matches!(field, Found::Absent))
    }

    fn members(&mut self, cursor: &mut Cursor<'_>, length: usize, numbers: &Numbers) -> Result<(), Stop> {
        cursor.expect(b'{')?;
        if cursor.peek()? == b'}' {
            cursor.pass();
            return Ok(());
        }
        loop {
            if cursor.peek()? != b'"' {
                return Err(Stop::Broken);
            }
            let start = length - cursor.left() + 1;
            let name = cursor.string(&mut self.scratch)?;
            let found = self.text(name, start);
            let field = match found {
                Found::Decoded(start, end) => index_of(self.scratch.get(start..end).unwrap_or_default()),
                _ => index_of(name.raw),
            };
            cursor.expect(b':')?;
            let value = self.value(cursor, length, numbers)?;
            match field.and_then(|field| self.fields.get_mut(field)) {
                Some(field) => {
                    self.repeated |= !matches!(field, Found::Absent);
                    *field = value;
                }
                None => self.unknown = self.unknown.or(Some(found)),
            }
            match cursor.peek()? {
                b',' => cursor.pass(),
                b'}' => {
                    cursor.pass();
                    return Ok(());
                }
                _ => return Err(Stop::Broken),
            }
        }
    }

    fn value(&mut self, cursor: &mut Cursor<'_>, length: usize, numbers: &Numbers) -> Result<Found, Stop> {
        let first = cursor.peek()?;
        let start = length - cursor.left();
        Ok(match first {
            b'"' => {
                let text = cursor.string(&mut self.scratch)?;
                self.text(text, start + 1)
            }
            b'-' | b'0'..=b'9' => {
                let (value, token) = cursor.number(numbers)?;
                Found::Number(value, start, start + token.len())
            }
            b'n' => {
                cursor.word(b"null")?;
                Found::Null
            }
            _ => {
                cursor.skip(numbers, &mut self.scratch)?;
                Found::Other
            }
        })
    }

    /// A text that stands at `start` in the record.
    fn text(&mut self, found: super::scanner::Text<'_>, start: usize) -> Found {
        if !found.escaped {
            return Found::Raw(start, start + found.raw.len());
        }
        let start = self.scratch.len();
        // The cursor has seen that every escape is valid.
        let _ = text::decode(found.raw, &mut self.scratch);
        Found::Decoded(start, self.scratch.len())
    }
}

fn index_of(name: &[u8]) -> Option<usize> {
    FIELDS.iter().position(|field| field.as_bytes() == name)
}
