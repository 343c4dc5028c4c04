//! Reads options that are times or days.

use crate::error::OptionError;
use humansync_ingest::time::{Date, Instant, TimeError};

/// Reads a point in time: RFC 3339 with an offset or `Z`.
///
/// # Errors
/// For any other text, about `option`. The text is not repeated: times of records are health values.
#[inline(never)]
pub fn instant(option: &str, text: &str) -> Result<Instant, OptionError> {
    Instant::parse(text).map_err(|error| about_text(option, error))
}

/// Reads a point in time given as milliseconds since 1970-01-01T00:00:00Z.
///
/// # Errors
/// For NaN (the value of an invalid JavaScript `Date`), infinities, and times outside the years 0000 to 9999, about
/// `option`.
#[inline(never)]
pub fn instant_from_millis(option: &str, millis: f64) -> Result<Instant, OptionError> {
    Instant::from_unix_millis(millis).map_err(|error| about(option, error))
}

/// Reads a day, `YYYY-MM-DD`.
///
/// # Errors
/// For any other text, about `option`.
#[inline(never)]
pub fn calendar_date(option: &str, text: &str) -> Result<Date, OptionError> {
    Date::parse(text).map_err(|error| about_text(option, error))
}

#[cold]
#[inline(never)]
pub(super) fn about(option: &str, error: TimeError) -> OptionError {
    OptionError::new(option, [option, ": ", error.message()].concat())
}

/// The same for a text, which is not repeated.
#[cold]
#[inline(never)]
fn about_text(option: &str, error: TimeError) -> OptionError {
    let mut about = about(option, error);
    if matches!(error, TimeError::Shape | TimeError::DateShape) {
        about.message.push_str(", but a text of another form was given");
    }
    about
}
