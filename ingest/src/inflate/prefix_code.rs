//! Prefix codes (RFC 1951, 3.2.2), read by a table of their first bits.

use super::CorruptData;

/// Bits that the table looks at; rarer, longer codes are read bit by bit.
const FAST_BITS: u32 = 10;
/// Bits of the longest code.
pub(super) const MAX_LENGTH: usize = 15;

/// A code: which bits stand for which symbol.
pub(super) struct PrefixCode {
    /// By the next bits: the symbol, times 16, and the length of its code; 0 where that is longer, or there is none.
    fast: Box<[u16; 1 << FAST_BITS]>,
    /// How many codes there are of each length.
    counts: [u16; MAX_LENGTH + 1],
    /// The symbols in the order of their codes.
    symbols: Vec<u16>,
}

impl PrefixCode {
    /// One in which nothing stands for anything.
    pub(super) fn new() -> Self {
        Self { fast: Box::new([0; 1 << FAST_BITS]), counts: [0; MAX_LENGTH + 1], symbols: Vec::new() }
    }

    /// Makes it the code in which each symbol has a length, 0 where it has no code.
    pub(super) fn build(&mut self, lengths: &[u8]) -> Result<(), CorruptData> {
        self.counts = [0; MAX_LENGTH + 1];
        for &length in lengths {
            *self.counts.get_mut(usize::from(length)).ok_or(CorruptData)? += 1;
        }
        self.counts[0] = 0;
        // Codes of a length that are left when the shorter ones are taken.
        let mut left = 1_i32;
        let mut code = 0_u32;
        let mut codes = [0_u32; MAX_LENGTH + 1];
        let mut places = [0_usize; MAX_LENGTH + 1];
        let mut place = 0;
        for (length, &count) in self.counts.iter().enumerate().skip(1) {
            left = left * 2 - i32::from(count);
            if left < 0 {
                return Err(CorruptData);
            }
            code <<= 1;
            if let (Some(first), Some(begin)) = (codes.get_mut(length), places.get_mut(length)) {
                *first = code;
                *begin = place;
            }
            code += u32::from(count);
            place += usize::from(count);
        }
        // A code of one symbol may leave the other half unused.
        if left > 0 && self.counts.iter().skip(2).any(|&count| count > 0) {
            return Err(CorruptData);
        }
        self.fast.fill(0);
        self.symbols.clear();
        self.symbols.resize(place, 0);
        for (symbol, &length) in (0_u16..).zip(lengths) {
            let index = usize::from(length);
            let (Some(code), Some(place)) = (codes.get_mut(index), places.get_mut(index)) else { continue };
            if length == 0 {
                continue;
            }
            if let Some(held) = self.symbols.get_mut(*place) {
                *held = symbol;
            }
            *place += 1;
            let bits = u32::from(length);
            let reversed = code.reverse_bits() >> (32 - bits);
            *code += 1;
            if bits <= FAST_BITS {
                let from = usize::try_from(reversed).unwrap_or(usize::MAX);
                let held = symbol << 4 | u16::from(length);
                self.fast.iter_mut().skip(from).step_by(1 << bits).for_each(|entry| *entry = held);
            }
        }
        Ok(())
    }

    /// The symbol that the bits begin with, and the length of its code; `None` where there is no such code.
    #[inline(always)]
    pub(super) fn find(&self, bits: u64) -> Option<(u16, u32)> {
        let index = usize::try_from(bits & ((1 << FAST_BITS) - 1)).unwrap_or_default();
        match self.fast.get(index).copied().unwrap_or_default() {
            0 => self.find_long(bits),
            entry => Some((entry >> 4, u32::from(entry & 15))),
        }
    }

    #[cold]
    fn find_long(&self, mut bits: u64) -> Option<(u16, u32)> {
        let (mut code, mut first, mut place) = (0_i32, 0_i32, 0_i32);
        for (length, &count) in (0_u32..).zip(&self.counts).skip(1) {
            code |= i32::from(bits & 1 == 1);
            bits >>= 1;
            let count = i32::from(count);
            if code - count < first {
                let symbol = self.symbols.get(usize::try_from(place + code - first).ok()?)?;
                return Some((*symbol, length));
            }
            place += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}
