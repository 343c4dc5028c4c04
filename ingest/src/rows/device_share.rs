//! How many rows each device has, and from when to when.

use std::ops::Range;

use super::Rows;
use crate::Instant;

/// The rows of one device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeviceShare {
    /// The device's number.
    pub device: u32,
    /// How many they are.
    pub rows: u64,
    /// The start of its first row.
    pub first: Instant,
    /// The start of its last row.
    pub last: Instant,
}

/// In place of the number of a share.
const NONE: usize = usize::MAX;

impl Rows {
    /// The share of each device in a range of the present order, in the order in which they first occur there.
    #[inline(never)]
    pub fn device_shares(&self, range: Range<usize>) -> Vec<DeviceShare> {
        // Which share is that of a device.
        let mut places = vec![NONE; to_index(self.series_table.devices())];
        let mut shares: Vec<DeviceShare> = Vec::new();
        // Of each share, the index of its last row.
        let mut last: Vec<usize> = Vec::new();
        for index in range.start..range.end.min(self.len()) {
            let device = self.series_table.device(self.styles.get(self.at(index).style).series);
            let Some(place) = places.get_mut(to_index(device)) else { continue };
            if *place == NONE
                && let Some(first) = self.get(index).map(|row| row.start())
            {
                *place = shares.len();
                shares.push(DeviceShare { device, rows: 0, first, last: first });
                last.push(index);
            }
            if let (Some(share), Some(last)) = (shares.get_mut(*place), last.get_mut(*place)) {
                share.rows += 1;
                *last = index;
            }
        }
        for (share, last) in shares.iter_mut().zip(last) {
            share.last = self.get(last).map_or(share.first, |row| row.start());
        }
        shares
    }
}

fn to_index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(NONE)
}
