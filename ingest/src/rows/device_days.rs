//! What a batch of rows consists of: which hashes, of which device, on which day.

use std::ops::Range;

use super::Rows;
use crate::Instant;

/// Samples of one device that start on one UTC day.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceDay {
    /// The device's name.
    pub device: String,
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// The earliest start.
    pub first: Instant,
    /// The latest start.
    pub last: Instant,
    /// The samples' hashes ([`Row::hash`](super::Row::hash)).
    pub hashes: Vec<u64>,
}

impl Rows {
    /// The rows of a range by device and day, in the order in which these first occur; and a number for all of them, equal
    /// for equal samples in equal order. The rows must be in order, and the range one of a batch: the time that this
    /// takes grows with the number of its devices and days as well.
    #[inline(never)]
    pub fn device_days(&self, range: Range<usize>) -> (u64, Vec<DeviceDay>) {
        let mut identity = 0_u64;
        let mut days: Vec<DeviceDay> = Vec::new();
        // The number of the device of each.
        let mut devices: Vec<u32> = Vec::new();
        for index in range.start..range.end.min(self.len()) {
            let row = self.inlined_resolve(&self.at(index));
            let hash = row.hash(&self.series_table);
            // Depends on the order of the samples. Each step is a bijection of the value before, so no difference is lost.
            identity = (identity ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
            let (start, day, device) = (row.start(), row.day(), self.series_table.device(row.series()));
            // Mostly one of the last: a few devices take turns.
            let mut known = days.iter_mut().zip(&devices).rev();
            match known.find(|(known, number)| **number == device && known.day == day) {
                Some((known, _)) => {
                    known.last = start;
                    known.hashes.push(hash);
                }
                None => {
                    let name = self.series_table.device_name(device).to_owned();
                    days.push(DeviceDay { device: name, day, first: start, last: start, hashes: vec![hash] });
                    devices.push(device);
                }
            }
        }
        (identity, days)
    }
}
