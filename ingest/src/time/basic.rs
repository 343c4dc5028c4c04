//! ISO 8601's basic form, `20140110T000000Z`: the form in which Human API takes the times of a query.

use super::rfc3339::reason;
use super::{Instant, TimeError};

/// Which way to round to a whole second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the second before or at the instant, for the `since` end of a query.
    Down,
    /// To the second at or after the instant, for the `before` end of a query.
    Up,
}

impl Instant {
    /// Reads RFC 3339 (`2014-01-10T01:00:00.5+01:00`) or ISO 8601's basic form (`20140110T000000Z`).
    ///
    /// The basic form has a `T` (no space) and `±hhmm`; the extended one has `±hh:mm`. ISO 8601 does not mix them.
    ///
    /// # Errors
    /// Says which part is wrong and what was expected; see [`TimeError`].
    ///
    /// ```
    /// use humansync_ingest::time::{Instant, TimeError};
    /// assert_eq!(Instant::parse("20140110T000000Z")?.unix_seconds(), 1_389_312_000);
    /// assert_eq!(Instant::parse("2014-02-30T00:00:00Z"), Err(TimeError::NoSuchTime));
    /// # Ok::<(), TimeError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.as_bytes();
        match extended(text) {
            Some(extended) => Self::parse_rfc3339(&extended).ok_or_else(|| reason(&extended)),
            None => Self::parse_rfc3339(text).ok_or_else(|| reason(text)),
        }
    }

    /// The basic form, in UTC and whole seconds: `20140110T000000Z`.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] if the rounded instant lies, in UTC, outside the years 0000 to 9999.
    pub fn to_basic(self, rounding: Rounding) -> Result<String, TimeError> {
        let up = rounding == Rounding::Up && self.nanos > 0;
        let extended = Self::from_unix_seconds(self.seconds + i64::from(up))?.to_rfc3339();
        Ok(extended.chars().filter(|separator| !matches!(separator, '-' | ':')).collect())
    }
}

/// The extended form of a text in the basic form, whatever its digits are; `None` for a text in another form.
fn extended(text: &[u8]) -> Option<Vec<u8>> {
    let (&[y0, y1, y2, y3, m0, m1, d0, d1, t, h0, h1, i0, i1, s0, s1], rest) =
        text.split_first_chunk::<15>()?;
    // In the extended form these are separators.
    if !m0.is_ascii_digit() || !matches!(t, b'T' | b't') || rest.contains(&b':') {
        return None;
    }
    let mut out = vec![y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, t, h0, h1, b':', i0, i1, b':', s0, s1];
    match rest.split_last_chunk::<5>() {
        Some((fraction, &[sign @ (b'+' | b'-'), h0, h1, m0, m1])) => {
            out.extend_from_slice(fraction);
            out.extend_from_slice(&[sign, h0, h1, b':', m0, m1]);
        }
        _ => out.extend_from_slice(rest),
    }
    Some(out)
}
