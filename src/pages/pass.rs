//! Going over a list more than once: when, and how often.
//!
//! A pass is sound where the list keeps its order and each id stands in it once. Where there are signs that it was otherwise, or where
//! fewer records came than the server counts, the list is gone over again, and what is new is given. The count is evidence that
//! something is missing, never that all is there.

use super::cursor::Count;

/// One time over the list, from its beginning.
pub struct Pass {
    /// From 1, those of earlier walks included if this one goes on after a cursor.
    number: u32,
    /// It is the first one of this walk.
    is_first_here: bool,
    kind: Kind,
    /// The smallest total that the server gave.
    least_total: Option<u64>,
    /// The same of the pass before, for one in which no total can be seen.
    total_before: Option<u64>,
    /// The list has changed meanwhile.
    moved: bool,
    /// Something came that a list in a fixed order cannot show: a record may have slipped through.
    doubtful: bool,
    /// Records that no pass before had.
    brought: u64,
}

/// How far a pass goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To the end of the list.
    Whole,
    /// To the first page that holds a record given before: for records that were moved to the front.
    Front,
}

/// Whether the list may be gone over again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Records that were given are recognised, and do not come twice.
    Freely,
    /// Records would come twice, which is better than that one is missing.
    IfNeeded,
    /// Records cannot be recognised.
    Never,
}

/// What comes after a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Another one.
    Again(Kind),
    /// The end.
    End {
        /// The server counts more records than came, and this is how many.
        short_of: Option<u64>,
        /// Something may have slipped through, and the list is not gone over again all the same.
        in_doubt: bool,
    },
}

/// Lists whose order changes from answer to answer lose a few in each pass, and ever fewer. More passes would hardly find more.
const PASSES_AT_MOST: u32 = 8;

impl Pass {
    /// The first one; where an earlier walk has begun it, with what that one knew.
    pub fn first(before: Count) -> Self {
        let Count { least_total, doubtful, passes, .. } = before;
        Self {
            number: u32::from(passes).saturating_add(1),
            is_first_here: true,
            kind: Kind::Whole,
            least_total,
            total_before: None,
            moved: false,
            doubtful,
            brought: 0,
        }
    }

    /// The one after this.
    pub fn next(&self, kind: Kind) -> Self {
        Self {
            number: self.number.saturating_add(1),
            is_first_here: false,
            kind,
            total_before: self.counted(),
            ..Self::first(Count::default())
        }
    }

    /// Whether it is the first one of this walk.
    pub fn is_first_here(&self) -> bool {
        self.is_first_here
    }

    /// How many records the server counts.
    fn counted(&self) -> Option<u64> {
        self.least_total.or(self.total_before)
    }

    /// Whether it is only a look at the front.
    pub fn is_front(&self) -> bool {
        self.kind == Kind::Front
    }

    /// Takes note of a total. Tells whether it is smaller than all before in this pass.
    pub fn total(&mut self, total: u64) -> bool {
        let known = self.least_total;
        self.moved |= known.is_some_and(|known| known != total);
        self.least_total = Some(known.map_or(total, |known| known.min(total)));
        known.is_some_and(|known| total < known)
    }

    /// What is known of it so far, in which `given` records were given.
    pub fn count(&self, given: Option<u64>) -> Count {
        let passes = u8::try_from(self.number.saturating_sub(1)).unwrap_or(u8::MAX);
        Count { given, least_total: self.counted(), doubtful: self.doubtful, passes }
    }

    /// The list has changed.
    pub fn moved(&mut self) {
        self.moved = true;
    }

    /// Something may have slipped through.
    pub fn doubt(&mut self) {
        self.doubtful = true;
    }

    /// Records came that no pass before had.
    pub fn brought(&mut self, records: u64) {
        self.brought = self.brought.saturating_add(records);
    }

