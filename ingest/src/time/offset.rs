//! The UTC offset of an instant, as it was written.

/// The UTC offset that an instant was written with.
///
/// `Z`, `+00:00` and `-00:00` name the same offset and do not say the same (RFC 3339 §4.3: `-00:00` says that the local
/// offset is unknown), so all three are kept apart and compare as unequal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
