//! Sorts rows by start; rows that start at the same instant keep their order.
//!
//! Real data is sorted, or consists of a few sorted runs. A block that is not sorted is sorted as soon as it is full, and
//! merged with the one before it if it reaches back no further. What is not sorted by that is merged by indices alone.

use super::{BLOCK, Rows};

impl Rows {
    /// Sorts the rows by start. Those that start at the same instant keep their order.
    #[inline(never)]
    pub fn order(&mut self) {
        if self.all_ordered {
            return;
        }
        if self.order.is_none() {
            self.order_last_block();
            if self.blocks_ordered && self.join_last_block() {
                self.all_ordered = true;
                self.find_last();
                return;
            }
        }
        let mut order = match self.order.take() {
            Some(order) => order,
            None => (0..self.stored_len()).map(|index| u32::try_from(index).unwrap_or(u32::MAX)).collect(),
        };
        self.merge_all(&mut order);
        self.order = Some(order);
        self.all_ordered = true;
        self.find_last();
    }

    /// Sorts the rows of the last block, where they are stored.
    #[inline(never)]
    pub(super) fn order_last_block(&mut self) {
        if self.block_ordered || self.order.is_some() {
            return;
        }
        let Some(before) = self.blocks.len().checked_sub(1) else { return };
        let mut order: Vec<u32> = (before * BLOCK..self.stored_len())
            .map(|index| u32::try_from(index).unwrap_or(u32::MAX))
            .collect();
        self.merge_all(&mut order);
        let mut ordered = Vec::with_capacity(BLOCK);
        for index in order {
            ordered.push(self.number(index));
        }
        if let Some(block) = self.blocks.last_mut() {
            *block = ordered;
        }
        self.block_ordered = true;
    }

    /// Merges the last block, which is sorted, with the one before it, so that the rows of both are sorted as they are
    /// stored. False where it reaches back further; then nothing has changed. All blocks before it must be sorted.
    #[inline(never)]
    pub(super) fn join_last_block(&mut self) -> bool {
        let Some((last, others)) = self.blocks.split_last_mut() else { return true };
        let (Some((before, earlier)), Some(&first)) = (others.split_last_mut(), last.first()) else {
            return true;
        };
        if earlier.last().and_then(|block| block.last()).is_some_and(|row| first.before(row)) {
            return false;
        }
        let sorted = before.partition_point(|row| !first.before(row));
        let Some(overlap) = before.get_mut(sorted..) else { return true };
        let lefts = overlap.to_vec();
        let mut lefts = lefts.iter().peekable();
        let (mut at, mut to) = (0, 0_usize);
        while let Some(left) = lefts.peek() {
            let next = match last.get(at) {
                Some(right) if right.before(left) => {
                    at += 1;
                    *right
                }
                _ => match lefts.next() {
                    Some(left) => *left,
                    None => break,
                },
            };
            // In the last block, this is before `at`, by as many rows as are left of the others.
            let slot = match to.checked_sub(overlap.len()) {
                Some(to) => last.get_mut(to),
                None => overlap.get_mut(to),
            };
            if let Some(slot) = slot {
                *slot = next;
            }
            to += 1;
        }
        true
    }

    /// Merges the sorted runs of `order`, neighbours first, until only one is left.
    #[inline(never)]
    fn merge_all(&self, order: &mut [u32]) {
        let mut ends = self.run_ends(order);
        let mut left = Vec::new();
        while ends.len() > 1 {
            let mut begin = 0;
            let mut merged = Vec::with_capacity(ends.len().div_ceil(2));
            for pair in ends.chunks(2) {
                let (middle, end) = match *pair {
                    [middle, end] => (middle, end),
                    [end] => (end, end),
                    _ => break,
                };
                if let Some(part) = order.get_mut(begin..end) {
                    self.merge(part, middle - begin, &mut left);
                }
                merged.push(end);
                begin = end;
            }
            ends = merged;
        }
    }

    /// Where the sorted runs end.
    fn run_ends(&self, order: &[u32]) -> Vec<usize> {
        let mut ends = Vec::new();
        let Some((&first, rest)) = order.split_first() else { return ends };
        let mut last = self.number(first);
        for (index, &number) in rest.iter().enumerate() {
            let row = self.number(number);
            if row.before(&last) {
                ends.push(index + 1);
            }
            last = row;
        }
        ends.push(order.len());
        ends
    }

    /// Merges the first `middle` indices with the others. Both parts are sorted.
    fn merge(&self, order: &mut [u32], middle: usize, left: &mut Vec<u32>) {
        let Some(&first_right) = order.get(middle) else { return };
        let first = self.number(first_right);
        // What is before all of the right part is in its place.
        let sorted = order
            .get(..middle)
            .map_or(0, |left| left.partition_point(|&number| !first.before(&self.number(number))));
        left.clear();
        if left.capacity() < middle - sorted {
            // Growing it in place would need the memory of both for a moment.
            *left = Vec::new();
            left.reserve_exact(middle - sorted);
        }
        left.extend_from_slice(order.get(sorted..middle).unwrap_or_default());
        let mut lefts = left.iter().copied();
        let Some(mut left_number) = lefts.next() else { return };
        let (mut left, mut right) = (self.number(left_number), first);
        let (mut right_at, mut right_number) = (middle, first_right);
        let mut to = sorted;
        let mut put = |order: &mut [u32], number: u32| {
            if let Some(slot) = order.get_mut(to) {
                *slot = number;
            }
            to += 1;
        };
        loop {
            if right.before(&left) {
                put(order, right_number);
                right_at += 1;
                match order.get(right_at) {
                    Some(&number) => (right_number, right) = (number, self.number(number)),
                    None => break,
                }
            } else {
                put(order, left_number);
                match lefts.next() {
                    Some(number) => (left_number, left) = (number, self.number(number)),
                    // The rest of the right part is in its place.
                    None => return,
                }
            }
        }
        put(order, left_number);
        for number in lefts {
            put(order, number);
        }
    }

    #[inline(always)]
    fn number(&self, number: u32) -> super::PackedRow {
        self.stored(usize::try_from(number).unwrap_or(usize::MAX))
    }
}
