//! Reads options that are times or days.

use crate::error::OptionError;
use humansync_ingest::time::{Date, TimeError};

/// Reads a day, `YYYY-MM-DD`.
///
/// # Errors
/// For any other text, about `option`. The text is not repeated: times of records are health values.
#[inline(never)]
pub fn calendar_date(option: &str, text: &str) -> Result<Date, OptionError> {
    Date::parse(text)
        .map_err(|error| OptionError::new(option, [option, ": ", &error.message_about_text()].concat()))
}

#[cold]
#[inline(never)]
pub(super) fn about(option: &str, error: TimeError) -> OptionError {
    OptionError::new(option, [option, ": ", error.message()].concat())
}
