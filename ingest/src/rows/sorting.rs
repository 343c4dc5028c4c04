//! Sorts rows by start; rows that start at the same instant keep their order.
//!
//! Real data is sorted, or consists of a few sorted runs. Once a row has come late, each block that gets full is sorted
//! together with the one before it, unless the two are in order. What reaches back further is merged in the end, by
//! indices alone.

use super::{BLOCK, PackedRow, Rows};

impl Rows {
    /// Sorts the rows by start. Those that start at the same instant keep their order.
    #[inline(never)]
    pub fn order(&mut self) {
        if self.order.is_none() {
            self.order_last_blocks();
        }
        if self.all_ordered {
            return;
        }
        let mut order = match self.order.take() {
            Some(order) => order,
            None => self.stored_from(0),
        };
        self.merge_all(&mut order);
        self.order = Some(order);
        self.all_ordered = true;
        self.find_last();
    }

    /// Sorts the rows of the last two blocks, where they are stored.
    pub(super) fn order_last_blocks(&mut self) {
        if self.all_ordered {
            return;
        }
        let from = self.blocks.len().saturating_sub(2);
        let first = from * BLOCK;
        let mut order = self.stored_from(first);
        if self.merge_all(&mut order) {
            let ordered: Vec<PackedRow> = order.into_iter().map(|index| self.number(index)).collect();
            for (block, rows) in self.blocks.iter_mut().skip(from).zip(ordered.chunks(BLOCK)) {
                // They are as many: the first of two blocks is full.
                if block.len() == rows.len() {
                    block.copy_from_slice(rows);
                }
            }
        }
        let start = |index: usize| self.get(index).map(|row| row.start());
        self.blocks_ordered &= first == 0 || start(first - 1) <= start(first);
        self.all_ordered = self.blocks_ordered;
        self.find_last();
    }

    /// The indices of the stored rows from this one on.
    fn stored_from(&self, first: usize) -> Vec<u32> {
        (first..self.stored_len()).map(|index| u32::try_from(index).unwrap_or(u32::MAX)).collect()
    }

    /// Merges the sorted runs of `order`, neighbours first, until only one is left. Returns whether there was another.
    #[inline(never)]
    fn merge_all(&self, order: &mut [u32]) -> bool {
        let mut ends = self.run_ends(order);
        let was_unordered = ends.len() > 1;
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
        was_unordered
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
    fn number(&self, number: u32) -> PackedRow {
        self.stored(usize::try_from(number).unwrap_or(usize::MAX))
    }
}
