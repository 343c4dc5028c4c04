//! Why a sample cannot be sent.

/// What kind of thing is wrong with a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RejectionCode {
    /// A required field is not there.
    Missing,
    /// A field has a value of another type.
    Type,
    /// The API knows no such field.
    UnknownField,
    /// A text without a character.
    Empty,
    /// Not an instant as RFC 3339 writes it.
    Timestamp,
    /// The sample ends before it starts.
    EndBeforeStart,
    /// The value is zero or less.
    NotPositive,
    /// The value is more than the API takes in its unit.
    TooLarge,
    /// The API knows no such unit.
    Unit,
    /// It cannot be read.
    Syntax,
}

impl RejectionCode {
    /// As callers see it.
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

/// A sample that cannot be sent, and why. Its message says what was expected, and repeats nothing that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The sample's position in the source, from 0.
    pub index: u64,
    /// The line where it begins, from 1, if the source is text.
    pub line: Option<u64>,
    /// JSON pointer to the field; empty for the whole sample.
    pub path: String,
    /// What kind of thing is wrong.
    pub code: RejectionCode,
    /// What was expected.
    pub message: String,
}
