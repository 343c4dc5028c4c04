//! Ends that are too far from their starts for a packed row: 17 years or more.

use super::packed_row::{HIGH_BITS, LOW, LOW_BITS, pack, unpack};

/// Eight bytes for each end, in blocks.
#[derive(Debug, Default)]
pub(super) struct DistantEnds {
    blocks: Vec<Vec<u64>>,
}

const BLOCK: usize = 1024;

impl DistantEnds {
    /// Adds an end. The row stores the returned number in place of a duration.
    #[cold]
    #[inline(never)]
    pub(super) fn push(&mut self, end: (i64, u32)) -> u64 {
        let (high, low) = pack(end);
        if self.blocks.last().is_none_or(|block| block.len() == BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let mut index = (self.blocks.len() - 1) * BLOCK;
        if let Some(block) = self.blocks.last_mut() {
            index += block.len();
            block.push(high);
        }
        u64::try_from(index).unwrap_or(0) << LOW_BITS | low
    }

    /// Seconds and nanoseconds of the end with this number.
    pub(super) fn get(&self, number: u64) -> (i64, u32) {
        let index = usize::try_from(number >> LOW_BITS).unwrap_or(usize::MAX);
        let high = self.blocks.get(index / BLOCK).and_then(|block| block.get(index % BLOCK));
        unpack(high.copied().unwrap_or(0), number & LOW)
    }
}

// The seconds and the high bits of the nanoseconds fill 64 bits.
const _: () = assert!(39 + HIGH_BITS == 64);
