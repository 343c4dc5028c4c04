//! The span of update times that a batch query requests, and its limits.

use std::ops::Range;

use crate::answer::Refusal;
use crate::faults::Faults;
use crate::human::query::ListQuery;

/// The longest span of one query, in seconds: 31 days.
pub const LONGEST: i64 = 31 * 86_400;
/// The length of a span without a start, in seconds.
const WITHOUT_SINCE: i64 = 86_400;

/// All in Unix seconds.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    since: Option<i64>,
    before: Option<i64>,
    now: i64,
}

impl Span {
    #[must_use]
    pub fn of(query: &ListQuery, now: i64) -> Self {
        let (since, before) = query.updated();
        Self { since, before, now }
    }

    /// The length of a span with a start. A span without an end is measured to now, although later records are sent
    /// too.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        self.since.map(|since| self.before.unwrap_or(self.now) - since)
    }

    /// Checks the span against the API's limits.
    ///
    /// # Errors
    /// 400 if it ends before it begins, or is too long.
    pub fn check(&self) -> Result<(), Refusal> {
        match (self.before, self.seconds()) {
            (Some(_), Some(seconds)) if seconds < 0 => {
                Err(Refusal::bad_request("updated_before is earlier than updated_since; swap them"))
            }
            (before, Some(seconds)) if seconds > LONGEST => {
                let end = if before.is_some() { "updated_before" } else { "now" };
                Err(Refusal::bad_request(format!(
                    "from updated_since to {end} it is {seconds} seconds; one query takes 31 days, {LONGEST} seconds, at most: \
                     ask for consecutive spans with updated_since and updated_before"
                )))
            }
            _ => Ok(()),
        }
    }

    /// The range of updates in the span, in Unix milliseconds: the start is included, the end is not.
    #[must_use]
    pub fn milliseconds(&self, faults: &Faults) -> Range<i64> {
        let since = match self.since {
            Some(since) => since * 1000 + i64::from(faults.since_exclusive),
            None => (self.now - WITHOUT_SINCE) * 1000,
        };
        since..self.before.map_or(i64::MAX, |before| before * 1000 + i64::from(faults.before_inclusive))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_751_284_800;

    fn span(since: Option<i64>, before: Option<i64>) -> Span {
        Span { since, before, now: NOW }
    }

    #[test]
    fn a_span_of_31_days_is_allowed_and_a_second_more_is_not() {
        for (since, before, allowed) in [
            (Some(NOW - LONGEST), None, true),
            (Some(NOW - LONGEST - 1), None, false),
            (Some(0), Some(LONGEST), true),
            (Some(0), Some(LONGEST + 1), false),
            (Some(NOW + 5), None, true),
            (Some(NOW), Some(NOW + 86_400), true),
            (Some(5), Some(5), true),
            (Some(5), Some(4), false),
            (None, Some(4), true),
            (None, None, true),
        ] {
            assert_eq!(span(since, before).check().is_ok(), allowed, "{since:?} {before:?}");
        }
    }

    #[test]
    fn since_is_included_and_before_is_not_unless_a_fault_says_otherwise() {
        let both = span(Some(10), Some(20));
        assert_eq!(both.milliseconds(&Faults::default()), 10_000..20_000);
        let other = Faults { since_exclusive: true, before_inclusive: true, ..Faults::default() };
        assert_eq!(both.milliseconds(&other), 10_001..20_001);
    }

    #[test]
    fn without_a_beginning_it_is_a_day_and_without_an_end_there_is_none() {
        assert_eq!(span(None, None).milliseconds(&Faults::default()), (NOW - 86_400) * 1000..i64::MAX);
        assert_eq!(span(Some(3), None).milliseconds(&Faults::default()), 3000..i64::MAX);
    }
}
