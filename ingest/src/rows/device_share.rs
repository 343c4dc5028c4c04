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

/// The rows of one style.
#[derive(Clone, Copy, Default)]
struct StyleShare {
    rows: u64,
    first: usize,
    last: usize,
}

impl Rows {
    /// The share of each device in a range of the present order, in the order in which they first occur there.
    #[inline(never)]
    pub fn device_shares(&self, range: Range<usize>) -> Vec<DeviceShare> {
        let mut styles: Vec<StyleShare> = Vec::new();
        styles.resize(self.styles.len(), StyleShare::default());
        for index in range.start..range.end.min(self.len()) {
            let style = usize::try_from(self.at(index).style).unwrap_or(usize::MAX);
            let Some(share) = styles.get_mut(style) else { continue };
            if share.rows == 0 {
                share.first = index;
            }
            share.rows += 1;
            share.last = index;
        }
        styles.retain(|share| share.rows > 0);
        styles.sort_unstable_by_key(|share| share.first);
        let device_count = usize::try_from(self.series_table.devices()).unwrap_or(0);
        // By the number of the device, which of the shares is its.
        let mut places: Vec<Option<usize>> = vec![None; device_count];
        let mut shares: Vec<(DeviceShare, usize)> = Vec::new();
        for style in styles {
            let (Some(first), Some(last)) = (self.get(style.first), self.get(style.last)) else { continue };
            let device = self.series_table.device(first.series());
            let place = usize::try_from(device).ok().and_then(|device| places.get_mut(device));
            let Some(place) = place else { continue };
            match place.and_then(|place| shares.get_mut(place)) {
                Some((share, last_index)) => {
                    share.rows += style.rows;
                    if style.last > *last_index {
                        (share.last, *last_index) = (last.start(), style.last);
                    }
                }
                None => {
                    *place = Some(shares.len());
                    let (first, last) = (first.start(), last.start());
                    shares.push((DeviceShare { device, rows: style.rows, first, last }, style.last));
                }
            }
        }
        shares.into_iter().map(|(share, _)| share).collect()
    }
}
