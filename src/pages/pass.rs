//! Passes: whether a list is read again from its beginning after its end was reached, and how often.
//!
//! One pass finds every record if the list keeps its order and each id is in it once. If there are signs that this was
//! not so, or fewer records were delivered than the server counts, the list is read again, and records that are new are
//! delivered. The count can show that a record is missing, but never that all were found.

use super::cursor::PassSummary;
use super::no_progress::Standstill;
use super::page_request::PageRequest;
use super::walk::WalkState;
use super::{ListTransport, Walk};
use crate::clock::Clock;
use crate::http::{Event, Warning};

/// One reading of the list from its beginning.
pub struct Pass {
    /// Counted from 1, including the passes of earlier walks if this walk goes on after a cursor.
    number: u32,
    /// It is the first pass of this walk.
    is_first_of_walk: bool,
    kind: PassKind,
    /// The smallest total that the server reported.
    least_total: Option<u64>,
    /// The smallest total of the pass before, for a pass in which no total can be seen.
    total_before: Option<u64>,
    /// The list has changed during the pass.
    moved: bool,
    /// A total was smaller than one before it.
    shrank: bool,
    /// An answer was impossible for a list in a fixed order: a record may have been missed.
    doubtful: bool,
    /// How many records no pass before had.
    new_records: u64,
}

/// How far a pass goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassKind {
    /// To the end of the list.
    Whole,
    /// To the first page with a record that was delivered before: it finds records that have moved to the front.
    Front,
}

/// Whether the list may be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatPolicy {
    /// Yes: records that were delivered are recognised and not delivered twice.
    Freely,
    /// Only if a record may be missing: others would be delivered twice, which is better.
    IfNeeded,
    /// No: records cannot be recognised.
    Never,
}

/// What follows a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassOutcome {
    /// Another pass.
    Again(PassKind),
    /// The end of the walk.
    End {
        /// The number of records that the server counts, if it is more than were delivered.
        short_of: Option<u64>,
        /// A record may have been missed, and yet the list is not read again.
        in_doubt: bool,
    },
}

/// Why a walk that has ended may have missed records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkDoubt {
    /// The server counts more records than were delivered.
    CountShort,
    /// The order of the list seems to change from answer to answer, or its pages cannot be joined as each has a single
    /// record.
    OrderChanges,
}

/// If the order of a list changes from answer to answer, each pass misses a few records, but fewer and fewer. More
/// passes than these would hardly find more.
const MAX_PASSES: u32 = 8;

impl Pass {
    /// The first pass of a walk. If an earlier walk has begun it, with what that walk knew.
    pub fn first(earlier: PassSummary) -> Self {
        let PassSummary { least_total, doubtful, passes, .. } = earlier;
        Self {
            number: u32::from(passes).saturating_add(1),
            is_first_of_walk: true,
            kind: PassKind::Whole,
            least_total,
            total_before: None,
            moved: false,
            shrank: false,
            doubtful,
            new_records: 0,
        }
    }

    /// The pass after this one.
    pub fn next(&self, kind: PassKind) -> Self {
        Self {
            number: self.number.saturating_add(1),
            is_first_of_walk: false,
            kind,
            total_before: self.expected_total(),
            ..Self::first(PassSummary::default())
        }
    }

    /// Whether it is the first pass of this walk.
    pub fn is_first_of_walk(&self) -> bool {
        self.is_first_of_walk
    }

    /// How many records the server counts.
    fn expected_total(&self) -> Option<u64> {
        self.least_total.or(self.total_before)
    }

    /// Whether nothing shows that the list changed during the pass.
    pub fn was_still(&self) -> bool {
        !self.moved && !self.doubtful
    }

    /// Whether it reads only the front of the list.
    pub fn is_front_only(&self) -> bool {
        self.kind == PassKind::Front
    }

    /// Notes a total that the server reported. Returns whether it is smaller than all before it in this pass.
    pub fn note_total(&mut self, total: u64) -> bool {
        let known = self.least_total;
        self.moved |= known.is_some_and(|known| known != total);
        self.least_total = Some(known.map_or(total, |known| known.min(total)));
        let has_shrunk = known.is_some_and(|known| total < known);
        self.shrank |= has_shrunk;
        has_shrunk
    }

