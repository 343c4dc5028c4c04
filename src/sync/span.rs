//! A stretch of update time, in whole seconds as the API takes them, and the rules for what one query of it tells.
//!
//! Whether a server includes the bounds of a query is not known. So from a query of the stretch from `a` to `b` only this
//! is concluded: every record that was updated after `a` and before `b` is among its answers. To know of all from `a` on, ask
//! from `a - 1`.

use crate::api::{Query, QueryInit};
use crate::error::OptionError;
use humansync_ingest::time::Instant;

/// The longest stretch that the API takes in one query: 31 days, in seconds.
pub const LONGEST: i64 = 31 * 86_400;
/// By how much neighbouring stretches overlap, in seconds.
pub const SEAM: i64 = 1;

/// A stretch of update time. Seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub since: i64,
    /// Where it ends.
    pub before: i64,
}

impl Span {
    /// The first stretch from `since` on, of those that lead to `until`, or on and on.
    pub fn first(since: i64, until: Option<i64>) -> Self {
        let longest = since.saturating_add(LONGEST);
        Self { since, before: until.map_or(longest, |until| until.min(longest)) }
    }

    /// The stretch behind this one, of those that lead to `until`, or on and on.
    pub fn next(self, until: Option<i64>) -> Self {
        Self::first(self.before.saturating_sub(SEAM), until)
    }

    /// How many stretches lead from `since` to `until`.
    pub fn count(since: i64, until: i64) -> u64 {
        let length = u64::try_from(until.saturating_sub(since)).unwrap_or(0);
        let step = u64::try_from(LONGEST - SEAM).unwrap_or(1);
        length.saturating_sub(1).div_ceil(step).max(1)
    }

    /// The query for it, which selects by whatever else `init` says.
    ///
    /// # Errors
    /// Bounds outside the years that can be written.
    pub fn query(self, init: &QueryInit) -> Result<Query, OptionError> {
        Query::new(QueryInit {
            updated_since: Some(instant("updatedSince", self.since)?),
            updated_before: Some(instant("updatedBefore", self.before)?),
            ..init.clone()
        })
    }
}

/// Whole seconds as a point in time; `option` is what an error is about.
pub fn instant(option: &str, seconds: i64) -> Result<Instant, OptionError> {
    Instant::from_unix_seconds(seconds)
        .map_err(|error| OptionError::new(option, [option, ": ", error.message()].concat()))
}

/// Whole seconds as RFC 3339 writes them, for those to read who asked for a delta.
pub fn text(seconds: i64) -> String {
    instant("", seconds).map(|instant| instant.to_rfc3339()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn spans(since: i64, until: i64) -> Vec<Span> {
        let first = Span::first(since, Some(until));
        let next = |span: &Span| (span.before < until).then(|| span.next(Some(until)));
        std::iter::successors(Some(first), next).collect()
    }

    #[test]
    fn up_to_31_days_are_one_stretch_and_a_second_more_are_two() {
        assert_eq!(spans(0, LONGEST), [Span { since: 0, before: LONGEST }]);
        assert_eq!(
            spans(0, LONGEST + 1),
            [Span { since: 0, before: LONGEST }, Span { since: LONGEST - 1, before: LONGEST + 1 }]
        );
        assert_eq!(spans(0, 365 * 86_400).len(), 12);
    }

    #[test]
    fn a_query_has_the_bounds_in_the_documented_form() {
        let query =
            Span { since: 1_389_312_000, before: 1_389_312_060 }.query(&QueryInit::default()).unwrap();
        assert_eq!(query.filters(), "updated_since=20140110T000000Z&updated_before=20140110T000100Z");
    }

    #[test]
    fn a_text_is_rfc_3339() {
        assert_eq!(text(1_389_312_000), "2014-01-10T00:00:00Z");
    }

    proptest! {
        #[test]
        fn stretches_leave_no_gap_whether_their_bounds_are_included_or_not(since in -1_000_000_i64..1_000_000, length in 0_i64..1_000_000_000) {
            let until = since + length;
            let spans = spans(since, until);
            prop_assert_eq!(spans.len() as u64, Span::count(since, until));
            prop_assert_eq!((spans[0].since, spans[spans.len() - 1].before), (since, until));
            prop_assert!(spans.iter().all(|span| span.before - span.since <= LONGEST));
            prop_assert!(spans.windows(2).all(|pair| pair[1].since == pair[0].before - 1));
        }
    }
}
