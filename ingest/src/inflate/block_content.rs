//! Decompresses the content of blocks: stored bytes, and symbols of literals and matches.

use super::{
    CorruptData, END_OF_BLOCK, Inflater, MAX_CODE_BITS, MAX_OUTPUT, MAX_RUN, State, WINDOW, low_bits,
    to_usize,
};

impl Inflater {
    /// Copies from a stored block; false if more input is needed.
    pub(super) fn stored(&mut self, left: usize, input: &mut &[u8]) -> bool {
        if left == 0 {
            self.state = State::Block;
            return true;
        }
        if self.count >= 8 {
            let [byte, ..] = self.take(8).to_le_bytes();
            self.out.push(byte);
            self.state = State::Stored(left - 1);
            return true;
        }
        // The bits above `count` belong to bytes that are copied now.
        self.bits = 0;
        let room = (WINDOW + MAX_OUTPUT).saturating_sub(self.out.len());
        let (copied, rest) = input.split_at(left.min(room).min(input.len()));
        self.out.extend_from_slice(copied);
        *input = rest;
        self.state = State::Stored(left - copied.len());
        !copied.is_empty()
    }

    /// Reads symbols until the block ends or the output is full; false if more input is needed.
    #[inline(never)]
    pub(super) fn symbols(&mut self, input: &mut &[u8]) -> Result<bool, CorruptData> {
        while self.out.len() + MAX_RUN <= WINDOW + MAX_OUTPUT {
            // A symbol and all that belongs to it take at most 48 bits.
            if self.count < 48 {
                self.refill(input);
            }
            let Some((symbol, length)) = self.literals.decode(self.bits) else {
                return if self.count < MAX_CODE_BITS { Ok(false) } else { Err(CorruptData) };
            };
            if length > self.count {
                return Ok(false);
            }
            if let Ok(byte) = u8::try_from(symbol) {
                self.bits >>= length;
                self.count -= length;
                self.out.push(byte);
                continue;
            }
            let Some(place) = usize::from(symbol).checked_sub(END_OF_BLOCK + 1) else {
                self.take(length);
                self.state = State::Block;
                return Ok(true);
            };
            let (mut bits, mut used) = (self.bits >> length, length);
            let (least, extra) = length_of(place).ok_or(CorruptData)?;
            let run = least + to_usize(low_bits(bits, extra));
            bits >>= extra;
            used += extra;
            let Some((symbol, length)) = self.distances.decode(bits) else {
                return if self.count < used + MAX_CODE_BITS { Ok(false) } else { Err(CorruptData) };
            };
            bits >>= length;
            used += length;
            if used > self.count {
                return Ok(false);
            }
            let (least, extra) = distance_of(usize::from(symbol)).ok_or(CorruptData)?;
            let distance = least + to_usize(low_bits(bits, extra));
            used += extra;
            if used > self.count {
                return Ok(false);
            }
            self.bits = bits >> extra;
            self.count -= used;
            self.repeat(run, distance)?;
        }
        Ok(true)
    }

    /// Appends a match: `run` bytes from `distance` back. The two may overlap.
    #[inline(always)]
    fn repeat(&mut self, run: usize, distance: usize) -> Result<(), CorruptData> {
        let from = self.out.len().checked_sub(distance).ok_or(CorruptData)?;
        if run <= distance {
            self.out.extend_from_within(from..from + run);
            return Ok(());
        }
        let end = self.out.len() + run;
        // Each step doubles the bytes that can be copied at once.
        while self.out.len() < end {
            let there = (self.out.len() - from).min(end - self.out.len());
            self.out.extend_from_within(from..from + there);
        }
        Ok(())
    }
}

/// The least match length of a symbol, and how many extra bits are added to it (RFC 1951 §3.2.5).
#[inline(always)]
fn length_of(place: usize) -> Option<(usize, u32)> {
    match place {
        0..8 => Some((place + 3, 0)),
        8..28 => {
            let extra = place / 4 - 1;
            Some((((4 + place % 4) << extra) + 3, u32::try_from(extra).unwrap_or_default()))
        }
        28 => Some((258, 0)),
        _ => None,
    }
}

/// The same for distances.
#[inline(always)]
fn distance_of(place: usize) -> Option<(usize, u32)> {
    match place {
        0..4 => Some((place + 1, 0)),
        4..30 => {
            let extra = place / 2 - 1;
            Some((((2 + place % 2) << extra) + 1, u32::try_from(extra).unwrap_or_default()))
        }
        _ => None,
    }
}
