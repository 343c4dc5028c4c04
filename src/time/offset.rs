//! The UTC offset of an instant, as it was written.

use super::TimeError;
use super::read::read_offset;
use super::write::write_number;

/// The UTC offset that an instant was written with.
///
/// `Z`, `+00:00` and `-00:00` are the same offset and not the same statement (RFC 3339 §4.3: `-00:00` says that
/// the local offset is unknown), so all three are kept apart, and compare as unequal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Offset(i16);

/// Above every number of minutes that an offset can have.
const Z: i16 = i16::MAX;
/// Below every number of minutes that an offset can have.
const UNKNOWN: i16 = i16::MIN;
/// 23:59.
const MOST_MINUTES: u16 = 23 * 60 + 59;

impl Offset {
    /// `Z`: UTC.
    pub const UTC: Self = Self(Z);
    /// `-00:00`: the instant is known in UTC, the local offset is not (RFC 3339 §4.3).
    pub const UNKNOWN: Self = Self(UNKNOWN);

    /// The numeric offset of so many minutes east of Greenwich; 0 is `+00:00`, which is not `Z`.
    ///
    /// # Errors
    /// [`TimeError::NoSuchTime`] beyond ±23:59.
    pub const fn from_minutes(minutes: i16) -> Result<Self, TimeError> {
        if minutes.unsigned_abs() > MOST_MINUTES { Err(TimeError::NoSuchTime) } else { Ok(Self(minutes)) }
    }

    /// Reads `Z` or `±hh:mm`, such as a record's `tzOffset`.
    ///
    /// # Errors
    /// [`TimeError::OffsetShape`] for another shape, [`TimeError::NoSuchTime`] beyond ±23:59.
    ///
    /// ```
    /// use humansync::time::Offset;
    /// assert_eq!(Offset::parse("-06:00")?.minutes(), -360);
    /// # Ok::<(), humansync::time::TimeError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        read_offset(text.as_bytes(), true).ok_or(TimeError::OffsetShape)?
    }

    /// Minutes east of Greenwich, −1439 to 1439. 0 for `Z` and for the unknown offset.
    pub const fn minutes(self) -> i16 {
        match self.0 {
            Z | UNKNOWN => 0,
            minutes => minutes,
        }
    }

    /// Whether this is `-00:00`.
    pub const fn is_unknown(self) -> bool {
        self.0 == UNKNOWN
    }

    /// Appends the offset as RFC 3339 writes it.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        if self == Self::UTC {
            out.push(b'Z');
            return;
        }
        let minutes = i32::from(self.minutes().unsigned_abs());
        out.push(if self.0 < 0 { b'-' } else { b'+' });
        write_number(out, minutes / 60, 2);
        out.push(b':');
        write_number(out, minutes % 60, 2);
    }
}
