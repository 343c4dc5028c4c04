//! Why a text or a number is not a time.

use std::fmt;

/// Why a text or a number is not an instant, a day or an offset.
///
/// Times of health records are health values, so no message repeats what was given: each says which part is wrong
/// and what was expected there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// The text has not the shape of an instant at all.
    Shape,
    /// A date, and no time behind it.
    MissingTime,
    /// Hours and minutes, and no seconds.
    MissingSeconds,
    /// Neither `Z` nor an offset at the end.
    MissingZone,
    /// The month is not 01 to 12.
    Month,
    /// The month has no such day.
    Day,
    /// The hour is 25 or more.
    Hour,
    /// The hour is 24, which ISO 8601 once had and RFC 3339 has not.
    Hour24,
    /// The minute is over 59.
    Minute,
    /// The second is over 60.
    Second,
    /// The second is 60: Unix time has no place for leap seconds.
    LeapSecond,
    /// A decimal point, and no digit behind it.
    Fraction,
    /// More than nine digits behind the decimal point, and the tenth or a later one is not zero.
    TooPrecise,
    /// The offset is not written as its form asks.
    Offset,
    /// The offset is beyond ±23:59.
    OffsetRange,
    /// Something stands behind the instant.
    Trailing,
    /// The text is not a day.
    DateShape,
    /// The number is NaN or infinite.
    NotFinite,
    /// The instant lies outside the years 0000 to 9999, the only ones that RFC 3339 can write.
    OutOfRange,
}

impl TimeError {
    /// What was expected, as one sentence without a full stop.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Shape => "not an instant: expected RFC 3339, such as 2014-01-10T00:00:00Z",
            Self::MissingTime => "only a date: expected a time behind it, such as 2014-01-10T00:00:00Z",
            Self::MissingSeconds => "no seconds: expected hours, minutes and seconds, such as 00:00:00",
            Self::MissingZone => "no UTC offset: expected Z or an offset such as +01:00 at the end",
            Self::Month => "no such month: expected 01 to 12",
            Self::Day => "no such day in this month",
            Self::Hour => "no such hour: expected 00 to 23",
            Self::Hour24 => "hour 24 is not in RFC 3339: write 00:00:00 of the next day",
            Self::Minute => "no such minute: expected 00 to 59",
            Self::Second => "no such second: expected 00 to 59",
            Self::LeapSecond => "leap seconds cannot be kept: expected a second from 00 to 59",
            Self::Fraction => "no digits behind the decimal point of the seconds",
            Self::TooPrecise => "finer than a nanosecond: expected at most 9 digits behind the decimal point",
            Self::Offset => "not a UTC offset: expected Z or ±hh:mm (±hhmm in the basic form)",
            Self::OffsetRange => "no such UTC offset: expected -23:59 to +23:59",
            Self::Trailing => "something stands behind the seconds or the UTC offset: expected the end there",
            Self::DateShape => "not a day: expected YYYY-MM-DD, such as 2014-01-10",
            Self::NotFinite => "not a finite number: expected milliseconds since 1970",
            Self::OutOfRange => "outside the years 0000 to 9999",
        }
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for TimeError {}
