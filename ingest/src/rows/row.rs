//! A row as callers see it.

use super::distant_ends::Far;
use super::packed_row::Held;
use super::row_format::Shape;
use crate::hash;
use crate::moment::Moment;
use crate::series::Kinds;

/// One sample that passed every check.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    start: Moment,
    end: Option<Moment>,
    value: f64,
    kind: u32,
    position: u32,
}

impl Row {
    #[inline]
    pub(super) fn new(held: &Held, shape: &Shape, far: &Far) -> Self {
        let (seconds, nanos) = held.start();
        let start = Moment { seconds, nanos, offset: shape.start.offset, digits: shape.start.digits };
        let end = shape.end.map(|spelling| {
            let (seconds, nanos) = if shape.far { far.get(held.duration()) } else { held.end() };
            Moment { seconds, nanos, offset: spelling.offset, digits: spelling.digits }
        });
        Self { start, end, value: held.value, kind: shape.kind, position: held.position }
    }

    /// When it began.
    pub const fn start(&self) -> Moment {
        self.start
    }

    /// When it ended.
    pub const fn end(&self) -> Option<Moment> {
        self.end
    }

    /// How much was measured.
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// The number of its device, version and unit.
    pub const fn kind(&self) -> u32 {
        self.kind
    }

    /// Its place in the source, from 0.
    pub const fn position(&self) -> u32 {
        self.position
    }

    /// The UTC day when it began, counted from 1970-01-01.
    pub const fn day(&self) -> i64 {
        self.start.day()
    }

    /// What it is known by: the same for the same device name, version, unit, value, start and end, however these instants are spelled.
    /// The same on every machine and in every release.
    pub fn hash(&self, kinds: &Kinds) -> u64 {
        let mut hash = kinds.get(self.kind).map_or(0, |kind| kind.hash);
        hash = hash::with(hash, self.start.seconds.cast_unsigned());
        let nanos = u64::from(self.start.nanos) << 32;
        hash = match self.end {
            // No instant has so many nanoseconds.
            None => hash::with(hash, nanos | 0xffff_ffff),
            Some(end) => {
                hash::with(hash::with(hash, nanos | u64::from(end.nanos)), end.seconds.cast_unsigned())
            }
        };
        hash::with(hash, self.value.to_bits())
    }
}
