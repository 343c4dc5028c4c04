//! A record as any XML writer may write it: attributes in any order, in either kind of quotes, over several lines, with entities.

use super::attribute_value::decode;
use super::attributes::{Attributes, MalformedTag};
use super::date::{Dates, LENGTH};
use crate::number::{self, Numbers};
use crate::raw_sample::{RawSample, RawValue};
use std::borrow::Cow;

/// The attributes that count. Whatever else a record has is Apple's, and is none of a sample's fields.
const NAMES: [&[u8]; 7] =
    [b"type", b"sourceName", b"sourceVersion", b"startDate", b"endDate", b"unit", b"value"];

/// The values of [`NAMES`] that a record has.
pub type Values<'a> = [Option<Cow<'a, [u8]>>; 7];

/// What a record's tag is.
pub enum RecordMatch<'a> {
    /// A record of the type that is read.
    Wanted(Values<'a>),
    /// One of the type that is read, as it seems, that no XML reader would take.
    Malformed,
    /// Of another type.
    Other,
}

/// Looks at a tag, from behind its name on.
pub fn read<'a>(tag: &'a [u8], identifier: &[u8]) -> RecordMatch<'a> {
    let mut values = Values::default();
    let complete = read_attributes(tag, &mut values);
    let [kind, ..] = &values;
    match (complete, kind) {
        (Ok(()), Some(kind)) if **kind == *identifier => RecordMatch::Wanted(values),
        (Err(MalformedTag), Some(kind)) if **kind == *identifier => RecordMatch::Malformed,
        (_, Some(_)) | (Ok(()), None) => RecordMatch::Other,
        // Its type is lost, or stands where nothing can be told apart any more.
        (Err(MalformedTag), None) if contains(tag, identifier) => RecordMatch::Malformed,
        (Err(MalformedTag), None) => RecordMatch::Other,
    }
}

fn read_attributes<'a>(tag: &'a [u8], values: &mut Values<'a>) -> Result<(), MalformedTag> {
    let mut attributes = Attributes::new(tag);
    while let Some(attribute) = attributes.next()? {
        let found = NAMES.iter().zip(values.iter_mut()).find(|(name, _)| **name == attribute.name);
        if let Some((_, value)) = found {
            // No attribute may be there twice (XML 1.0 §3.1).
            if value.is_some() {
                return Err(MalformedTag);
            }
            *value = Some(decode(attribute.value).ok_or(MalformedTag)?);
        }
    }
    Ok(())
}

/// The sample that a record tells of.
pub fn raw<'a>(values: &'a Values<'_>, dates: &mut Dates, numbers: &Numbers) -> RawSample<'a> {
    let [_, name, version, start, end, unit, value] = values;
    RawSample {
        device_name: text(name),
        // An empty version says as much as none.
        device_version: if version.as_deref() == Some(b"") { RawValue::Absent } else { text(version) },
        start_date: date(start, dates),
        end_date: date(end, dates),
        unit: text(unit),
        value: number(value, numbers),
        unknown: None,
    }
}

fn text<'a>(value: &'a Option<Cow<'_, [u8]>>) -> RawValue<'a> {
    value.as_deref().map_or(RawValue::Absent, RawValue::Text)
}

/// A date of Apple's; RFC 3339 is left to who takes it.
fn date<'a>(value: &'a Option<Cow<'_, [u8]>>, dates: &mut Dates) -> RawValue<'a> {
    let date: Option<&[u8; LENGTH]> = value.as_deref().and_then(|text| text.try_into().ok());
    date.and_then(|date| dates.read(date)).map_or(text(value), RawValue::Moment)
}

fn number<'a>(value: &'a Option<Cow<'_, [u8]>>, numbers: &Numbers) -> RawValue<'a> {
    match value.as_deref().and_then(|text| number::read(text, numbers)) {
        Some((number, [])) => RawValue::Number(number),
        _ => text(value),
    }
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}
