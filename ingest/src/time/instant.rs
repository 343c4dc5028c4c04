//! A point in time, to the nanosecond, and how it was written; with its UTC offset.

use std::cmp::Ordering;

use super::TimeError;
use super::calendar::DAY_SECONDS;
use crate::number::nearest_integer;

/// A point in time, to the nanosecond, with the UTC offset and the number of fraction digits that it was written with.
///
/// Its local year is always 0000 to 9999, so every instant can be printed as RFC 3339. What was read comes out again
/// byte for byte, but for a `t`, a space or a `z`, which come out as `T` and `Z`.
///
/// `==` and `<` go by the point in time alone: `08:00+04:00` equals `04:00Z`.
#[derive(Clone, Copy, Debug)]
pub struct Instant {
    pub(crate) seconds: i64,
    pub(crate) nanos: u32,
    pub(crate) offset: UtcOffset,
    pub(crate) digits: u8,
}

/// 0000-01-01T00:00:00.
const FIRST_SECOND: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59.
const LAST_SECOND: i64 = 253_402_300_799;

impl Instant {
    /// From the time on the clock of the offset: a day since 1970-01-01 in the years 0000 to 9999, a second of that day
    /// (0 to 86 399), nanoseconds, and how many fraction digits to write (digits after the ninth are zeros).
    pub fn from_local(day: i64, second: i64, nanos: u32, digits: u8, offset: UtcOffset) -> Self {
        Self { seconds: day * DAY_SECONDS + second - offset.seconds(), nanos, offset, digits }
    }

    /// So many seconds since 1970-01-01T00:00:00Z, with the offset `Z` and without a fraction. Errors:
    /// [`TimeError::OutOfRange`] outside the years 0000 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, TimeError> {
        if !(FIRST_SECOND..=LAST_SECOND).contains(&seconds) {
            return Err(TimeError::OutOfRange);
        }
        Ok(Self { seconds, nanos: 0, offset: UtcOffset::Z, digits: 0 })
    }

    /// So many milliseconds since 1970-01-01T00:00:00Z as a JavaScript number, whose fraction is kept, rounded to the
    /// nanosecond.
    ///
    /// Three digits of fraction are written, or six or nine if the number has more: as JavaScript's `toISOString` does
    /// for whole milliseconds. A number of today's size holds steps of about 0.25 µs, so the last digits are those of
    /// its nearest binary fraction. Errors: [`TimeError::NotFinite`] for NaN and infinities, [`TimeError::OutOfRange`]
    /// outside the years 0000 to 9999.
    pub fn from_unix_millis(millis: f64) -> Result<Self, TimeError> {
        if !millis.is_finite() {
            return Err(TimeError::NotFinite);
        }
        // Whole milliseconds first: as they are whole, the quotient cannot round up to the next second.
        let seconds = (millis.floor() / 1000.0).floor();
        // `nearest_integer` needs a number below 2⁵¹; the years end at 2.5·10¹¹ seconds, far below 2⁴⁸.
        if seconds.abs() > 281_474_976_710_656.0 {
            return Err(TimeError::OutOfRange);
        }
        // Up to 1 000 000 000, when the fraction rounds to a whole second.
        let nanos = nearest_integer((millis - seconds * 1000.0) * 1e6);
        let carry = nanos == 1_000_000_000;
        let nanos = if carry { 0 } else { u32::try_from(nanos).unwrap_or_default() };
        let digits = match nanos {
            _ if nanos % 1_000_000 == 0 => 3,
            _ if nanos % 1_000 == 0 => 6,
            _ => 9,
        };
        Ok(Self { nanos, digits, ..Self::from_unix_seconds(nearest_integer(seconds) + i64::from(carry))? })
    }

    /// Itself, if it can be written: in the years 0000 to 9999 on the clock of its offset, with as many digits as its
    /// nanoseconds need.
    pub(crate) fn checked(self) -> Option<Self> {
        let local = self.seconds.checked_add(self.offset.seconds())?;
        let unseen = 10_u32.checked_pow(9_u32.saturating_sub(u32::from(self.digits))).unwrap_or(u32::MAX);
        let shown = self.nanos < 1_000_000_000 && self.nanos.is_multiple_of(unseen);
        ((FIRST_SECOND..=LAST_SECOND).contains(&local) && shown).then_some(self)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// Whole milliseconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn unix_millis(self) -> i64 {
        self.seconds * 1000 + i64::from(self.nanos / 1_000_000)
    }

    /// Nanoseconds since the last whole second, below 1 000 000 000; also before 1970.
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Seconds since 1970-01-01T00:00:00Z, and nanoseconds since the last whole one.
    pub(crate) const fn parts(self) -> (i64, u32) {
        (self.seconds, self.nanos)
    }

    /// The day in UTC, counted from 1970-01-01.
    pub const fn day(self) -> i64 {
        self.seconds.div_euclid(DAY_SECONDS)
    }

    /// The offset that it was written with.
    pub const fn offset(self) -> UtcOffset {
        self.offset
    }
}

/// The UTC offset that an instant was written with.
///
/// `Z`, `+00:00` and `-00:00` name the same offset and do not say the same (RFC 3339 §4.3: `-00:00` says that the local
/// offset is unknown), so all three are kept apart and compare as unequal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UtcOffset(pub(crate) i16);

impl UtcOffset {
    /// `Z`: UTC.
    pub const Z: Self = Self(i16::MAX);
    /// `-00:00`: the instant is known in UTC, the local offset is not.
    pub const UNKNOWN: Self = Self(i16::MIN);

    /// So many minutes east of Greenwich; 0 is `+00:00`, which is not `Z`. `None` beyond ±23:59.
    pub const fn from_minutes(minutes: i16) -> Option<Self> {
        if minutes.unsigned_abs() < 24 * 60 { Some(Self(minutes)) } else { None }
    }

    /// Minutes east of Greenwich, −1439 to 1439; 0 for `Z` and for the unknown offset.
    pub const fn minutes(self) -> i16 {
        match self {
            Self::Z | Self::UNKNOWN => 0,
            Self(minutes) => minutes,
        }
    }

    pub(crate) fn seconds(self) -> i64 {
        i64::from(self.minutes()) * 60
    }
}

impl PartialEq for Instant {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Instant {}

impl PartialOrd for Instant {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Instant {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }
}
