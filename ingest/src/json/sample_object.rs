//! Reads the object of one sample the general way: with its fields in any order, with any white space and any
//! escapes.

use super::scanner::{RawString, ScanError, Scanner};
use crate::{FIELD_NAMES, Numbers, RawSample, RawValue, json_string};

/// The value of a field. Texts and numbers come with their place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum FieldSpan {
    #[default]
    Absent,
    Null,
    /// A text without escapes: its range in the record.
    Raw(usize, usize),
    /// A text with escapes: the range of its decoded form in the scratch space.
    Decoded(usize, usize),
    /// A number, and its range in the record.
    Number(f64, usize, usize),
    Other,
}

/// The fields of one object. Its memory is used again for the next one.
#[derive(Debug, Default)]
pub(super) struct SampleObject {
    /// In the order of [`FIELD_NAMES`].
    pub(super) fields: [FieldSpan; 6],
    unknown: Option<FieldSpan>,
    /// Whether a field appears twice. The last one counts.
    pub(super) repeated: bool,
    scratch: Vec<u8>,
}

impl SampleObject {
    /// Reads an object at the start of `bytes`, where its brace must be. Returns how many bytes were read.
    pub(super) fn read(&mut self, bytes: &[u8], numbers: &Numbers) -> (usize, Result<(), ScanError>) {
        self.fields = [FieldSpan::Absent; 6];
        self.unknown = None;
        self.repeated = false;
        self.scratch.clear();
        let mut scanner = Scanner::new(bytes);
        let result = self.members(&mut scanner, numbers);
        (scanner.at(), result)
    }

    /// The sample, whose record was read from these bytes.
    pub(super) fn raw_sample<'a>(&'a self, bytes: &'a [u8]) -> RawSample<'a> {
        let field = |found: FieldSpan| match found {
            FieldSpan::Absent => RawValue::Absent,
            FieldSpan::Null => RawValue::Null,
            FieldSpan::Raw(start, end) => RawValue::Text(bytes.get(start..end).unwrap_or_default()),
            FieldSpan::Decoded(start, end) => {
                RawValue::Text(self.scratch.get(start..end).unwrap_or_default())
            }
            FieldSpan::Number(value, ..) => RawValue::Number(value),
            FieldSpan::Other => RawValue::Other,
        };
        let [device_name, device_version, start_date, end_date, unit, value] = self.fields.map(field);
        let unknown = self.unknown.and_then(|name| match field(name) {
            RawValue::Text(name) => Some(name),
            _ => None,
        });
        RawSample { device_name, device_version, start_date, end_date, unit, value, unknown }
    }

    /// Whether it has fields, but none of a sample's.
    pub(super) fn is_unrelated(&self) -> bool {
        self.unknown.is_some() && self.fields.iter().all(|field| matches!(field, FieldSpan::Absent))
    }

    fn members(&mut self, scanner: &mut Scanner<'_>, numbers: &Numbers) -> Result<(), ScanError> {
        scanner.expect(b'{')?;
        if scanner.peek()? == b'}' {
            scanner.pass();
            return Ok(());
        }
        loop {
            if scanner.peek()? != b'"' {
                return Err(ScanError::Invalid);
            }
            let start = scanner.at() + 1;
            let name = scanner.string(&mut self.scratch)?;
            let found = self.text(name, start);
            let field = match found {
                FieldSpan::Decoded(start, end) => index_of(self.scratch.get(start..end).unwrap_or_default()),
                _ => index_of(name.raw),
            };
            scanner.expect(b':')?;
            let value = self.value(scanner, numbers)?;
            match field.and_then(|field| self.fields.get_mut(field)) {
                Some(field) => {
                    self.repeated |= !matches!(field, FieldSpan::Absent);
                    *field = value;
                }
                None => self.unknown = self.unknown.or(Some(found)),
            }
            match scanner.peek()? {
                b',' => scanner.pass(),
                b'}' => {
                    scanner.pass();
                    return Ok(());
                }
                _ => return Err(ScanError::Invalid),
            }
        }
    }

    fn value(&mut self, scanner: &mut Scanner<'_>, numbers: &Numbers) -> Result<FieldSpan, ScanError> {
        let first = scanner.peek()?;
        let start = scanner.at();
        Ok(match first {
            b'"' => {
                let text = scanner.string(&mut self.scratch)?;
                self.text(text, start + 1)
            }
            b'-' | b'0'..=b'9' => {
                let (value, token) = scanner.number(numbers)?;
                FieldSpan::Number(value, start, start + token.len())
            }
            b'n' => {
                scanner.word(b"null")?;
                FieldSpan::Null
            }
            _ => {
                scanner.skip(numbers, &mut self.scratch)?;
                FieldSpan::Other
            }
        })
    }

    /// The text of a string whose content begins at `start` in the record.
    fn text(&mut self, found: RawString<'_>, start: usize) -> FieldSpan {
        if !found.escaped {
            return FieldSpan::Raw(start, start + found.raw.len());
        }
        let start = self.scratch.len();
        // The scanner has checked every escape.
        let _ = json_string::decode(found.raw, &mut self.scratch);
        FieldSpan::Decoded(start, self.scratch.len())
    }
}

fn index_of(name: &[u8]) -> Option<usize> {
    FIELD_NAMES.iter().position(|field| field.as_bytes() == name)
}
