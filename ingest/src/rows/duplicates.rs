//! Finds samples that occur twice. In ordered rows they are among those that start at the same instant.

use super::Rows;
use super::packed_row::PackedRow as Held;
use crate::slot_table::SlotTable;

/// So many that start at the same instant are compared one by one; more go through a table.
const FEW: usize = 16;

impl Rows {
    /// Drops every sample that is there already, earlier in the order, and says how many those were. The rows must be
    /// in order.
    #[inline(never)]
    pub fn drop_duplicates(&mut self) -> u64 {
        let all = self.len();
        let mut kept = 0;
        // Where the rows begin that are kept and start at the same instant as the present one, and their table.
        let mut group = 0;
        let mut table = SlotTable::default();
        let mut last = Held::default();
        for index in 0..all {
            let held = self.at(index);
            if kept == 0 || !held.starts_with(&last) {
                group = kept;
                table.clear();
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
    fn is_among(&self, held: &Held, group: usize, kept: usize, table: &mut SlotTable) -> bool {
        if kept - group < FEW {
            return (group..kept).any(|index| self.are_same(held, &self.at(index)));
        }
        // The table's numbers count from the first row of the group.
        let number = |index: usize| u32::try_from(index - group).unwrap_or(u32::MAX - 1);
        let row = |number: u32| self.at(group + usize::try_from(number).unwrap_or(0));
        let hash_of = |row: &Held| self.resolve(row).hash(&self.series_table);
        let hash = |number: u32| hash_of(&row(number));
        if table.is_empty() {
            for known in (group..kept).map(number) {
                table.find_or_insert(known, hash(known), |_| false, hash);
            }
        }
        let own_hash = hash_of(held);
        table.find_or_insert(number(kept), own_hash, |other| self.are_same(held, &row(other)), hash).is_some()
    }

    fn are_same(&self, a: &Held, b: &Held) -> bool {
        if a.value.to_bits() != b.value.to_bits() {
            return false;
        }
        let (a, b) = (self.resolve(a), self.resolve(b));
        a.series() == b.series() && a.start() == b.start() && a.end() == b.end()
    }
}
