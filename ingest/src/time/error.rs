//! Why a text or a number is not a time.

use std::fmt;

/// Why a text or a number is not an instant or a day.
///
/// Times of health records are health values, so no message repeats what was given: each says what was expected. There
/// are few, since each shows a whole example, and every text weighs on the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// The text does not have the shape of an instant: a part is missing, too much, or written in another way.
    Shape,
    /// The text does not have the shape of a day.
    DateShape,
    /// The month has no such day, the day no such time, or the offset is beyond ±23:59. Hour 24 is not in RFC 3339,
    /// and Unix time has no place for leap seconds.
    NoSuchTime,
    /// More than nine digits after the decimal point, and the tenth or a later one is not zero.
    TooPrecise,
    /// The number is NaN or infinite.
    NotFinite,
    /// The instant lies outside the years 0000 to 9999, the only ones that RFC 3339 can write.
    OutOfRange,
}

impl TimeError {
    /// What was expected, as a clause.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Shape => {
                "expected RFC 3339 with Z or an offset, such as 2014-01-10T00:00:00Z or 2014-01-10T00:00:00+01:00"
            }
            Self::DateShape => "expected a day such as 2014-01-10",
            Self::NoSuchTime => "there is no such day or time (nor can hour 24 and leap seconds be taken)",
            Self::TooPrecise => "finer than a nanosecond",
            Self::NotFinite => "not a valid date or number of milliseconds",
            Self::OutOfRange => "outside the years 0000 to 9999",
        }
    }

    /// The same about a text, which is not repeated.
    #[cold]
    #[inline(never)]
    pub fn message_about_text(self) -> String {
        let was_given = match self {
            Self::Shape | Self::DateShape => ", but a text of another form was given",
            _ => "",
        };
        [self.message(), was_given].concat()
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for TimeError {}