    /// What is known of the pass so far, after `delivered` records.
    pub fn summary(&self, delivered: Option<u64>) -> PassSummary {
        let passes = u8::try_from(self.number.saturating_sub(1)).unwrap_or(u8::MAX);
        PassSummary { delivered, least_total: self.expected_total(), doubtful: self.doubtful, passes }
    }

    /// Notes that the list has changed.
    pub fn note_movement(&mut self) {
        self.moved = true;
    }

    /// Notes that a record may have been missed.
    pub fn doubt(&mut self) {
        self.doubtful = true;
    }

    /// Notes that `records` arrived that no pass before had.
    pub fn add_new_records(&mut self, records: u64) {
        self.new_records = self.new_records.saturating_add(records);
    }

    /// What follows the pass, after `delivered` records in all of a list that begins at `origin`.
    pub fn outcome(&self, delivered: Option<u64>, origin: u64, repeat: RepeatPolicy) -> PassOutcome {
        let counted = self.expected_total().map(|total| total.saturating_sub(origin));
        let short_of = counted.filter(|&counted| delivered.is_some_and(|delivered| delivered < counted));
        let end = PassOutcome::End { short_of, in_doubt: false };
        let is_again = self.number > 1;
        // A pass that an earlier walk began is known only in part, so that it says nothing if it found no new record.
        // One of pages that do not overlap, in a list that became shorter meanwhile, may have missed a record once more.
        let is_blind = self.doubtful && self.shrank;
        let is_in_vain = is_again && !self.is_first_of_walk && self.new_records == 0 && !is_blind;
        // A pass that an earlier walk began delivers every record after the cursor, known or not: repeating it would
        // never end.
        let is_enough = is_again && self.is_first_of_walk && repeat == RepeatPolicy::IfNeeded;
        if repeat == RepeatPolicy::Never || is_in_vain {
            return end;
        }
        if self.number >= MAX_PASSES || is_enough {
            return PassOutcome::End { short_of, in_doubt: self.doubtful };
        }
        if short_of.is_some() || self.doubtful {
            return PassOutcome::Again(PassKind::Whole);
        }
        if self.moved && !is_again && repeat == RepeatPolicy::Freely {
            PassOutcome::Again(PassKind::Front)
        } else {
            end
        }
    }
}

static ORDER_CHANGES: Warning = Warning {
    code: "order-changes",
    message: "the list was read in pieces, and its order may have changed or its pages did not overlap, so that \
              records may be missing; read it once more from its beginning, without `cursor`",
};

impl<T: ListTransport, C: Clock> Walk<T, C> {
    /// Decides what follows the end of the list: another pass, or the end of the walk.
    pub(super) fn end_pass(&mut self) {
        // Records without an id cannot be recognised, and would be delivered twice.
        let repeat = match (self.history.has_only_ids(), self.is_resumed) {
            (false, _) => RepeatPolicy::Never,
            // The records delivered before the cursor are not all known, and would be delivered twice.
            (true, true) => RepeatPolicy::IfNeeded,
            (true, false) => RepeatPolicy::Freely,
        };
        let delivered = self.delivered_in_all();
        self.was_still &= self.pass.was_still();
        match self.pass.outcome(delivered, self.origin, repeat) {
            PassOutcome::Again(kind) => self.begin_pass(kind),
            PassOutcome::End { short_of, in_doubt } => {
                self.state = WalkState::Ended;
                // A pass of a list that changed too fast for its pages to overlap proves nothing, whatever it found.
                self.gave_up = in_doubt || self.pass.doubtful && self.pass.moved;
                // A pass that found nothing new ends the walk, but if it is doubtful itself, it proves nothing.
                self.doubt = match (short_of, in_doubt || self.pass.doubtful) {
                    (Some(_), _) => Some(WalkDoubt::CountShort),
                    (None, true) => Some(WalkDoubt::OrderChanges),
                    (None, false) => None,
                };
                if let (Some(total), Some(delivered)) = (short_of, delivered) {
                    self.context.client.tell(|| Event::count_short(delivered, total));
                } else if in_doubt {
                    self.context.client.tell(|| Event::Warning(&ORDER_CHANGES));
                }
            }
        }
    }

