//! Reads a record as any XML writer may write it: attributes in any order and with either kind of quotes, over
//! several lines, with entities.

use super::attribute_value::decode;
use super::attributes::{Attributes, MalformedTag};
use super::date::{Dates, LENGTH};
use crate::{Numbers, RawSample, RawValue};
use std::borrow::Cow;

/// The attributes that matter. All others of a record are Apple's own.
const NAMES: [&[u8]; 7] =
    [b"type", b"sourceName", b"sourceVersion", b"startDate", b"endDate", b"unit", b"value"];

/// The values of the attributes in [`NAMES`].
pub type Values<'a> = [Option<Cow<'a, [u8]>>; 7];

pub enum RecordMatch<'a> {
    /// A record of the type that is read.
    Wanted(Values<'a>),
    /// Probably a record of this type, but not well-formed.
    Malformed,
    Other,
}

/// Reads a tag, given from after its name.
pub fn read<'a>(tag: &'a [u8], identifier: &[u8]) -> RecordMatch<'a> {
    let mut values = Values::default();
    let complete = read_attributes(tag, &mut values);
    let [record_type, ..] = &values;
    match (complete, record_type) {
        (Ok(()), Some(record_type)) if **record_type == *identifier => RecordMatch::Wanted(values),
        (Err(MalformedTag), Some(record_type)) if **record_type == *identifier => RecordMatch::Malformed,
        (_, Some(_)) | (Ok(()), None) => RecordMatch::Other,
        // The type itself cannot be read, but its name is in the tag.
        (Err(MalformedTag), None) if contains(tag, identifier) => RecordMatch::Malformed,
        (Err(MalformedTag), None) => RecordMatch::Other,
    }
}

fn read_attributes<'a>(tag: &'a [u8], values: &mut Values<'a>) -> Result<(), MalformedTag> {
    let mut attributes = Attributes::new(tag);
    while let Some((name, text)) = attributes.next()? {
        let found = NAMES.iter().zip(values.iter_mut()).find(|(known, _)| **known == name);
        if let Some((_, value)) = found {
            // An attribute must not appear twice (XML 1.0 §3.1).
            if value.is_some() {
                return Err(MalformedTag);
            }
            *value = Some(decode(text).ok_or(MalformedTag)?);
        }
    }
    Ok(())
}

pub fn raw_sample<'a>(values: &'a Values<'_>, dates: &mut Dates, numbers: &Numbers) -> RawSample<'a> {
    let [_, name, version, start, end, unit, value] = values;
    RawSample {
        device_name: RawValue::of_text(name),
        // An empty version means that there is none.
        device_version: if version.as_deref() == Some(b"") {
            RawValue::Absent
        } else {
            RawValue::of_text(version)
        },
        start_date: date(start, dates),
        end_date: date(end, dates),
        unit: RawValue::of_text(unit),
        value: RawValue::of_number(value, numbers),
        unknown: None,
    }
}

/// A date as Apple writes it; anything else is left to be checked as RFC 3339.
fn date<'a>(value: &'a Option<Cow<'_, [u8]>>, dates: &mut Dates) -> RawValue<'a> {
    let date: Option<&[u8; LENGTH]> = value.as_deref().and_then(|text| text.try_into().ok());
    date.and_then(|date| dates.read(date)).map_or(RawValue::of_text(value), RawValue::Instant)
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}
