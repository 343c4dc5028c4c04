//! A sample as a reader found it: nothing checked yet.

use crate::Moment;

/// A sample's fields as they were found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Draft<'a> {
    /// Who measured.
    pub device_name: Field<'a>,
    /// The version of the device or of its software.
    pub device_version: Field<'a>,
    /// When it began.
    pub start_date: Field<'a>,
    /// When it ended.
    pub end_date: Field<'a>,
    /// The unit's name.
    pub unit: Field<'a>,
    /// How much was measured.
    pub value: Field<'a>,
    /// The name of the first field that is none of the above.
    pub unknown: Option<&'a [u8]>,
}

/// What was found in a field.
#[derive(Clone, Copy, Debug, Default)]
pub enum Field<'a> {
    /// The field is not there.
    #[default]
    Absent,
    /// JavaScript's or JSON's null.
    Null,
    /// A text, decoded. That it is UTF-8 is checked by the one who takes the draft.
    Text(&'a [u8]),
    /// A number, maybe NaN or infinite. Where an instant belongs it is milliseconds since 1970.
    Number(f64),
    /// An instant that the reader has made out by itself.
    Moment(Moment),
    /// A value of any other type.
    Other,
}

/// Where a sample stands in its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line where it begins, from 1, if the source is text.
    pub line: Option<u64>,
}

impl Place {
    /// In text, on that line.
    pub const fn on_line(line: u64) -> Self {
        Self { line: Some(line) }
    }
}