    fn begin_pass(&mut self, kind: PassKind) {
        self.cursor_at_end = (kind == PassKind::Front).then(|| self.cursor());
        self.pass = self.pass.next(kind);
        self.history.begin_pass();
        self.drop_prefetched();
        self.candidates.clear();
        self.request = PageRequest::OwnQuery;
        self.refusal = None;
        self.one_at_a_time = false;
        self.end = self.origin;
        self.planned_end = self.origin;
        self.step_back = 1;
        self.standstill = Standstill::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    const END: PassOutcome = PassOutcome::End { short_of: None, in_doubt: false };

    #[test]
    fn a_list_that_does_not_change_and_is_counted_right_is_read_once() {
        let mut pass = Pass::first(PassSummary::default());
        pass.note_total(10);
        pass.note_total(10);
        assert_eq!(pass.outcome(Some(10), 0, RepeatPolicy::Freely), END);
        assert_eq!(pass.outcome(Some(7), 3, RepeatPolicy::Freely), END);
    }

    #[test]
    fn records_missing_from_the_smallest_total_are_looked_for_until_a_pass_finds_none() {
        let mut pass = Pass::first(PassSummary::default());
        pass.note_total(12);
        pass.note_total(10);
        assert_eq!(pass.outcome(Some(9), 0, RepeatPolicy::Freely), PassOutcome::Again(PassKind::Whole));
        let mut again = pass.next(PassKind::Whole);
        again.note_total(10);
        assert_eq!(
            again.outcome(Some(9), 0, RepeatPolicy::Freely),
            PassOutcome::End { short_of: Some(10), in_doubt: false }
        );
        again.add_new_records(1);
        assert_eq!(again.outcome(Some(9), 0, RepeatPolicy::Freely), PassOutcome::Again(PassKind::Whole));
        assert_eq!(again.outcome(Some(10), 0, RepeatPolicy::Freely), END);
    }

    #[test]
    fn arrivals_alone_cause_no_second_pass_but_one_over_the_front() {
        let mut pass = Pass::first(PassSummary::default());
        pass.note_total(10);
        pass.note_total(11);
        assert_eq!(pass.outcome(Some(10), 0, RepeatPolicy::Freely), PassOutcome::Again(PassKind::Front));
        let front = pass.next(PassKind::Front);
        assert_eq!(front.outcome(Some(10), 0, RepeatPolicy::Freely), END);
    }

    #[test]
    fn records_that_cannot_be_recognised_are_not_looked_for_again() {
        let mut pass = Pass::first(PassSummary::default());
        pass.note_total(10);
        pass.doubt();
        assert_eq!(
            pass.outcome(Some(9), 0, RepeatPolicy::Never),
            PassOutcome::End { short_of: Some(10), in_doubt: false }
        );
    }

    #[test]
    fn a_pass_that_was_read_in_pieces_is_the_last_one_and_reports_doubt() {
        for doubtful in [false, true] {
            let mut pass = Pass::first(PassSummary { passes: 1, doubtful, ..PassSummary::default() });
            let end = PassOutcome::End { short_of: None, in_doubt: doubtful };
            assert_eq!(pass.outcome(None, 0, RepeatPolicy::IfNeeded), end);
            pass.add_new_records(1);
            assert_eq!(pass.outcome(None, 0, RepeatPolicy::IfNeeded), end);
        }
    }

    #[test]
    fn there_are_only_so_many_passes() {
        let mut pass = Pass::first(PassSummary::default());
        let mut passes = 1;
        loop {
            pass.doubt();
            pass.add_new_records(1);
            let PassOutcome::Again(kind) = pass.outcome(None, 0, RepeatPolicy::Freely) else { break };
            pass = pass.next(kind);
            passes += 1;
        }
        assert_eq!(passes, MAX_PASSES);
    }
}
