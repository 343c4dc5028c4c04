//! A window: a stretch of update time in whole seconds, as one query asks for it, and what the answer to the query
//! proves.
//!
//! It is not documented whether a server includes the bounds of a query. So the query from `a` to `b` proves only this:
//! every record that was updated after `a` and before `b` is among its answers. To get all records from `a` on, ask
//! from `a - 1`.

use crate::api::{Query, QueryInit, UPDATED_BEFORE, UPDATED_SINCE, time_error};
use crate::error::OptionError;
use humansync_ingest::time::Instant;

/// The longest window that the API takes: 31 days, in seconds.
pub const LONGEST_WINDOW: i64 = 31 * 86_400;
/// How far neighbouring windows overlap, in seconds.
pub const SHARED_SECONDS: i64 = 1;

/// A stretch of update time, in seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Where it begins.
    pub since: i64,
    /// Where it ends.
    pub before: i64,
}

impl Window {
    /// The second in which one person's data begins: 1970-01-01T00:00:01Z.
    pub const BEGINNING: i64 = 1;

    /// The first window from `since` on, at most `longest` seconds long. It ends at `until` at the latest.
    pub fn first(since: i64, until: Option<i64>, longest: i64) -> Self {
        let latest = since.saturating_add(longest);
        Self { since, before: until.map_or(latest, |until| until.min(latest)) }
    }

    /// How many windows of at most `longest` seconds it takes from `since` to `until`.
    pub fn count(since: i64, until: i64, longest: i64) -> u64 {
        let length = u64::try_from(until.saturating_sub(since)).unwrap_or(0);
        let step = u64::try_from(longest.saturating_sub(SHARED_SECONDS)).unwrap_or(0).max(1);
        length.saturating_sub(1).div_ceil(step).max(1)
    }

    /// Its length in seconds.
    pub fn length(self) -> i64 {
        self.before.saturating_sub(self.since)
    }

    /// The query for this window, with the other conditions of `init`, and without those of its bounds that it does not
    /// have. Refuses a bound outside the years that can be written.
    pub fn query(self, init: &QueryInit, has_beginning: bool, has_end: bool) -> Result<Query, OptionError> {
        let bound = |is_there: bool, option, at| is_there.then(|| instant(option, at)).transpose();
        Query::new(QueryInit {
            updated_since: bound(has_beginning, UPDATED_SINCE, self.since)?,
            updated_before: bound(has_end, UPDATED_BEFORE, self.before)?,
            ..init.clone()
        })
    }
}

/// An instant in whole seconds; errors name `option`.
pub fn instant(option: &str, seconds: i64) -> Result<Instant, OptionError> {
    Instant::from_unix_seconds(seconds).map_err(|error| time_error(option, error))
}

/// A time in whole seconds, in the form of RFC 3339.
pub fn rfc3339(seconds: i64) -> String {
    instant("", seconds).map(|instant| instant.to_rfc3339()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn windows(since: i64, until: i64) -> Vec<Window> {
        let first = Window::first(since, Some(until), LONGEST_WINDOW);
        let after =
            |window: &Window| Window::first(window.before - SHARED_SECONDS, Some(until), LONGEST_WINDOW);
        let next = |window: &Window| (window.before < until).then(|| after(window));
        std::iter::successors(Some(first), next).collect()
    }

    #[test]
    fn up_to_31_days_are_one_window_and_a_second_more_makes_two() {
        assert_eq!(windows(0, LONGEST_WINDOW), [Window { since: 0, before: LONGEST_WINDOW }]);
        assert_eq!(
            windows(0, LONGEST_WINDOW + 1),
            [
                Window { since: 0, before: LONGEST_WINDOW },
                Window { since: LONGEST_WINDOW - 1, before: LONGEST_WINDOW + 1 }
            ]
        );
        assert_eq!(windows(0, 365 * 86_400).len(), 12);
    }

    #[test]
    fn a_query_has_the_bounds_in_the_documented_form() {
        let query = Window { since: 1_389_312_000, before: 1_389_312_060 }
            .query(&QueryInit::default(), true, true)
            .unwrap();
        assert_eq!(query.filters(), "updated_since=20140110T000000Z&updated_before=20140110T000100Z");
    }

    #[test]
    fn times_are_written_as_in_rfc_3339() {
        assert_eq!(rfc3339(1_389_312_000), "2014-01-10T00:00:00Z");
    }

    proptest! {
        #[test]
        fn windows_leave_no_gap_whether_or_not_bounds_are_included(
            since in -1_000_000_i64..1_000_000,
            length in 0_i64..1_000_000_000,
        ) {
            let until = since + length;
            let windows = windows(since, until);
            prop_assert_eq!(windows.len() as u64, Window::count(since, until, LONGEST_WINDOW));
            prop_assert_eq!((windows[0].since, windows[windows.len() - 1].before), (since, until));
            prop_assert!(windows.iter().all(|window| window.before - window.since <= LONGEST_WINDOW));
            prop_assert!(windows.windows(2).all(|pair| pair[1].since == pair[0].before - 1));
        }
    }
}
