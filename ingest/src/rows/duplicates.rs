//! Finds samples that are there twice. In rows that are in order they are among those that start at the same instant.

use super::packed_row::PackedRow as Held;
use super::{Row, Rows};
use crate::hash;

/// So many that start at the same instant are compared one by one; more go through a table.
const FEW: usize = 16;

impl Rows {
    /// Drops every sample that is there already, earlier in the order, and says how many those were. The rows must be in order.
    pub fn drop_duplicates(&mut self) -> u64 {
        let all = self.len();
        let mut kept = 0;
        // Where those that are kept and start with the present row begin, and their table.
        let mut group = 0;
        let mut table = Table::default();
        let mut last = Held::default();
        for index in 0..all {
            let held = self.at(index);
            if kept == 0 || !held.starts_with(&last) {
                group = kept;
                table.slots.clear();
                last = held;
            } else if self.is_among(&held, group, kept, &mut table) {
                continue;
            }
            self.copy(index, kept);
            kept += 1;
        }
        self.truncate(kept);
        u64::try_from(all - kept).unwrap_or(0)
    }

    /// Whether the same sample is among the rows from `group` to `kept`; if not, it will be the row at `kept`.
    #[inline(never)]
    fn is_among(&self, held: &Held, group: usize, kept: usize, table: &mut Table) -> bool {
        if kept - group < FEW {
            return (group..kept).any(|index| self.are_same(held, &self.at(index)));
        }
        if (kept - group) * 5 / 4 >= table.slots.len() {
            table.slots = vec![0; ((kept - group) * 2).next_power_of_two()];
            for index in group..kept {
                table.put(self, &self.at(index), group, index);
            }
        }
        table.put(self, held, group, kept)
    }

    /// Whether they are the same sample.
    fn are_same(&self, a: &Held, b: &Held) -> bool {
        if a.value.to_bits() != b.value.to_bits() {
            return false;
        }
        let (a, b) = (self.resolve(a), self.resolve(b));
        a.series() == b.series() && a.start() == b.start() && a.end() == b.end()
    }

    fn hash_of(&self, row: Row) -> u64 {
        let end = row.end().map_or(0, |end| hash::with(u64::from(end.nanos), end.seconds.cast_unsigned()));
        hash::with(hash::with(end, row.value().to_bits()), u64::from(row.series()))
    }
}

/// An open table of rows that start at the same instant: how far behind the first of them each is, plus one.
#[derive(Default)]
struct Table {
    slots: Vec<u32>,
}

impl Table {
    /// Puts a row in that is or will be at `index`, unless it is there. Says whether it is.
    fn put(&mut self, rows: &Rows, held: &Held, group: usize, index: usize) -> bool {
        let mask = self.slots.len().wrapping_sub(1);
        let hash = rows.hash_of(rows.resolve(held)) & 0xffff_ffff;
        let mut slot = usize::try_from(hash).unwrap_or(0) & mask;
        while let Some(&there) = self.slots.get(slot)
            && there > 0
        {
            let there = usize::try_from(there - 1).unwrap_or(0);
            if rows.are_same(held, &rows.at(group + there)) {
                return true;
            }
            slot = (slot + 1) & mask;
        }
        if let Some(free) = self.slots.get_mut(slot) {
            *free = u32::try_from(index - group + 1).unwrap_or(u32::MAX);
        }
        false
    }
}
