//! Decompresses deflate streams (RFC 1951), however their bytes are cut.
//!
//! The platforms' `DecompressionStream` is not used, because it reports neither where a stream ends, so that what
//! follows can be checked, nor what is wrong with it. And the checksum needs every byte of the output anyway.

mod prefix_code;
#[cfg(test)]
mod tests;

use prefix_code::PrefixCode;

/// How far back a stream may refer.
const WINDOW: usize = 1 << 15;
/// The most output of one run.
const MAX_OUTPUT: usize = 1 << 17;
/// The longest match that one symbol stands for.
const MAX_RUN: usize = 258;

/// The bytes are not those of a valid stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CorruptData;

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InflateStatus {
    /// All input is used, and more is needed.
    NeedsInput,
    /// There is enough output for one run.
    OutputFull,
    /// The stream is complete.
    StreamEnd,
}

/// Decompresses one stream at a time.
pub(crate) struct Inflater {
    /// Bits that were taken from the input and not used yet, `count` of them. Bits above these may be set, and are
    /// those of the next bytes.
    bits: u64,
    count: u32,
    state: State,
    /// Whether the present block is the last one.
    last: bool,
    literals: PrefixCode,
    distances: PrefixCode,
    lengths: [u8; MAX_LITERALS + MAX_DISTANCES],
    /// The end of earlier output, which matches refer to, and from `output` on the output of the last run.
    out: Vec<u8>,
    output: usize,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Block,
    StoredLength,
    Stored(usize),
    CodeSizes,
    /// Reading the code lengths of the code in which code lengths are written: `read` of `all` are done.
    CodeLengthLengths {
        read: usize,
        all: usize,
        literals: usize,
        distances: usize,
    },
    /// Reading the code lengths of literals and distances.
    Lengths {
        read: usize,
        literals: usize,
        distances: usize,
    },
    Symbols,
    End,
}

const MAX_LITERALS: usize = 286;
const MAX_DISTANCES: usize = 30;
const END_OF_BLOCK: usize = 256;
/// The order of the code lengths of the code for code lengths (RFC 1951 §3.2.7).
const CODE_LENGTH_ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

impl Inflater {
    /// At the first byte of a stream.
    pub(crate) fn new() -> Self {
        Self {
            bits: 0,
            count: 0,
            state: State::Block,
            last: false,
            literals: PrefixCode::new(),
            distances: PrefixCode::new(),
            lengths: [0; MAX_LITERALS + MAX_DISTANCES],
            out: Vec::with_capacity(WINDOW + MAX_OUTPUT),
            output: 0,
        }
    }

    /// Starts over, at the first byte of another stream.
    pub(crate) fn restart(&mut self) {
        (self.bits, self.count, self.state, self.last) = (0, 0, State::Block, false);
        self.out.clear();
        self.output = 0;
    }

    /// Takes from the front of `input` until one of the reasons to stop. [`Inflater::output`] has what came out.
    pub(crate) fn run(&mut self, input: &mut &[u8]) -> Result<InflateStatus, CorruptData> {
        // Only when there is no room left: with small pieces each run would move a window.
        if self.out.len() + MAX_RUN > WINDOW + MAX_OUTPUT {
            self.out.drain(..self.out.len() - WINDOW);
            crate::scan_count::add(WINDOW);
        }
        self.output = self.out.len();
        loop {
            if self.out.len() + MAX_RUN > WINDOW + MAX_OUTPUT {
                return Ok(InflateStatus::OutputFull);
            }
            let goes_on = match self.state {
                State::End => return Ok(InflateStatus::StreamEnd),
                State::Symbols => self.symbols(input)?,
                State::Stored(left) => self.stored(left, input),
                _ => self.header(input)?,
            };
            if !goes_on {
                return Ok(InflateStatus::NeedsInput);
            }
        }
    }

    /// The output of the last run.
    pub(crate) fn output(&self) -> &[u8] {
        self.out.get(self.output..).unwrap_or_default()
    }

    /// After the end of the stream: the next byte that does not belong to it, which may already have been taken from
    /// the input.
    pub(crate) fn byte_after_stream(&mut self, input: &mut &[u8]) -> Option<u8> {
        if self.count >= 8 {
            let [byte, ..] = self.take(8).to_le_bytes();
            return Some(byte);
        }
        self.bits = 0;
        let (&byte, rest) = input.split_first()?;
        *input = rest;
        Some(byte)
    }

    /// Whether bits are left that do not belong to the stream.
    pub(crate) fn has_bits_left(&self) -> bool {
        self.count > 0
    }

    /// Whether there are at least so many bits.
    fn need(&mut self, input: &mut &[u8], bits: u32) -> bool {
        if self.count < bits {
            self.refill(input);
        }
        self.count >= bits
    }

    #[inline(always)]
    fn refill(&mut self, input: &mut &[u8]) {
        if let Some((word, _)) = input.split_first_chunk::<8>() {
            self.bits |= u64::from_le_bytes(*word) << self.count;
            let bytes = (63 - self.count) >> 3;
            *input = usize::try_from(bytes).ok().and_then(|bytes| input.get(bytes..)).unwrap_or_default();
            self.count += bytes * 8;
            return;
        }
        while self.count <= 55
            && let [byte, rest @ ..] = *input
        {
            self.bits |= u64::from(*byte) << self.count;
            self.count += 8;
            *input = rest;
        }
    }

    /// Takes the lowest bits. There must be enough.
    #[inline(always)]
    fn take(&mut self, bits: u32) -> u32 {
        let taken = low_bits(self.bits, bits);
        self.bits >>= bits;
        self.count -= bits;
        taken
    }

    /// Reads one part of a block's header; false if more input is needed for it.
    #[inline(never)]
    fn header(&mut self, input: &mut &[u8]) -> Result<bool, CorruptData> {
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

    fn fixed(&mut self) -> Result<(), CorruptData> {
        let mut lengths = [8; 288];
        lengths.iter_mut().take(256).skip(144).for_each(|length| *length = 9);
        lengths.iter_mut().take(280).skip(256).for_each(|length| *length = 7);
        self.literals.build(&lengths)?;
        self.distances.build(&[5; 32])
    }

    /// Copies from a stored block; false if more input is needed.
    fn stored(&mut self, left: usize, input: &mut &[u8]) -> bool {
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
    fn symbols(&mut self, input: &mut &[u8]) -> Result<bool, CorruptData> {
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

/// [`prefix_code::MAX_LENGTH`] as a number of bits.
const MAX_CODE_BITS: u32 = 15;

#[inline(always)]
fn low_bits(bits: u64, count: u32) -> u32 {
    u32::try_from(bits & ((1 << count) - 1)).unwrap_or_default()
}

#[inline(always)]
fn to_usize(number: u32) -> usize {
    usize::try_from(number).unwrap_or_default()
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
