//! Decompresses deflate streams (RFC 1951), however their bytes are cut.
//!
//! The platforms' `DecompressionStream` is not used, because it reports neither where a stream ends, so that what
//! follows can be checked, nor what is wrong with it. And the checksum needs every byte of the output anyway.

mod block_content;
mod block_header;
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InflateStatus {
    /// All input is used, and more is needed.
    NeedsInput,
    OutputFull,
    StreamEnd,
}

/// Decompresses one stream at a time.
pub(crate) struct Inflater {
    /// Bits that were taken from the input and not used yet, `count` of them. Bits above these may be set, and are
    /// those of the next bytes.
    bits: u64,
    count: u32,
    state: State,
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

impl Inflater {
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
