//! A row as callers see it.

use super::packed_row::{DistantEnds, PackedRow};
use super::row_style::RowStyle;
use crate::hash::inlined_with;
use crate::{Instant, SeriesTable};

/// One valid sample.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    start: Instant,
    end: Option<Instant>,
    value: f64,
    series: u32,
    position: u32,
}

impl Row {
    #[inline(always)]
    pub(super) fn new(row: &PackedRow, style: &RowStyle, distant_ends: &DistantEnds) -> Self {
        let (seconds, nanos) = row.start();
        let start = Instant { seconds, nanos, offset: style.start.offset, digits: style.start.digits };
        let end = style.end.map(|time_style| {
            let (seconds, nanos) =
                if style.has_distant_end { distant_ends.get(row.duration()) } else { row.end() };
            Instant { seconds, nanos, offset: time_style.offset, digits: time_style.digits }
        });
        Self { start, end, value: row.value, series: style.series, position: row.position }
    }

    /// When it began.
    pub const fn start(&self) -> Instant {
        self.start
    }

    /// When it ended.
    pub const fn end(&self) -> Option<Instant> {
        self.end
    }

    /// The measured value.
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// The number of its series: device, version and unit.
    pub const fn series(&self) -> u32 {
        self.series
    }

    /// The sample's index in its source, from 0.
    pub const fn position(&self) -> u32 {
        self.position
    }

    /// The UTC day on which it began, counted from 1970-01-01.
    pub const fn day(&self) -> i64 {
        self.start.day()
    }

    /// The sample's identity: equal for samples with equal device name, version, unit, value, start and end, however
    /// their dates are written. It is the same on every machine and in every release.
    #[inline(never)]
    pub fn hash(&self, series_table: &SeriesTable) -> u64 {
        let mut hash = series_table.get(self.series).map_or(0, |series| series.hash);
        hash = inlined_with(hash, self.start.seconds.cast_unsigned());
        let nanos = u64::from(self.start.nanos) << 32;
        hash = match self.end {
            // No instant has so many nanoseconds.
            None => inlined_with(hash, nanos | 0xffff_ffff),
            Some(end) => {
                inlined_with(inlined_with(hash, nanos | u64::from(end.nanos)), end.seconds.cast_unsigned())
            }
        };
        inlined_with(hash, self.value.to_bits())
    }
}
