//! What a batch of rows consists of: which hashes, of which device, on which day.

use std::ops::Range;

use super::Rows;
use crate::Instant;

/// Rows of one device that start on one UTC day.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceDay {
    /// The device's number.
    pub device: u32,
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// The start of its first row.
    pub first: Instant,
    /// The start of its last row.
    pub last: Instant,
    /// The hashes of its rows ([`Row::hash`](super::Row::hash)).
    pub hashes: Vec<u64>,
}

impl Rows {
    /// The rows of a range of the present order by device and day, in the order in which these first occur; and a number
    /// for all of them, equal for equal samples in equal order. The range is a batch: the time that this takes grows with
    /// the number of its devices and days as well.
    #[inline(never)]
    pub fn device_days(&self, range: Range<usize>) -> (u64, Vec<DeviceDay>) {
        let mut identity = 0_u64;
        let mut days: Vec<DeviceDay> = Vec::new();
        for index in range.start..range.end.min(self.len()) {
            let row = self.resolve(&self.at(index));
            let hash = row.inlined_hash(&self.series_table);
            // Depends on the order of the samples. Each step is a bijection of the value before, so no difference is lost.
            identity = (identity ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
            let (start, day, device) = (row.start(), row.day(), self.series_table.device(row.series()));
            // Mostly one of the last: a few devices take turns.
            match days.iter_mut().rev().find(|known| known.day == day && known.device == device) {
                Some(known) => {
                    known.last = start;
                    known.hashes.push(hash);
                }
                None => days.push(DeviceDay { device, day, first: start, last: start, hashes: vec![hash] }),
            }
        }
        (identity, days)
    }
}
