//! A row packed into 32 bytes, and the ends that are too far from their starts for that: 17 years or more.

/// Seconds from the earliest instant (in the year 0000, a day ahead of UTC) to 1970.
const FIRST: i64 = 62_167_219_200 + 86_400;
/// Nanoseconds have 30 bits. 25 of them follow the seconds, so that starts compare as one number; the low five are
/// stored elsewhere.
const LOW_BITS: u32 = 5;
const LOW: u64 = (1 << LOW_BITS) - 1;
const HIGH_BITS: u32 = 30 - LOW_BITS;
const NANOS: i64 = 1_000_000_000;
const NANOS_BITS: u32 = 30;
/// Bits that are left for a duration's seconds.
const SECONDS_BITS: u32 = 64 - LOW_BITS - NANOS_BITS;

/// A row as it is stored.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PackedRow {
    /// Seconds since [`FIRST`], and the high bits of the nanoseconds.
    pub(super) start: u64,
    /// The duration (0 without an end, the end's number if it is distant), and the low bits of the start's
    /// nanoseconds.
    pub(super) rest: u64,
    pub(super) value: f64,
    pub(super) style: u32,
    pub(super) position: u32,
}

/// Seconds since [`FIRST`] with the high bits of the nanoseconds, and their low bits.
#[inline]
fn pack((seconds, nanos): (i64, u32)) -> (u64, u64) {
    let seconds = seconds.wrapping_add(FIRST).cast_unsigned();
    let nanos = u64::from(nanos);
    (seconds << HIGH_BITS | nanos >> LOW_BITS, nanos & LOW)
}

/// Seconds since 1970 and nanoseconds.
#[inline]
fn unpack(high: u64, low: u64) -> (i64, u32) {
    let seconds = (high >> HIGH_BITS).cast_signed() - FIRST;
    let nanos = (high & ((1 << HIGH_BITS) - 1)) << LOW_BITS | low;
    // Always below 2³⁰.
    (seconds, u32::try_from(nanos).unwrap_or(0))
}

/// The time from start to end, as seconds followed by nanoseconds. `None` if it is too long, 17 years or more, or if
/// the end is before the start.
#[inline]
pub(crate) fn duration(start: (i64, u32), end: (i64, u32)) -> Option<u64> {
    let mut seconds = end.0 - start.0;
    let mut nanos = i64::from(end.1) - i64::from(start.1);
    if nanos < 0 {
        nanos += NANOS;
        seconds -= 1;
    }
    let seconds = u64::try_from(seconds).ok().filter(|seconds| seconds >> SECONDS_BITS == 0)?;
    Some(seconds << NANOS_BITS | nanos.cast_unsigned())
}

impl PackedRow {
    /// A row that starts at a second since 1970 and its nanoseconds.
    #[inline]
    pub(crate) fn new(start: (i64, u32), duration: u64, value: f64, style: u32, position: u32) -> Self {
        let (high, low) = pack(start);
        Self { start: high, rest: duration << LOW_BITS | low, value, style, position }
    }

    #[inline]
    pub(super) fn before(&self, other: &Self) -> bool {
        self.start < other.start || (self.start == other.start && self.rest & LOW < other.rest & LOW)
    }

    #[inline]
    pub(super) fn starts_with(&self, other: &Self) -> bool {
        self.start == other.start && self.rest & LOW == other.rest & LOW
    }

    /// The duration, or the number of a distant end.
    #[inline]
    pub(super) fn duration(&self) -> u64 {
        self.rest >> LOW_BITS
    }

    /// Seconds and nanoseconds of the start.
    #[inline]
    pub(super) fn start(&self) -> (i64, u32) {
        unpack(self.start, self.rest & LOW)
    }

    /// Seconds and nanoseconds of the end, which is not distant.
    #[inline]
    pub(super) fn end(&self) -> (i64, u32) {
        let (seconds, nanos) = self.start();
        let duration = self.duration();
        let seconds = seconds + (duration >> NANOS_BITS).cast_signed();
        let nanos = u64::from(nanos) + (duration & ((1 << NANOS_BITS) - 1));
        let whole = nanos >= NANOS.cast_unsigned();
        let nanos = if whole { nanos - NANOS.cast_unsigned() } else { nanos };
        (seconds + i64::from(whole), u32::try_from(nanos).unwrap_or(0))
    }
}

const ENDS_BLOCK: usize = 1024;

/// Distant ends: eight bytes for each, in blocks.
#[derive(Debug, Default)]
pub(super) struct DistantEnds {
    blocks: Vec<Vec<u64>>,
}

impl DistantEnds {
    /// Adds an end. The row stores the returned number in place of a duration.
    #[cold]
    #[inline(never)]
    pub(super) fn push(&mut self, end: (i64, u32)) -> u64 {
        let (high, low) = pack(end);
        if self.blocks.last().is_none_or(|block| block.len() == ENDS_BLOCK) {
            self.blocks.push(Vec::with_capacity(ENDS_BLOCK));
        }
        let mut index = (self.blocks.len() - 1) * ENDS_BLOCK;
        if let Some(block) = self.blocks.last_mut() {
            index += block.len();
            block.push(high);
        }
        u64::try_from(index).unwrap_or(0) << LOW_BITS | low
    }

    /// Seconds and nanoseconds of the end with this number.
    pub(super) fn get(&self, number: u64) -> (i64, u32) {
        let index = usize::try_from(number >> LOW_BITS).unwrap_or(usize::MAX);
        let high = self.blocks.get(index / ENDS_BLOCK).and_then(|block| block.get(index % ENDS_BLOCK));
        unpack(high.copied().unwrap_or(0), number & LOW)
    }
}

// The seconds and the high bits of the nanoseconds fill 64 bits.
const _: () = assert!(39 + HIGH_BITS == 64);
