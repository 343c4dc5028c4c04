//! ISO 8601's basic form, `20140110T000000Z`: the form in which Human API takes the times of a query.

use super::calendar::DAY_SECONDS;
use super::rfc3339::{reason, write_date, write_time_of_day};
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
    /// The basic form has a `T` (no space) and `±hhmm`; the extended one has `±hh:mm`. ISO 8601 does not mix them. Says
    /// which part is wrong and what was expected; see [`TimeError`].
    ///
    /// ```
    /// use humansync_ingest::time::{Instant, TimeError};
    /// assert_eq!(Instant::parse("20140110T000000Z")?.unix_seconds(), 1_389_312_000);
    /// assert_eq!(Instant::parse("2014-02-30T00:00:00Z"), Err(TimeError::NoSuchTime));
    /// # Ok::<(), TimeError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let extended = extended(text.as_bytes());
        let text = extended.as_deref().unwrap_or(text.as_bytes());
        Self::parse_rfc3339(text).ok_or_else(|| reason(text))
    }

    /// The basic form, in UTC and whole seconds: `20140110T000000Z`. Errors: [`TimeError::OutOfRange`] if the rounded
    /// instant lies, in UTC, outside the years 0000 to 9999.
    pub fn to_basic(self, rounding: Rounding) -> Result<String, TimeError> {
        let up = rounding == Rounding::Up && self.nanos > 0;
        let Self { seconds, .. } = Self::from_unix_seconds(self.seconds + i64::from(up))?;
        let [y0, y1, y2, y3, _, m0, m1, _, d0, d1] = write_date(seconds.div_euclid(DAY_SECONDS));
        let second = u32::try_from(seconds.rem_euclid(DAY_SECONDS)).unwrap_or(0);
        let [h0, h1, _, i0, i1, _, s0, s1] = write_time_of_day(second);
        let text = [y0, y1, y2, y3, m0, m1, d0, d1, b'T', h0, h1, i0, i1, s0, s1, b'Z'];
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

/// The extended form of a text in the basic form, whatever its digits are; `None` for a text in another form.
fn extended(text: &[u8]) -> Option<Vec<u8>> {
    let [_, _, _, _, month, _, _, _, b'T' | b't', _, _, _, _, _, _, rest @ ..] = text else { return None };
    if !month.is_ascii_digit() || rest.contains(&b':') {
        return None;
    }
    let has_offset = matches!(rest, [.., b'+' | b'-', _, _, _, _]);
    let mut out = Vec::new();
    for (index, &byte) in text.iter().enumerate() {
        match index {
            4 | 6 => out.push(b'-'),
            11 | 13 => out.push(b':'),
            _ if has_offset && index + 2 == text.len() => out.push(b':'),
            _ => {}
        }
        out.push(byte);
    }
    Some(out)
}
