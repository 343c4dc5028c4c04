//! Valid samples, stored in 32 bytes each: read one by one, sorted, freed of duplicates, and written as request
//! bodies.
//!
//! Rows are stored in blocks, so that growing copies nothing. Rows that are a little late are sorted where they are
//! stored, two blocks at a time; for anything else a list of indices is sorted. What makes a sample valid is not decided
//! here.

mod codec;
mod device_days;
mod device_share;
mod duplicates;
mod packed_row;
mod request_body;
mod row;
mod row_style;
mod sorting;
#[cfg(test)]
mod tests;

use crate::{Instant, Numbers, SeriesTable};

pub use device_days::DeviceDay;
pub use device_share::DeviceShare;
pub use row::Row;

use packed_row::DistantEnds;
pub(crate) use packed_row::{PackedRow, duration};
use row_style::RowStyles;

/// Rows in a block of 64 KiB.
const BLOCK: usize = 2048;

/// Valid samples.
pub struct Rows {
    /// All blocks but the last one are full.
    blocks: Vec<Vec<PackedRow>>,
    /// Indices of the stored rows, if their order is not that in which they are stored. Rows without an index are
    /// gone.
    order: Option<Vec<u32>>,
    /// Whether the rows are sorted in their present order.
    all_ordered: bool,
    /// Whether those of all blocks but the last are sorted as they are stored.
    blocks_ordered: bool,
    /// The last row of the present order, with which the next one is compared.
    last: PackedRow,
    distant_ends: DistantEnds,
    styles: RowStyles,
    series_table: SeriesTable,
    pub(crate) numbers: Numbers,
}

impl Rows {
    /// Without rows.
    pub fn new(numbers: Numbers) -> Self {
        Self {
            blocks: Vec::new(),
            order: None,
            all_ordered: true,
            blocks_ordered: true,
            last: PackedRow::default(),
            distant_ends: DistantEnds::default(),
            styles: RowStyles::default(),
            series_table: SeriesTable::default(),
            numbers,
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match &self.order {
            Some(order) => order.len(),
            None => self.stored_len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The series of the rows, by their numbers.
    pub const fn series(&self) -> &SeriesTable {
        &self.series_table
    }

    /// The number of the style of a row whose end is not distant.
    pub(crate) fn style(&mut self, series: u32, start: Instant, end: Option<Instant>) -> u32 {
        self.styles.number(series, start, end, false)
    }

    /// Gives access to number a series before its rows are pushed.
    pub const fn series_mut(&mut self) -> &mut SeriesTable {
        &mut self.series_table
    }

    /// The row at an index of the present order.
    pub fn get(&self, index: usize) -> Option<Row> {
        (index < self.len()).then(|| self.resolve(&self.at(index)))
    }

    /// All rows in their present order.
    pub fn iter(&self) -> impl Iterator<Item = Row> {
        (0..self.len()).map(|index| self.resolve(&self.at(index)))
    }

    /// Adds a row at the end. `position` is the sample's index in its source.
    pub fn push(&mut self, series: u32, start: Instant, end: Option<Instant>, value: f64, position: u32) {
        let mut has_distant_end = false;
        let duration = match end {
            None => 0,
            Some(end) => duration(start.parts(), end.parts()).unwrap_or_else(|| {
                has_distant_end = true;
                self.distant_ends.push(end.parts())
            }),
        };
        let style = self.styles.number(series, start, end, has_distant_end);
        self.push_packed(PackedRow::new(start.parts(), duration, value, style, position));
    }

    /// Keeps the rows at the indices for which `keep` returns true, in their present order.
    pub fn retain(&mut self, mut keep: impl FnMut(usize) -> bool) {
        let mut kept = 0;
        for index in 0..self.len() {
            if keep(index) {
                self.copy(index, kept);
                kept += 1;
            }
        }
        self.truncate(kept);
    }

    #[inline]
    pub(crate) fn push_packed(&mut self, row: PackedRow) {
        if self.blocks.last().is_none_or(|block| block.len() >= BLOCK) {
            self.begin_block();
        }
        self.all_ordered &= !row.before(&self.last);
        self.last = row;
        if let Some(order) = &mut self.order {
            let before = (self.blocks.len() - 1) * BLOCK;
            let number = before + self.blocks.last().map_or(0, Vec::len);
            order.push(u32::try_from(number).unwrap_or(u32::MAX));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.push(row);
        }
    }

    /// Begins a block, and sorts what is before it if that takes little.
    #[cold]
    #[inline(never)]
    fn begin_block(&mut self) {
        if self.order.is_none() {
            self.order_last_blocks();
        }
        self.blocks.push(Vec::with_capacity(BLOCK));
    }

    #[inline(always)]
    fn stored_len(&self) -> usize {
        match self.blocks.last() {
            Some(last) => (self.blocks.len() - 1) * BLOCK + last.len(),
            None => 0,
        }
    }

    /// The row at an index of the blocks.
    #[inline(always)]
    fn stored(&self, index: usize) -> PackedRow {
        self.blocks.get(index / BLOCK).and_then(|block| block.get(index % BLOCK)).copied().unwrap_or_default()
    }

    /// The row at an index of the present order.
    #[inline(always)]
    fn at(&self, index: usize) -> PackedRow {
        match &self.order {
            Some(order) => {
                let stored = order.get(index).copied().unwrap_or(u32::MAX);
                self.stored(usize::try_from(stored).unwrap_or(usize::MAX))
            }
            None => self.stored(index),
        }
    }

    /// Copies a row to an earlier index.
    fn copy(&mut self, from: usize, to: usize) {
        if from == to {
            return;
        }
        match &mut self.order {
            Some(order) => {
                let number = order.get(from).copied().unwrap_or_default();
                if let Some(slot) = order.get_mut(to) {
                    *slot = number;
                }
            }
            None => {
                let row = self.stored(from);
                if let Some(slot) =
                    self.blocks.get_mut(to / BLOCK).and_then(|block| block.get_mut(to % BLOCK))
                {
                    *slot = row;
                }
            }
        }
    }

    /// Drops all rows from an index on, after others have been copied.
    fn truncate(&mut self, len: usize) {
        match &mut self.order {
            Some(order) => order.truncate(len),
            None => {
                self.blocks.truncate(len.div_ceil(BLOCK));
                let before = self.blocks.len().saturating_sub(1) * BLOCK;
                if let Some(last) = self.blocks.last_mut() {
                    last.truncate(len - before);
                }
                // Rows have moved from block to block: of those that were not sorted as a whole, nothing is known any more.
                self.blocks_ordered &= self.all_ordered;
            }
        }
        self.find_last();
    }

    /// Finds the row with which the next pushed row is compared.
    fn find_last(&mut self) {
        self.last = self.len().checked_sub(1).map(|index| self.at(index)).unwrap_or_default();
    }

    #[inline(never)]
    fn resolve(&self, row: &PackedRow) -> Row {
        self.inlined_resolve(row)
    }

    /// As [`Rows::resolve`], for a loop.
    #[inline(always)]
    fn inlined_resolve(&self, row: &PackedRow) -> Row {
        let style = self.styles.get(row.style);
        Row::new(row, &style, &self.distant_ends)
    }
}
