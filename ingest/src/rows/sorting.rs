//! Puts rows in order by start, then as they came.
//!
//! Real data is in order, or is a few ordered stretches one behind the other: those are merged, by their indices alone. Blocks that are in no
//! order are put in order by themselves as soon as they are full, so that no merge jumps about in memory.

use super::{BLOCK, Rows};

impl Rows {
    /// Puts them in order by start; those that start at the same instant stay as they came.
    pub fn order(&mut self) {
        if self.all_ordered {
            return;
        }
        if self.order.is_none() {
            self.order_last_block();
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

    /// Puts the last block in order, where it stored.
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

    /// Merges the ordered stretches of `order`, neighbours first, until there is but one.
    fn merge_all(&self, order: &mut [u32]) {
        let mut ends = self.stretches(order);
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

    /// Where the ordered stretches end.
    fn stretches(&self, order: &[u32]) -> Vec<usize> {
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

    /// Merges the first `middle` of them with the others; both parts are in order.
    fn merge(&self, order: &mut [u32], middle: usize, left: &mut Vec<u32>) {
        left.clear();
        if left.capacity() < middle {
            // Grown in place it would for a moment be there twice.
            *left = Vec::new();
            left.reserve_exact(middle);
        }
        left.extend_from_slice(order.get(..middle).unwrap_or_default());
        let mut lefts = left.iter().copied();
        let (Some(mut left_number), Some(&first_right)) = (lefts.next(), order.get(middle)) else { return };
        let (mut left, mut right) = (self.number(left_number), self.number(first_right));
        let (mut right_at, mut right_number) = (middle, first_right);
        let mut to = 0;
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
                    // What is left of the right part stored where it belongs.
                    None => return,
                }
            }
        }
        put(order, left_number);
        for number in lefts {
            put(order, number);
        }
    }

    #[inline]
    fn number(&self, number: u32) -> super::PackedRow {
        self.stored(usize::try_from(number).unwrap_or(usize::MAX))
    }
}
