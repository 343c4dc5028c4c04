//! Prefix codes (RFC 1951 §3.2.2), decoded by a table of their first bits.

use super::CorruptData;

/// Bits of the table's index. Longer codes, which are rare, are decoded bit by bit.
const FAST_BITS: u32 = 10;
pub(super) const MAX_LENGTH: usize = 15;

/// A prefix code: which bits stand for which symbol.
pub(super) struct PrefixCode {
    /// By the next bits: the symbol, times 16, plus the length of its code; 0 if the code is longer or does not
    /// exist.
    fast: Box<[u16; 1 << FAST_BITS]>,
    counts: [u16; MAX_LENGTH + 1],
    /// The symbols, in the order of their codes.
    symbols: Vec<u16>,
}

impl PrefixCode {
    pub(super) fn new() -> Self {
        Self { fast: Box::new([0; 1 << FAST_BITS]), counts: [0; MAX_LENGTH + 1], symbols: Vec::new() }
    }

    /// Makes this the code whose symbols have these lengths; 0 is for a symbol without a code.
    pub(super) fn build(&mut self, lengths: &[u8]) -> Result<(), CorruptData> {
        self.counts = [0; MAX_LENGTH + 1];
        for &length in lengths {
            *self.counts.get_mut(usize::from(length)).ok_or(CorruptData)? += 1;
        }
        self.counts[0] = 0;
        // How many codes of a length are not taken by shorter ones.
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
        // A code with a single symbol may leave the other half unused.
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
            if let Some(slot) = self.symbols.get_mut(*place) {
                *slot = symbol;
            }
            *place += 1;
            let bits = u32::from(length);
            let reversed = code.reverse_bits() >> (32 - bits);
            *code += 1;
            if bits <= FAST_BITS {
                let from = usize::try_from(reversed).unwrap_or(usize::MAX);
                let entry = symbol << 4 | u16::from(length);
                self.fast.iter_mut().skip(from).step_by(1 << bits).for_each(|slot| *slot = entry);
            }
        }
        Ok(())
    }

    /// The symbol whose code the bits begin with, and the length of that code.
    #[inline(always)]
    pub(super) fn decode(&self, bits: u64) -> Option<(u16, u32)> {
        let index = usize::try_from(bits & ((1 << FAST_BITS) - 1)).unwrap_or_default();
        match self.fast.get(index).copied().unwrap_or_default() {
            0 => self.decode_long(bits),
            entry => Some((entry >> 4, u32::from(entry & 15))),
        }
    }

    #[cold]
    fn decode_long(&self, mut bits: u64) -> Option<(u16, u32)> {
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
