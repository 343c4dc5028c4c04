//! Ends that lie too distant_ends behind their starts to be row in their rows: 17 years and more.

use super::packed_row::{HIGH_BITS, LOW, LOW_BITS, pack, unpack};

/// Such ends, eight bytes each, in blocks as rows are.
#[derive(Debug, Default)]
pub(super) struct DistantEnds {
    blocks: Vec<Vec<u64>>,
}

const BLOCK: usize = 1024;

impl DistantEnds {
    /// Holds an end. The number stands for it in its row, in place of a duration.
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

    /// Seconds and nanoseconds of the end that the number stands for.
    pub(super) fn get(&self, number: u64) -> (i64, u32) {
        let index = usize::try_from(number >> LOW_BITS).unwrap_or(usize::MAX);
        let high = self.blocks.get(index / BLOCK).and_then(|block| block.get(index % BLOCK));
        unpack(high.copied().unwrap_or(0), number & LOW)
    }
}

// Seconds and the nanoseconds' high bits fill a number.
const _: () = assert!(39 + HIGH_BITS == 64);
