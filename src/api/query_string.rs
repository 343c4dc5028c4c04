//! Query strings: how parameters are written, and in which order (`query` says what is in them).
//!
//! The order is always the same: limit, offset, times, source, days, and then the parameters that this library does not
//! know, by name.

use super::option_names::{END_DATE, START_DATE, snake_case};
use crate::error::OptionError;
use crate::uri::percent_encode;
use humansync_ingest::time::{Date, Instant, Rounding, TimeError};

/// A query string that is being written, parameter by parameter.
#[derive(Default)]
pub(super) struct QueryString(String);

impl QueryString {
    /// The query string, without `?`.
    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Appends parameters that are written already.
    pub(super) fn append(&mut self, written: &str) {
        if !written.is_empty() {
            self.0.push('&');
            self.0.push_str(written);
        }
    }

    /// Appends a parameter.
    #[inline(never)]
    pub(super) fn add(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        percent_encode(&mut self.0, name);
        self.0.push('=');
        percent_encode(&mut self.0, value);
    }

    /// Appends two times as the API takes them, in whole seconds: rounded apart, so that no record in between is lost.
    #[inline(never)]
    pub(super) fn add_times(
        &mut self,
        names: [&str; 2],
        since: &Option<Instant>,
        before: &Option<Instant>,
    ) -> Result<(), OptionError> {
        if let (Some(since), Some(before)) = (since, before)
            && since > before
        {
            return Err(wrong_way_round(names));
        }
        let [since_name, before_name] = names;
        self.add_instant(since_name, since, Rounding::Down)?;
        self.add_instant(before_name, before, Rounding::Up)
    }

    #[inline(never)]
    fn add_instant(
        &mut self,
        name: &str,
        instant: &Option<Instant>,
        rounding: Rounding,
    ) -> Result<(), OptionError> {
        if let Some(instant) = instant {
            // Fails if an offset or the rounding leads out of the years that four digits can write.
            let text = instant.to_basic(rounding).map_err(|error| time_error(name, error))?;
            self.add(&snake_case(name), &text);
        }
        Ok(())
    }

    /// Appends the first and the last day, which the API takes only together.
    #[inline(never)]
    pub(super) fn add_days(&mut self, start: Option<Date>, end: Option<Date>) -> Result<(), OptionError> {
        match (start, end) {
            (None, None) => {}
            (Some(start), Some(end)) if start > end => return Err(wrong_way_round([START_DATE, END_DATE])),
            (Some(start), Some(end)) => {
                self.add(&snake_case(START_DATE), &start.to_text());
                self.add(&snake_case(END_DATE), &end.to_text());
            }
            (Some(_), None) => return Err(alone(START_DATE, END_DATE)),
            (None, Some(_)) => return Err(alone(END_DATE, START_DATE)),
        }
        Ok(())
    }
}

#[cold]
#[inline(never)]
fn wrong_way_round([earlier, later]: [&str; 2]) -> OptionError {
    OptionError::new(later, [later, " must not be earlier than ", earlier].concat())
}

#[cold]
#[inline(never)]
fn alone(given: &str, missing: &str) -> OptionError {
    OptionError::new(
        missing,
        [given, " was given without ", missing, ": the two must come together"].concat(),
    )
}

/// What is wrong with the time that is the value of `option`.
#[cold]
#[inline(never)]
pub fn time_error(option: &str, error: TimeError) -> OptionError {
    OptionError::new(option, [option, ": ", error.message()].concat())
}
