//! A row in 32 bytes.

/// Seconds from the earliest instant that can be written (in the year 0000, a day ahead of UTC) to 1970.
const FIRST: i64 = 62_167_219_200 + 86_400;
/// Nanoseconds take 30 bits: 25 of them are held behind the seconds, so that starts compare as one number, and five elsewhere.
const LOW_BITS: u32 = 5;
const LOW: u64 = (1 << LOW_BITS) - 1;
const HIGH_BITS: u32 = 30 - LOW_BITS;
const NANOS: i64 = 1_000_000_000;

/// A row as it lies in memory.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held {
    /// Seconds since [`FIRST`], and the high bits of the nanoseconds.
    pub(super) start: u64,
    /// Nanoseconds from start to end (0 without an end; the end's index where it is far), and the low bits of the start's nanoseconds.
    pub(super) rest: u64,
    pub(super) value: f64,
    pub(super) shape: u32,
    pub(super) position: u32,
}

/// Nanoseconds from start to end, if they can be held: up to 18 years.
#[inline]
pub(crate) fn duration(start: (i64, u32), end: (i64, u32)) -> Option<u64> {
    let nanos = i64::from(end.1) - i64::from(start.1);
    let duration = (end.0 - start.0).checked_mul(NANOS)?.checked_add(nanos)?;
    u64::try_from(duration).ok().filter(|duration| duration >> (64 - LOW_BITS) == 0)
}

impl Held {
    /// Starts at a second since 1970 with its nanoseconds.
    #[inline]
    pub(crate) fn new(start: (i64, u32), duration: u64, value: f64, shape: u32, position: u32) -> Self {
        let seconds = start.0.wrapping_add(FIRST).cast_unsigned();
        let nanos = u64::from(start.1);
        Self {
            start: seconds << HIGH_BITS | nanos >> LOW_BITS,
            rest: duration << LOW_BITS | nanos & LOW,
            value,
            shape,
            position,
        }
    }

    /// Whether it starts earlier.
    #[inline]
    pub(super) fn before(&self, other: &Self) -> bool {
        self.start < other.start || (self.start == other.start && self.rest & LOW < other.rest & LOW)
    }

    /// Whether both start at the same instant.
    #[inline]
    pub(super) fn starts_with(&self, other: &Self) -> bool {
        self.start == other.start && self.rest & LOW == other.rest & LOW
    }

    /// Nanoseconds from start to end, or the end's index where it is far.
    #[inline]
    pub(super) fn duration(&self) -> u64 {
        self.rest >> LOW_BITS
    }

    /// Seconds and nanoseconds of the start.
    #[inline]
    pub(super) fn start(&self) -> (i64, u32) {
        let seconds = (self.start >> HIGH_BITS).cast_signed() - FIRST;
        let nanos = (self.start & ((1 << HIGH_BITS) - 1)) << LOW_BITS | self.rest & LOW;
        // Below 2³⁰.
        (seconds, u32::try_from(nanos).unwrap_or(0))
    }

    /// Seconds and nanoseconds of the end.
    #[inline]
    pub(super) fn end(&self, far: Option<&[(i64, u32)]>) -> (i64, u32) {
        if let Some(far) = far {
            let index = usize::try_from(self.duration()).unwrap_or(usize::MAX);
            return far.get(index).copied().unwrap_or_default();
        }
        let (seconds, nanos) = self.start();
        let nanos = self.duration().cast_signed() + i64::from(nanos);
        (seconds + nanos / NANOS, u32::try_from(nanos % NANOS).unwrap_or(0))
    }
}
