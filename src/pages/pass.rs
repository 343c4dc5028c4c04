//! Going over a list more than once: when, and how often.
//!
//! A pass is sound where the list keeps its order and each id stands in it once. Where there are signs that it was otherwise, or where
//! fewer records came than the server counts, the list is gone over again, and what is new is given. The count is evidence that
//! something is missing, never that all is there.

use super::cursor::PassSummary;

/// One time over the list, from its beginning.
pub struct Pass {
    /// From 1, those of earlier walks included if this one goes on after a cursor.
    number: u32,
    /// It is the first one of this walk.
    is_first_of_walk: bool,
    kind: PassKind,
    /// The smallest total that the server gave.
    least_total: Option<u64>,
    /// The same of the pass before, for one in which no total can be seen.
    total_before: Option<u64>,
    /// The list has changed meanwhile.
    moved: bool,
    /// Something came that a list in a fixed order cannot show: a record may have slipped through.
    doubtful: bool,
    /// Records that no pass before had.
    new_records: u64,
}

/// How far a pass goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassKind {
    /// To the end of the list.
    Whole,
    /// To the first page that holds a record given before: for records that were moved to the front.
    Front,
}

/// Whether the list may be gone over again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatPolicy {
    /// Records that were given are recognised, and do not come twice.
    Freely,
    /// Records would come twice, which is better than that one is missing.
    IfNeeded,
    /// Records cannot be recognised.
    Never,
}

/// What comes after a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassOutcome {
    /// Another one.
    Again(PassKind),
    /// The end.
    End {
        /// The server counts more records than came, and this is how many.
        short_of: Option<u64>,
        /// Something may have slipped through, and the list is not gone over again all the same.
        in_doubt: bool,
    },
}

/// Lists whose order changes from answer to answer lose a few in each pass, and ever fewer. More passes would hardly find more.
const MAX_PASSES: u32 = 8;

impl Pass {
    /// The first one; where an earlier walk has begun it, with what that one knew.
    pub fn first(earlier: PassSummary) -> Self {
        let PassSummary { least_total, doubtful, passes, .. } = earlier;
        Self {
            number: u32::from(passes).saturating_add(1),
            is_first_of_walk: true,
            kind: PassKind::Whole,
            least_total,
            total_before: None,
            moved: false,
            doubtful,
            new_records: 0,
        }
    }

    /// The one after this.
    pub fn next(&self, kind: PassKind) -> Self {
        Self {
            number: self.number.saturating_add(1),
            is_first_of_walk: false,
            kind,
            total_before: self.expected_total(),
            ..Self::first(PassSummary::default())
        }
    }

    /// Whether it is the first one of this walk.
    pub fn is_first_of_walk(&self) -> bool {
        self.is_first_of_walk
    }

    /// How many records the server counts.
    fn expected_total(&self) -> Option<u64> {
        self.least_total.or(self.total_before)
    }

    /// Whether it is only a look at the front.
    pub fn is_front_only(&self) -> bool {
        self.kind == PassKind::Front
    }

    /// Takes note of a total. Tells whether it is smaller than all before in this pass.
    pub fn note_total(&mut self, total: u64) -> bool {
        let known = self.least_total;
        self.moved |= known.is_some_and(|known| known != total);
        self.least_total = Some(known.map_or(total, |known| known.min(total)));
        known.is_some_and(|known| total < known)
    }

    /// What is known of it so far, in which `given` records were given.
    pub fn summary(&self, delivered: Option<u64>) -> PassSummary {
        let passes = u8::try_from(self.number.saturating_sub(1)).unwrap_or(u8::MAX);
        PassSummary { delivered, least_total: self.expected_total(), doubtful: self.doubtful, passes }
    }

    /// The list has changed.
    pub fn note_movement(&mut self) {
        self.moved = true;
    }

    /// Something may have slipped through.
    pub fn doubt(&mut self) {
        self.doubtful = true;
    }

    /// Records came that no pass before had.
    pub fn add_new_records(&mut self, records: u64) {
        self.new_records = self.new_records.saturating_add(records);
    }

    /// What comes after it, where `given` records came in all, of a list that begins at `origin`.
    pub fn outcome(&self, delivered: Option<u64>, origin: u64, repeat: RepeatPolicy) -> PassOutcome {
        let counted = self.expected_total().map(|total| total.saturating_sub(origin));
        let short_of = counted.filter(|&counted| delivered.is_some_and(|delivered| delivered < counted));
        let end = PassOutcome::End { short_of, in_doubt: false };
        let is_again = self.number > 1;
        // What an earlier walk has begun, this one knows in part.
        let is_in_vain = is_again && !self.is_first_of_walk && self.new_records == 0;
        // A pass that an earlier walk began brings whatever comes after the cursor, so that there would be no end to it.
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

#[cfg(test)]
mod tests {
    use super::*;

    const END: PassOutcome = PassOutcome::End { short_of: None, in_doubt: false };

    #[test]
    fn a_still_list_that_is_counted_right_is_gone_over_once() {
        let mut pass = Pass::first(PassSummary::default());
        pass.note_total(10);
        pass.note_total(10);
        assert_eq!(pass.outcome(Some(10), 0, RepeatPolicy::Freely), END);
        assert_eq!(pass.outcome(Some(7), 3, RepeatPolicy::Freely), END);
    }

    #[test]
    fn fewer_than_the_smallest_total_are_looked_for_until_a_pass_brings_none() {
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
    fn arrivals_alone_cost_no_second_pass_but_a_look_at_the_front() {
        let mut pass = Pass::first(PassSummary::default());
        pass.note_total(10);
        pass.note_total(11);
        assert_eq!(pass.outcome(Some(10), 0, RepeatPolicy::Freely), PassOutcome::Again(PassKind::Front));
        let front = pass.next(PassKind::Front);
        assert_eq!(front.outcome(Some(10), 0, RepeatPolicy::Freely), END);
    }

    #[test]
    fn records_that_cannot_be_recognised_are_counted_and_not_looked_for() {
        let mut pass = Pass::first(PassSummary::default());
        pass.note_total(10);
        pass.doubt();
        assert_eq!(
            pass.outcome(Some(9), 0, RepeatPolicy::Never),
            PassOutcome::End { short_of: Some(10), in_doubt: false }
        );
    }

    #[test]
    fn a_pass_that_was_read_in_pieces_is_the_last_one_and_its_doubts_are_told() {
        for doubtful in [false, true] {
            let mut pass = Pass::first(PassSummary { passes: 1, doubtful, ..PassSummary::default() });
            let end = PassOutcome::End { short_of: None, in_doubt: doubtful };
            assert_eq!(pass.outcome(None, 0, RepeatPolicy::IfNeeded), end);
            pass.add_new_records(1);
            assert_eq!(pass.outcome(None, 0, RepeatPolicy::IfNeeded), end);
        }
    }

    #[test]
    fn there_is_an_end_to_it() {
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