    /// What comes after it, where `given` records came in all, of a list that begins at `origin`.
    pub fn after(&self, given: Option<u64>, origin: u64, repeat: Repeat) -> After {
        let counted = self.counted().map(|total| total.saturating_sub(origin));
        let short_of = counted.filter(|&counted| given.is_some_and(|given| given < counted));
        let end = After::End { short_of, in_doubt: false };
        let is_again = self.number > 1;
        // What an earlier walk has begun, this one knows in part.
        let is_in_vain = is_again && !self.is_first_here && self.brought == 0;
        // A pass that an earlier walk began brings whatever comes after the cursor, so that there would be no end to it.
        let is_enough = is_again && self.is_first_here && repeat == Repeat::IfNeeded;
        if repeat == Repeat::Never || is_in_vain {
            return end;
        }
        if self.number >= PASSES_AT_MOST || is_enough {
            return After::End { short_of, in_doubt: self.doubtful };
        }
        if short_of.is_some() || self.doubtful {
            return After::Again(Kind::Whole);
        }
        if self.moved && !is_again && repeat == Repeat::Freely { After::Again(Kind::Front) } else { end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    const END: After = After::End { short_of: None, in_doubt: false };

    #[test]
    fn a_still_list_that_is_counted_right_is_gone_over_once() {
        let mut pass = Pass::first(Count::default());
        pass.total(10);
        pass.total(10);
        assert_eq!(pass.after(Some(10), 0, Repeat::Freely), END);
        assert_eq!(pass.after(Some(7), 3, Repeat::Freely), END);
    }

    #[test]
    fn fewer_than_the_smallest_total_are_looked_for_until_a_pass_brings_none() {
        let mut pass = Pass::first(Count::default());
        pass.total(12);
        pass.total(10);
        assert_eq!(pass.after(Some(9), 0, Repeat::Freely), After::Again(Kind::Whole));
        let mut again = pass.next(Kind::Whole);
        again.total(10);
        assert_eq!(
            again.after(Some(9), 0, Repeat::Freely),
            After::End { short_of: Some(10), in_doubt: false }
        );
        again.brought(1);
        assert_eq!(again.after(Some(9), 0, Repeat::Freely), After::Again(Kind::Whole));
        assert_eq!(again.after(Some(10), 0, Repeat::Freely), END);
    }

    #[test]
    fn arrivals_alone_cost_no_second_pass_but_a_look_at_the_front() {
        let mut pass = Pass::first(Count::default());
        pass.total(10);
        pass.total(11);
        assert_eq!(pass.after(Some(10), 0, Repeat::Freely), After::Again(Kind::Front));
        let front = pass.next(Kind::Front);
        assert_eq!(front.after(Some(10), 0, Repeat::Freely), END);
    }

    #[test]
    fn records_that_cannot_be_recognised_are_counted_and_not_looked_for() {
        let mut pass = Pass::first(Count::default());
        pass.total(10);
        pass.doubt();
        assert_eq!(pass.after(Some(9), 0, Repeat::Never), After::End { short_of: Some(10), in_doubt: false });
    }

    #[test]
    fn a_pass_that_was_read_in_pieces_is_the_last_one_and_its_doubts_are_told() {
        for doubtful in [false, true] {
            let mut pass = Pass::first(Count { passes: 1, doubtful, ..Count::default() });
            let end = After::End { short_of: None, in_doubt: doubtful };
            assert_eq!(pass.after(None, 0, Repeat::IfNeeded), end);
            pass.brought(1);
            assert_eq!(pass.after(None, 0, Repeat::IfNeeded), end);
        }
    }

    #[test]
    fn there_is_an_end_to_it() {
        let mut pass = Pass::first(Count::default());
        let mut passes = 1;
        loop {
            pass.doubt();
            pass.brought(1);
            let After::Again(kind) = pass.after(None, 0, Repeat::Freely) else { break };
            pass = pass.next(kind);
            passes += 1;
        }
        assert_eq!(passes, PASSES_AT_MOST);
    }
}
