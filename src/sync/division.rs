//! Divides a stretch of update time into windows of a bounded size. Pure: whoever uses it asks for the totals.

use super::coverage::Coverage;
use super::window::{SHARED_SECONDS, Window};
use super::window_length::WindowLength;

/// Proposes one window after the other, and learns from the total of each whether it has to be shorter.
#[derive(Clone, Debug)]
pub struct Division {
    length: WindowLength,
    /// The first window, and so the longest, that was refused of the stretch that is being divided.
    refused: Option<RefusedWindow>,
}

/// A window that had too many records.
#[derive(Clone, Copy, Debug)]
struct RefusedWindow {
    before: i64,
    total: u64,
    /// The totals of the accepted windows within it, added up.
    parts: u64,
}

/// A second at which two windows meet may be in the totals of both, so that parts may add up to twice the whole. If they
/// add up to more than this many times the whole, totals do not count the records of a window.
const MOST_OF_PARTS: u64 = 3;

impl Division {
    /// Into windows of at most `most_records` records, as far as time allows, and at most `longest` seconds.
    pub fn new(most_records: u64, longest: i64) -> Self {
        Self { length: WindowLength::new(most_records, longest), refused: None }
    }

    /// The window to propose next: the first that has something that `covered` lacks, from `from` on and before `end`.
    /// Its first second is the one before that, as the server may exclude it.
    pub fn candidate(&self, covered: &Coverage, from: i64, end: Option<i64>) -> Option<Window> {
        let (start, gap_end) = covered.gap(from);
        let window = self.window(start, [gap_end, end].into_iter().flatten().min());
        (start < window.before).then_some(window)
    }

    /// The window that has everything from `start` on, as far as `end` and the records allow.
    pub fn window(&self, start: i64, end: Option<i64>) -> Window {
        Window::first(start.saturating_sub(SHARED_SECONDS), end, self.length.next())
    }

    /// The length of the next window, in seconds.
    pub fn length(&self) -> i64 {
        self.length.next()
    }

    /// Totals do not count the records of windows: they are as long as the API takes from now on.
    pub fn distrust_totals(&mut self) {
        self.length.distrust_totals();
    }

    /// Whether a window with this total stays as it is. If not, the next one proposed is half as long.
    pub fn accepts(&mut self, window: Window, total: Option<u64>) -> bool {
        let is_accepted = self.length.fits(window, total);
        if let (false, None, Some(total)) = (is_accepted, self.refused, total) {
            self.refused = Some(RefusedWindow { before: window.before, total, parts: 0 });
        }
        is_accepted
    }

    /// Learns how many records an accepted window had when it was walked.
    pub fn learn(&mut self, window: Window, total: Option<u64>, records: u64) {
        self.refused.take_if(|refused| refused.before <= window.before);
        self.length.learn(window, total, records);
    }

