//! A sample as its format reader found it, before any check.

use crate::{Instant, Numbers, number};
use std::borrow::Cow;

pub(crate) const FIELD_NAMES: [&str; 6] =
    ["device_name", "device_version", "start_date", "end_date", "unit", "value"];

/// A sample's fields, unchecked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RawSample<'a> {
    pub(crate) device_name: RawValue<'a>,
    pub(crate) device_version: RawValue<'a>,
    pub(crate) start_date: RawValue<'a>,
    pub(crate) end_date: RawValue<'a>,
    pub(crate) unit: RawValue<'a>,
    pub(crate) value: RawValue<'a>,
    /// The name of the first field that is none of the above.
    pub(crate) unknown: Option<&'a [u8]>,
}

/// The value of a field, unchecked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum RawValue<'a> {
    #[default]
    Absent,
    /// `null` of JavaScript or JSON.
    Null,
    /// A text without escapes, which may not be UTF-8.
    Text(&'a [u8]),
    /// A number, maybe NaN or infinite. As a date it is milliseconds since 1970.
    Number(f64),
    /// A date that the format reader has read already.
    Instant(Instant),
    Other,
}

impl<'a> RawValue<'a> {
    /// A text, if there is one.
    #[inline]
    pub(crate) fn of_text(text: &'a Option<Cow<'_, [u8]>>) -> Self {
        text.as_deref().map_or(Self::Absent, Self::Text)
    }

    /// A number, if the text is one.
    #[inline]
    pub(crate) fn of_number(text: &'a Option<Cow<'_, [u8]>>, numbers: &Numbers) -> Self {
        match text.as_deref().and_then(|text| number::read(text, numbers)) {
            Some((number, [])) => Self::Number(number),
            _ => Self::of_text(text),
        }
    }
}
