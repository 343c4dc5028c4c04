//! Which stretches of update time are delivered.

use super::span::Span;
use crate::store::{Reader, Writer};

/// What is delivered: stretches that do not touch, in order. A record is in one if it was updated at its `since` or later and
/// before its `before`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage(Vec<Span>);

/// More stretches than runs with ever earlier beginnings leave open. Of still more, the shortest is given up, and delivered
/// once more.
const MOST: usize = 8;

impl Coverage {
    /// Whether nothing is delivered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the first stretch begins.
    pub fn start(&self) -> Option<i64> {
        self.0.first().map(|span| span.since)
    }

    /// Where the last stretch ends.
    pub fn end(&self) -> Option<i64> {
        self.0.last().map(|span| span.before)
    }

    /// Adds what a query of `span` tells, if it was complete for all that was updated before `until`.
    pub fn add(&mut self, span: Span, until: i64) {
        // What was updated in the very second of its beginning may be missing.
        let mut new = Span { since: span.since.saturating_add(1), before: span.before.min(until) };
        if new.since >= new.before {
            return;
        }
        self.0.retain(|known| {
            let apart = known.before < new.since || new.before < known.since;
            if !apart {
                new = Span { since: new.since.min(known.since), before: new.before.max(known.before) };
            }
            apart
        });
        let place = self.0.partition_point(|known| known.since < new.since);
        self.0.insert(place, new);
        if self.0.len() > MOST {
            let shortest = (0..self.0.len())
                .min_by_key(|&index| self.0.get(index).map(|span| span.before.saturating_sub(span.since)));
            shortest.map(|index| self.0.remove(index));
        }
    }

    /// Takes away what lies at `end` or later.
    pub fn cut(&mut self, end: i64) {
        self.0.retain(|span| span.since < end);
        if let Some(last) = self.0.last_mut() {
            last.before = last.before.min(end);
        }
    }

    /// The first stretch from `from` on that is not delivered; its end is absent where that is the end of all.
    pub fn gap(&self, from: i64) -> (i64, Option<i64>) {
        let mut start = from;
        for span in &self.0 {
            if start < span.since {
                return (start, Some(span.since));
            }
            start = start.max(span.before);
        }
        (start, None)
    }

    /// As it is kept.
    pub fn write(&self, out: &mut Writer) {
        out.count(self.0.len());
        for span in &self.0 {
            out.signed(span.since);
            out.signed(span.before);
        }
    }

    /// What was kept.
    pub fn read(from: &mut Reader) -> Option<Self> {
        let count = from.count(16)?;
        let spans: Vec<Span> = (0..count)
            .map(|_| Some(Span { since: from.signed()?, before: from.signed()? }))
            .collect::<Option<_>>()?;
        let in_order = spans.iter().all(|span| span.since < span.before)
            && spans.windows(2).all(|pair| matches!(pair, [first, second] if first.before < second.since));
        (in_order && spans.len() <= MOST).then_some(Self(spans))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn coverage(spans: &[(i64, i64)]) -> Coverage {
        let mut coverage = Coverage::default();
        for &(since, before) in spans {
            coverage.add(Span { since, before }, i64::MAX);
        }
        coverage
    }

    #[test]
    fn neighbours_that_overlap_by_a_second_become_one() {
        assert_eq!(coverage(&[(0, 10), (9, 20)]), Coverage(vec![Span { since: 1, before: 20 }]));
        assert_eq!(coverage(&[(0, 10), (10, 20)]).0.len(), 2, "what was updated in second 10 may be missing");
    }

    #[test]
    fn a_span_counts_as_far_as_it_was_complete() {
        let mut coverage = Coverage::default();
        coverage.add(Span { since: 0, before: 100 }, 40);
        assert_eq!(coverage.end(), Some(40));
        coverage.add(Span { since: 60, before: 100 }, 40);
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
    fn what_is_cut_off_is_not_delivered() {
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
        fn it_never_says_more_than_was_added(spans in prop::collection::vec((0_i64..60, 1_i64..20), 0..30)) {
            let mut coverage = Coverage::default();
            let mut delivered = [false; 100];
            for (since, length) in spans {
                coverage.add(Span { since, before: since + length }, i64::MAX);
                (since + 1..since + length).for_each(|second| delivered[second as usize] = true);
            }
            let said = |second: i64| coverage.0.iter().any(|span| (span.since..span.before).contains(&second));
            for second in 0..100 {
                prop_assert!(!said(second) || delivered[second as usize]);
                let (gap, end) = coverage.gap(second);
                prop_assert!(!said(gap) && end.is_none_or(said));
            }
            prop_assert!(coverage.0.len() <= MOST);
            let mut out = Writer::default();
            coverage.write(&mut out);
            let bytes = out.finish();
            prop_assert_eq!(Coverage::read(&mut Reader::new(&bytes)), Some(coverage));
        }

        #[test]
        fn few_stretches_are_remembered_exactly(spans in prop::collection::vec((0_i64..80, 1_i64..20), 0..8)) {
            let mut delivered = [false; 100];
            let mut coverage = Coverage::default();
            for (since, length) in spans {
                coverage.add(Span { since, before: since + length }, i64::MAX);
                (since + 1..since + length).for_each(|second| delivered[second as usize] = true);
            }
            for second in 0..100 {
                let said = coverage.0.iter().any(|span| (span.since..span.before).contains(&second));
                prop_assert_eq!(said, delivered[second as usize]);
            }
        }
    }
}
