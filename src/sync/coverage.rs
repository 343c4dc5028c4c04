//! Which intervals of update time are delivered.

use super::window::Window;
use crate::store::{ByteReader, ByteWriter};

/// What is delivered: intervals in order, which do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage(Vec<Interval>);

/// Everything that was updated at `since` or later and before `before`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Interval {
    since: i64,
    before: i64,
}

/// How many intervals are remembered. Runs that begin earlier each time leave a few gaps; beyond this many intervals,
/// the shortest is dropped, and its records are delivered again.
const MAX_INTERVALS: usize = 8;

impl Coverage {
    /// What these intervals have together, in whatever order they come and however they overlap. Each is the first second
    /// that is delivered and the first that is not. There may be more of them than a stored position remembers.
    pub fn of_intervals(mut intervals: Vec<(i64, i64)>) -> Self {
        intervals.sort_unstable();
        let mut joined: Vec<Interval> = Vec::new();
        for (since, before) in intervals {
            match joined.last_mut() {
                _ if since >= before => {}
                Some(last) if since <= last.before => last.before = last.before.max(before),
                _ => joined.push(Interval { since, before }),
            }
        }
        Self(joined)
    }

    /// Where the first interval begins.
    pub fn start(&self) -> Option<i64> {
        self.0.first().map(|interval| interval.since)
    }

    /// Where the last interval ends.
    pub fn end(&self) -> Option<i64> {
        self.0.last().map(|interval| interval.before)
    }

    /// Adds what a query of `window` proves, if it was complete for everything that was updated before `until`.
    pub fn add(&mut self, window: Window, until: i64) {
        // The server may exclude the window's first second.
        let mut new = Interval { since: window.since.saturating_add(1), before: window.before.min(until) };
        if new.since >= new.before {
            return;
        }
        self.0.retain(|known| {
            let apart = known.before < new.since || new.before < known.since;
            if !apart {
                new = Interval { since: new.since.min(known.since), before: new.before.max(known.before) };
            }
            apart
        });
        let place = self.0.partition_point(|known| known.since < new.since);
        self.0.insert(place, new);
        if self.0.len() > MAX_INTERVALS {
            let shortest = (0..self.0.len()).min_by_key(|&index| {
                self.0.get(index).map(|interval| interval.before.saturating_sub(interval.since))
            });
            shortest.map(|index| self.0.remove(index));
        }
    }

    /// Removes everything from `end` on.
    pub fn cut(&mut self, end: i64) {
        self.0.retain(|interval| interval.since < end);
        if let Some(last) = self.0.last_mut() {
            last.before = last.before.min(end);
        }
    }

    /// The first gap from `from` on. Its end is `None` if nothing after it is delivered.
    pub fn gap(&self, from: i64) -> (i64, Option<i64>) {
        let mut start = from;
        let passed = self.0.partition_point(|interval| interval.before <= from);
        for interval in self.0.iter().skip(passed) {
            if start < interval.since {
                return (start, Some(interval.since));
            }
            start = start.max(interval.before);
        }
        (start, None)
    }

    /// Appends the stored form.
    pub fn write(&self, out: &mut ByteWriter) {
        out.count(self.0.len());
        for interval in &self.0 {
            out.signed(interval.since);
            out.signed(interval.before);
        }
    }

