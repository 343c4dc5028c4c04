//! Why a sample cannot be sent.

use serde::{Serialize, Serializer};

/// What is wrong with a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RejectionCode {
    /// A required field is missing.
    Missing,
    /// A field's value has the wrong type.
    Type,
    /// The API knows no such field.
    UnknownField,
    /// A text is empty.
    Empty,
    /// A date is not an instant in RFC 3339.
    Timestamp,
    /// The sample ends before it starts.
    EndBeforeStart,
    /// The value is zero or less.
    NotPositive,
    /// The value is larger than the API accepts in its unit.
    TooLarge,
    /// The API knows no such unit.
    Unit,
    /// The sample cannot be read.
    Syntax,
}

impl RejectionCode {
    /// The name that callers see.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Type => "type",
            Self::UnknownField => "unknown-field",
            Self::Empty => "empty",
            Self::Timestamp => "timestamp",
            Self::EndBeforeStart => "end-before-start",
            Self::NotPositive => "not-positive",
            Self::TooLarge => "too-large",
            Self::Unit => "unit",
            Self::Syntax => "syntax",
        }
    }
}

/// As its name.
impl Serialize for RejectionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A sample that cannot be sent, and why. The message says what was expected, and never repeats data of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// The sample's index in the source, from 0.
    #[serde(serialize_with = "crate::as_double")]
    pub index: u64,
    /// The line where it begins, from 1, if the source is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::as_double")]
    pub line: Option<u64>,
    /// JSON pointer to the field; empty for the whole sample.
    pub path: String,
    /// What is wrong.
    pub code: RejectionCode,
    /// What was expected.
    pub message: String,
}
