//! An instant as it was written: the point in time, the offset, and how many digits its fraction had.
//!
//! What was read comes out again byte for byte, but for a `t`, a space or a `z`, which come out as `T` and `Z`. Comparisons go by the
//! point in time alone. Calendar days as such, and other ways to write an instant, are not here.

mod civil;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::cmp::Ordering;

pub(crate) use civil::DAY_SECONDS;
pub(crate) use read::{day_of_date, time_of_day};
pub(crate) use write::{write_date, write_fraction, write_time_of_day};

/// A point in time with the offset that it was written with, and the number of digits of its fraction.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub(crate) seconds: i64,
    pub(crate) nanos: u32,
    pub(crate) offset: Offset,
    pub(crate) digits: u8,
}

/// Minutes east of Greenwich, or one of the two that say more: `Z`, and `-00:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset(pub(crate) i16);

impl Offset {
    /// `Z`: UTC.
    pub const Z: Self = Self(i16::MAX);
    /// `-00:00`: the local offset is not known.
    pub const UNKNOWN: Self = Self(i16::MIN);

    /// So many minutes east of Greenwich; `None` beyond 23:59.
    pub const fn from_minutes(minutes: i16) -> Option<Self> {
        if minutes.unsigned_abs() < 24 * 60 { Some(Self(minutes)) } else { None }
    }

    /// Minutes east of Greenwich; 0 for the two that say more.
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

/// 0000-01-01T00:00:00.
const FIRST_SECOND: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59.
const LAST_SECOND: i64 = 253_402_300_799;

impl Moment {
    /// From the time on the clock of the offset: a day since 1970-01-01 of the years 0000 to 9999, a second of that day (0 to
    /// 86 399), nanoseconds, and how many fraction digits to write (at most nine are more than zeros).
    pub fn from_local(day: i64, second: i64, nanos: u32, digits: u8, offset: Offset) -> Self {
        Self { seconds: day * DAY_SECONDS + second - offset.seconds(), nanos, offset, digits }
    }

    /// So many milliseconds since 1970-01-01T00:00:00Z; `None` for NaN, and outside the years 0000 to 9999.
    ///
    /// Three digits of fraction are written, or as many more, by threes, as the number has: as JavaScript's `toISOString` for a whole one.
    pub fn from_unix_millis(millis: f64) -> Option<Self> {
        let seconds = (millis / 1000.0).floor();
        // NaN is in no range.
        if !(-62_167_219_200.0..=253_402_300_799.0).contains(&seconds) {
            return None;
        }
        let nanos = crate::number::nearest_integer((millis - seconds * 1000.0) * 1e6);
        let mut whole = crate::number::nearest_integer(seconds);
        let mut nanos = u32::try_from(nanos).ok()?;
        if nanos >= 1_000_000_000 {
            nanos -= 1_000_000_000;
            whole += 1;
        }
        let digits = match nanos {
            _ if nanos % 1_000_000 == 0 => 3,
            _ if nanos % 1_000 == 0 => 6,
            _ => 9,
        };
        Self { seconds: whole, nanos, offset: Offset::Z, digits }.checked()
    }

    /// Itself, if it is one that can be written: of the years 0000 to 9999 on the clock of its offset, with as many digits as its
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

    /// Nanoseconds since the last whole second.
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
    pub const fn offset(self) -> Offset {
        self.offset
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Moment {}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }
}