    /// Reads the stored form.
    pub fn read(from: &mut ByteReader) -> Option<Self> {
        let count = from.count(16)?;
        let intervals: Vec<Interval> = (0..count)
            .map(|_| Some(Interval { since: from.signed()?, before: from.signed()? }))
            .collect::<Option<_>>()?;
        let in_order = intervals.iter().all(|interval| interval.since < interval.before)
            && intervals
                .windows(2)
                .all(|pair| matches!(pair, [first, second] if first.before < second.since));
        (in_order && intervals.len() <= MAX_INTERVALS).then_some(Self(intervals))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn coverage(windows: &[(i64, i64)]) -> Coverage {
        let mut coverage = Coverage::default();
        for &(since, before) in windows {
            coverage.add(Window { since, before }, i64::MAX);
        }
        coverage
    }

    #[test]
    fn windows_that_overlap_by_a_second_become_one_interval() {
        assert_eq!(coverage(&[(0, 10), (9, 20)]), Coverage(vec![Interval { since: 1, before: 20 }]));
        assert_eq!(coverage(&[(0, 10), (10, 20)]).0.len(), 2, "what was updated in second 10 may be missing");
    }

    #[test]
    fn a_window_counts_as_far_as_it_was_complete() {
        let mut coverage = Coverage::default();
        coverage.add(Window { since: 0, before: 100 }, 40);
        assert_eq!(coverage.end(), Some(40));
        coverage.add(Window { since: 60, before: 100 }, 40);
        assert_eq!(coverage.end(), Some(40));
    }

    #[test]
    fn gaps_are_found_in_order() {
        let coverage = coverage(&[(9, 20), (29, 40)]);
        assert_eq!(coverage.gap(0), (0, Some(10)));
        assert_eq!(coverage.gap(15), (20, Some(30)));
        assert_eq!(coverage.gap(30), (40, None));
        assert_eq!(coverage.gap(50), (50, None));
        assert_eq!(Coverage::default().gap(7), (7, None));
    }

    #[test]
    fn time_that_is_cut_off_is_not_delivered() {
        let cut = |end| {
            let mut coverage = coverage(&[(9, 20), (29, 40)]);
            coverage.cut(end);
            coverage
        };
        assert_eq!(cut(40), coverage(&[(9, 20), (29, 40)]));
        assert_eq!(cut(35), coverage(&[(9, 20), (29, 35)]));
        assert_eq!(cut(30), coverage(&[(9, 20)]));
        assert_eq!(cut(5), Coverage::default());
    }

    proptest! {
        #[test]
        fn any_number_of_intervals_in_any_order_is_kept_exactly(
            intervals in prop::collection::vec((0_i64..400, -3_i64..20), 0..60),
        ) {
            let intervals: Vec<_> = intervals.into_iter().map(|(since, length)| (since, since + length)).collect();
            let coverage = Coverage::of_intervals(intervals.clone());
            prop_assert!(coverage.0.windows(2).all(|pair| pair[0].before < pair[1].since));
            for second in 0..420 {
                let is_given = intervals.iter().any(|(since, before)| (*since..*before).contains(&second));
                let (gap, end) = coverage.gap(second);
                prop_assert_eq!(gap > second, is_given);
                prop_assert!(end.is_none_or(|end| coverage.gap(end).0 > end));
            }
        }

        #[test]
        fn it_never_claims_more_than_was_added(windows in prop::collection::vec((0_i64..60, 1_i64..20), 0..30)) {
            let mut coverage = Coverage::default();
            let mut delivered = [false; 100];
            for (since, length) in windows {
                coverage.add(Window { since, before: since + length }, i64::MAX);
                (since + 1..since + length).for_each(|second| delivered[second as usize] = true);
            }
            let covers = |interval: &Interval, second| (interval.since..interval.before).contains(&second);
            let said = |second: i64| coverage.0.iter().any(|interval| covers(interval, second));
            for second in 0..100 {
                prop_assert!(!said(second) || delivered[second as usize]);
                let (gap, end) = coverage.gap(second);
                prop_assert!(!said(gap) && end.is_none_or(said));
            }
            prop_assert!(coverage.0.len() <= MAX_INTERVALS);
            let mut out = ByteWriter::default();
            coverage.write(&mut out);
            let bytes = out.finish();
            prop_assert_eq!(Coverage::read(&mut ByteReader::new(&bytes)), Some(coverage));
        }

        #[test]
        fn few_intervals_are_remembered_exactly(windows in prop::collection::vec((0_i64..80, 1_i64..20), 0..8)) {
            let mut delivered = [false; 100];
            let mut coverage = Coverage::default();
            for (since, length) in windows {
                coverage.add(Window { since, before: since + length }, i64::MAX);
                (since + 1..since + length).for_each(|second| delivered[second as usize] = true);
            }
            for second in 0..100 {
                let said = coverage.0.iter().any(|interval| (interval.since..interval.before).contains(&second));
                prop_assert_eq!(said, delivered[second as usize]);
            }
        }
    }
}
