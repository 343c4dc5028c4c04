//! Reads the headers of blocks (RFC 1951 §3.2.3 to §3.2.7).

use super::{
    CorruptData, END_OF_BLOCK, Inflater, MAX_CODE_BITS, MAX_DISTANCES, MAX_LITERALS, State, to_usize,
};

/// The order of the code lengths of the code for code lengths (RFC 1951 §3.2.7).
const CODE_LENGTH_ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

impl Inflater {
    /// Reads one part of a block's header; false if more input is needed for it.
    #[inline(never)]
    pub(super) fn header(&mut self, input: &mut &[u8]) -> Result<bool, CorruptData> {
        match self.state {
            State::Block => {
                if self.last {
                    // The last byte may have unused bits.
                    self.take(self.count % 8);
                    self.state = State::End;
                    return Ok(true);
                }
                if !self.need(input, 3) {
                    return Ok(false);
                }
                self.last = self.take(1) == 1;
                self.state = match self.take(2) {
                    0 => {
                        self.take(self.count % 8);
                        State::StoredLength
                    }
                    1 => {
                        self.fixed()?;
                        State::Symbols
                    }
                    2 => State::CodeSizes,
                    _ => return Err(CorruptData),
                };
            }
            State::StoredLength => {
                if !self.need(input, 32) {
                    return Ok(false);
                }
                let (length, inverse) = (self.take(16), self.take(16));
                if length ^ inverse != 0xffff {
                    return Err(CorruptData);
                }
                self.state = State::Stored(to_usize(length));
            }
            State::CodeSizes => {
                if !self.need(input, 14) {
                    return Ok(false);
                }
                let literals = to_usize(self.take(5)) + 257;
                let distances = to_usize(self.take(5)) + 1;
                let all = to_usize(self.take(4)) + 4;
                if literals > MAX_LITERALS || distances > MAX_DISTANCES {
                    return Err(CorruptData);
                }
                self.lengths.fill(0);
                self.state = State::CodeLengthLengths { read: 0, all, literals, distances };
            }
            State::CodeLengthLengths { read, all, literals, distances } => {
                if read == all {
                    self.literals.build(self.lengths.get(..CODE_LENGTH_ORDER.len()).unwrap_or_default())?;
                    self.lengths.fill(0);
                    self.state = State::Lengths { read: 0, literals, distances };
                    return Ok(true);
                }
                if !self.need(input, 3) {
                    return Ok(false);
                }
                let [length, ..] = self.take(3).to_le_bytes();
                let place = CODE_LENGTH_ORDER.get(read).map(|&place| usize::from(place));
                if let Some(slot) = place.and_then(|place| self.lengths.get_mut(place)) {
                    *slot = length;
                }
                self.state = State::CodeLengthLengths { read: read + 1, all, literals, distances };
            }
            State::Lengths { read, literals, distances } => {
                if read == literals + distances {
                    // The end-of-block symbol must have a code, or the block could not end.
                    if self.lengths.get(END_OF_BLOCK) == Some(&0) {
                        return Err(CorruptData);
                    }
                    let (own, rest) = self.lengths.split_at_checked(literals).ok_or(CorruptData)?;
                    self.literals.build(own)?;
                    self.distances.build(rest.get(..distances).unwrap_or_default())?;
                    self.state = State::Symbols;
                    return Ok(true);
                }
                let Some(read) = self.length(read, literals + distances, input)? else { return Ok(false) };
                self.state = State::Lengths { read, literals, distances };
            }
            State::Stored(_) | State::Symbols | State::End => {}
        }
        Ok(true)
    }

    /// Reads a code length, or several that are equal. Returns how many are done then.
    fn length(&mut self, read: usize, all: usize, input: &mut &[u8]) -> Result<Option<usize>, CorruptData> {
        self.refill(input);
        let Some((symbol, bits)) = self.literals.decode(self.bits) else {
            return if self.count < MAX_CODE_BITS { Ok(None) } else { Err(CorruptData) };
        };
        // With bits missing, a code can look like another one.
        if self.count < bits {
            return Ok(None);
        }
        let (least, extra, repeated) = match symbol {
            16 => {
                let before = read.checked_sub(1).and_then(|before| self.lengths.get(before));
                (3, 2, *before.ok_or(CorruptData)?)
            }
            17 => (3, 3, 0),
            18 => (11, 7, 0),
            length => (1, 0, u8::try_from(length).unwrap_or_default()),
        };
        if self.count < bits + extra {
            return Ok(None);
        }
        self.take(bits);
        let end = read + least + to_usize(self.take(extra));
        if end > all {
            return Err(CorruptData);
        }
        self.lengths.get_mut(read..end).ok_or(CorruptData)?.fill(repeated);
        Ok(Some(end))
    }

    /// The codes of a block with fixed codes (RFC 1951 §3.2.6).
    fn fixed(&mut self) -> Result<(), CorruptData> {
        let mut lengths = [8; 288];
        lengths.iter_mut().take(256).skip(144).for_each(|length| *length = 9);
        lengths.iter_mut().take(280).skip(256).for_each(|length| *length = 7);
        self.literals.build(&lengths)?;
        self.distances.build(&[5; 32])
    }
}
