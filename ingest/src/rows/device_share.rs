//! How many rows each device has, and from when to when.

use std::ops::Range;

use super::Rows;

/// The rows of one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceShare {
    /// The device's number.
    pub device: u32,
    /// How many they are.
    pub rows: u64,
    /// The index of its first row.
    pub first: usize,
    /// The index of its last row.
    pub last: usize,
}

impl Rows {
    /// The share of each device in a range of the present order, in the order in which they first occur there.
    #[inline(never)]
    pub fn device_shares(&self, range: Range<usize>) -> Vec<DeviceShare> {
        // Which share is that of a device, where it has one.
        let devices = usize::try_from(self.series_table.devices()).unwrap_or(0);
        let mut places = vec![usize::MAX; devices];
        let mut shares: Vec<DeviceShare> = Vec::new();
        for index in range.start..range.end.min(self.len()) {
            let device = self.series_table.device(self.styles.series(self.at(index).style));
            let place = usize::try_from(device).ok().and_then(|device| places.get_mut(device));
            let Some(place) = place else { continue };
            if *place == usize::MAX {
                *place = shares.len();
                shares.push(DeviceShare { device, rows: 0, first: index, last: index });
            }
            if let Some(share) = shares.get_mut(*place) {
                share.rows += 1;
                share.last = index;
            }
        }
        shares
    }
}