    /// Learns that an accepted window is not walked now, so that only its total is known. Returns the total if it counts
    /// the records of the window, as far as is known.
    pub fn learn_total(&mut self, window: Window, total: Option<u64>) -> Option<u64> {
        let records = total.unwrap_or(0);
        let contradicts = self.refused.as_mut().is_some_and(|refused| {
            refused.parts = refused.parts.saturating_add(records);
            refused.parts / MOST_OF_PARTS > refused.total
        });
        self.learn(window, total, if contradicts { 0 } else { records });
        total.filter(|_| self.length.trusts_totals())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::window::LONGEST_WINDOW;
    use crate::testing::test;
    use proptest::prelude::*;

    /// Divides what `covered` lacks between `since` and `end`, by the totals that `total_of` gives. Returns the windows
    /// with their totals, and how many totals were asked for.
    fn divide(
        most: u64,
        covered: &[(i64, i64)],
        since: i64,
        end: i64,
        mut total_of: impl FnMut(Window) -> Option<u64>,
    ) -> (Vec<(Window, Option<u64>)>, usize) {
        let covered = Coverage::of_intervals(covered.to_vec());
        let mut division = Division::new(most, LONGEST_WINDOW);
        let (mut windows, mut asked, mut from) = (Vec::new(), 0, since);
        while let Some(window) = division.candidate(&covered, from, Some(end)) {
            let total = total_of(window);
            asked += 1;
            if division.accepts(window, total) {
                from = window.before;
                windows.push((window, division.learn_total(window, total)));
            }
        }
        (windows, asked)
    }

    #[test]
    fn without_totals_windows_are_as_long_as_the_api_takes() {
        let (windows, asked) = divide(1, &[], 0, 100 * 86_400, |_| None);
        assert_eq!((windows.len(), asked), (4, 4));
        assert!(windows.iter().all(|(_, total)| total.is_none()));
    }

    #[test]
    fn nothing_is_left_where_everything_is_covered() {
        let (windows, asked) = divide(1, &[(50, 200), (-10, 60)], 0, 200, |_| Some(9));
        assert_eq!((windows, asked), (Vec::new(), 0));
    }

    #[test]
    fn totals_that_count_something_else_cost_few_requests_and_are_not_told() {
        let (windows, asked) = divide(1000, &[], 0, 365 * 86_400, |_| Some(1_000_000));
        assert!(windows.len() <= 20 && asked <= 40, "{} windows, {asked} totals", windows.len());
        assert_eq!(windows.last().and_then(|(_, total)| *total), None);
    }

    #[test]
    fn a_burst_within_a_second_in_which_two_windows_meet_is_no_contradiction() {
        let start = Window::first(-SHARED_SECONDS, Some(86_400), LONGEST_WINDOW).length();
        for burst in (0..40).chain([start / 2 - 1, start / 2, start / 4]) {
            let total =
                |window: Window| Some(if (window.since..=window.before).contains(&burst) { 900 } else { 0 });
            let (windows, _) = divide(100, &[], 0, 86_400, total);
            assert!(windows.iter().all(|(_, total)| total.is_some()), "{burst}");
        }
    }

    proptest! {
        #[test]
        fn windows_have_exactly_what_is_not_covered_and_no_more_records_than_the_bound(
            mut records in prop::collection::vec(0_i64..5_000_000, 0..300),
            covered in prop::collection::vec((-100_000_i64..5_000_000, 1_i64..900_000), 0..12),
            most in 1_u64..50,
        ) {
            records.sort_unstable();
            let covered: Vec<_> = covered.into_iter().map(|(since, length)| (since, since + length)).collect();
            let count = |window: Window| {
                records.iter().filter(|at| (window.since..=window.before).contains(at)).count() as u64
            };
            let (windows, asked) = divide(most, &covered, 0, 5_000_000, |window| Some(count(window)));
            let mut end = 0;
            let is_covered = |second| covered.iter().any(|(since, before)| (*since..*before).contains(&second));
            for (window, total) in &windows {
                let start = window.since + SHARED_SECONDS;
                prop_assert!(end <= start && start < window.before && window.before <= 5_000_000);
                prop_assert!(window.length() <= LONGEST_WINDOW);
                prop_assert_eq!(*total, Some(count(*window)));
                prop_assert!(total.is_none_or(|total| total <= most) || window.length() <= 10);
                // What lies between two windows is covered, and they have nothing that is.
                prop_assert!([end, start - 1].into_iter().filter(|at| (end..start).contains(at)).all(is_covered));
                prop_assert!(!is_covered(start) && !is_covered(window.before - 1));
                prop_assert!(covered.iter().all(|(since, before)| *before <= start || window.before <= *since));
                end = window.before;
            }
            prop_assert!(end == 5_000_000 || is_covered(end) && is_covered(4_999_999));
            // Each record costs a few totals at most, and each gap one.
            prop_assert!(asked <= 25 * (records.len() + covered.len() + 2), "{asked}");
        }

        #[test]
        fn whatever_the_totals_are_it_comes_to_an_end(
            totals in prop::collection::vec(prop::option::of(prop_oneof![0_u64..200, Just(u64::MAX)]), 1..20),
            since in -1_000_000_i64..1_000_000,
        ) {
            let mut turn = totals.iter().cycle();
            let (windows, _) = divide(50, &[], since, since + 50_000, |_| *turn.next().unwrap());
            prop_assert_eq!(windows[0].0.since, since - SHARED_SECONDS);
            prop_assert_eq!(windows[windows.len() - 1].0.before, since + 50_000);
            prop_assert!(windows.windows(2).all(|pair| pair[1].0.since == pair[0].0.before - SHARED_SECONDS));
        }
    }
}
