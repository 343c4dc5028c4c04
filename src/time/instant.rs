//! A point in time, to the nanosecond, with the offset it was written with.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::civil::DAY_SECONDS;
use super::{Date, Offset, TimeError, read, write};

/// A point in time, to the nanosecond, with the UTC offset it was written with.
///
/// Its local year is always 0000 to 9999, so every instant can be printed as RFC 3339.
///
/// `==`, `<` and hashes go by the point in time alone: `08:00+04:00` equals `04:00Z`. Where the spelling of the offset
/// matters as well, ask [`Instant::same_as`].
#[derive(Clone, Copy, Debug)]
pub struct Instant {
    seconds: i64,
    nanos: u32,
    offset: Offset,
}

/// Which way to round to a whole second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the second before or at the instant, for the `since` end of a span.
    Down,
    /// To the second at or behind the instant, for the `before` end of a span.
    Up,
}

/// 0000-01-01T00:00:00.
const FIRST_SECOND: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59.
const LAST_SECOND: i64 = 253_402_300_799;
const NANOS_PER_MILLI: u32 = 1_000_000;

impl Instant {
    /// Reads RFC 3339 (`2014-01-10T01:00:00.5+01:00`) or ISO 8601's basic form (`20140110T000000Z`).
    ///
    /// `T` and `Z` may be lower case, and RFC 3339's `T` may be a space. A fraction may have any number of digits,
    /// of which those behind the ninth must be zeros.
    ///
    /// # Errors
    /// Says which part is wrong and what was expected; see [`TimeError`].
    ///
    /// ```
    /// use humansync::time::{Instant, TimeError};
    /// assert_eq!(Instant::parse("20140110T000000Z")?.unix_seconds(), 1_389_312_000);
    /// assert_eq!(Instant::parse("2014-02-30T00:00:00Z"), Err(TimeError::NoSuchTime));
    /// # Ok::<(), TimeError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        read::read_instant(text.as_bytes())
    }

    /// As [`Instant::parse`], from bytes, which need not be UTF-8.
    ///
    /// # Errors
    /// As [`Instant::parse`].
    pub fn parse_bytes(text: &[u8]) -> Result<Self, TimeError> {
        read::read_instant(text)
    }

    /// So many milliseconds after (or, negative, before) 1970-01-01T00:00:00Z, with the offset `Z`.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] outside the years 0000 to 9999.
    pub fn from_unix_millis(millis: i64) -> Result<Self, TimeError> {
        let nanos = u32::try_from(millis.rem_euclid(1000)).unwrap_or_default() * NANOS_PER_MILLI;
        Self::in_range(millis.div_euclid(1000), nanos, Offset::UTC)
    }

    /// As [`Instant::from_unix_millis`] from a JavaScript number, whose fraction is kept, rounded to the nanosecond.
    ///
    /// A number of today's size holds steps of about 0.25 µs, so the last digits are those of the number's nearest binary fraction.
    ///
    /// # Errors
    /// [`TimeError::NotFinite`] for NaN and infinities, [`TimeError::OutOfRange`] outside the years 0000 to 9999.
    pub fn from_unix_millis_f64(millis: f64) -> Result<Self, TimeError> {
        if !millis.is_finite() {
            return Err(TimeError::NotFinite);
        }
        // Whole milliseconds first: as they are whole, the quotient cannot round up to the next second.
        let seconds = (millis.floor() / 1000.0).floor();
        // `nearest_integer` holds for |x| < 2⁵¹ only; the years end at 2.5·10¹¹ seconds, far below 2⁴⁸.
        if seconds.abs() > 281_474_976_710_656.0 {
            return Err(TimeError::OutOfRange);
        }
        // Up to 1 000 000 000, when the fraction rounds to a whole second.
        let nanos = nearest_integer((millis - seconds * 1000.0) * 1e6);
        let carry = nanos == 1_000_000_000;
        let nanos = if carry { 0 } else { u32::try_from(nanos).unwrap_or_default() };
        Self::in_range(nearest_integer(seconds) + i64::from(carry), nanos, Offset::UTC)
    }

    /// The same point in time, written with another offset.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] if that leaves the years 0000 to 9999 on the clock there.
    pub fn with_offset(self, offset: Offset) -> Result<Self, TimeError> {
        Self::in_range(self.seconds, self.nanos, offset)
    }

    /// From the time on the clock of the offset, whose year the caller has read from four digits.
    pub(super) fn from_local(local_seconds: i64, nanos: u32, offset: Offset) -> Self {
        Self { seconds: local_seconds - offset_seconds(offset), nanos, offset }
    }

    #[inline(never)]
    fn in_range(seconds: i64, nanos: u32, offset: Offset) -> Result<Self, TimeError> {
        if (FIRST_SECOND..=LAST_SECOND).contains(&seconds.saturating_add(offset_seconds(offset))) {
            Ok(Self { seconds, nanos, offset })
        } else {
            Err(TimeError::OutOfRange)
        }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    /// Nanoseconds since the last whole second, below 1 000 000 000; also before 1970.
    pub const fn subsec_nanos(&self) -> u32 {
        self.nanos
    }

    /// Whole milliseconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn unix_millis(&self) -> i64 {
        self.seconds * 1000 + i64::from(self.nanos / NANOS_PER_MILLI)
    }

    /// The offset it was written with.
    pub const fn offset(&self) -> Offset {
        self.offset
    }

    /// The day on the calendar of the one who wrote it.
    pub fn local_date(&self) -> Date {
        Date::from_unix_days(self.local_seconds().div_euclid(DAY_SECONDS))
    }

    /// Whether both are the same point in time, written with the same offset.
    pub fn same_as(&self, other: &Self) -> bool {
        self == other && self.offset == other.offset
    }

    /// Appends the instant as RFC 3339, in its own offset, with 0, 3, 6 or 9 fraction digits: the fewest that lose
    /// nothing.
    pub fn write_rfc3339(&self, out: &mut Vec<u8>) {
        write::write_rfc3339(self, out);
    }

    /// As [`Instant::write_rfc3339`], to a new string.
    ///
    /// ```
    /// # use humansync::time::Instant;
    /// assert_eq!(Instant::from_unix_millis(1_500)?.to_rfc3339(), "1970-01-01T00:00:01.500Z");
    /// # Ok::<(), humansync::time::TimeError>(())
    /// ```
    pub fn to_rfc3339(&self) -> String {
        // Longest: 2014-01-10T00:00:00.123456789+01:00
        let mut out = Vec::with_capacity(35);
        self.write_rfc3339(&mut out);
        write::ascii(out)
    }

    /// ISO 8601's basic form, in UTC and whole seconds, as Human API's queries take it: `20140110T000000Z`.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] if the rounded instant lies, in UTC, outside the years 0000 to 9999.
    #[inline(never)]
    pub fn to_basic(&self, rounding: Rounding) -> Result<String, TimeError> {
        let up = rounding == Rounding::Up && self.nanos > 0;
        let rounded = Self::in_range(self.seconds + i64::from(up), 0, Offset::UTC)?;
        Ok(write::to_basic(rounded.seconds))
    }

    /// Seconds from 1970-01-01T00:00:00 to the time on the clock of its offset.
    pub(super) fn local_seconds(&self) -> i64 {
        self.seconds + offset_seconds(self.offset)
    }
}

fn offset_seconds(offset: Offset) -> i64 {
    i64::from(offset.minutes()) * 60
}

/// The integer nearest to `value`, ties to even, for |`value`| < 2⁵¹.
///
/// At 1.5·2⁵² neighbouring floats are 1 apart, so the addition itself rounds, and the bit patterns count in ones.
fn nearest_integer(value: f64) -> i64 {
    const ONES: f64 = 6_755_399_441_055_744.0;
    (value + ONES).to_bits().wrapping_sub(ONES.to_bits()).cast_signed()
}

impl PartialEq for Instant {
    fn eq(&self, other: &Self) -> bool {
        self.seconds == other.seconds && self.nanos == other.nanos
    }
}

impl Eq for Instant {}

impl Hash for Instant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.seconds.hash(state);
        self.nanos.hash(state);
    }
}

impl Ord for Instant {
    fn cmp(&self, other: &Self) -> Ordering {
        self.seconds.cmp(&other.seconds).then(self.nanos.cmp(&other.nanos))
    }
}

impl PartialOrd for Instant {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
