//! What neighbouring rows share: their series, and how their dates are written. A row stores the number of its style.

use crate::intern::Interner;
use crate::time::{Instant, UtcOffset};

/// The series of a row, and how its dates are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowStyle {
    pub(super) series: u32,
    pub(super) start: TimeStyle,
    pub(super) end: Option<TimeStyle>,
    /// Whether the end is too far from the start to be stored in the row.
    pub(super) has_distant_end: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TimeStyle {
    pub(super) offset: UtcOffset,
    pub(super) digits: u8,
}

impl TimeStyle {
    fn of(instant: Instant) -> Self {
        Self { offset: instant.offset, digits: instant.digits }
    }
}

/// All styles, numbered from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct RowStyles {
    keys: Interner,
    styles: Vec<RowStyle>,
    /// The style of the last row, which is usually that of the next one, too.
    last: Option<(RowStyle, u32)>,
}

impl RowStyles {
    #[inline]
    pub(super) fn number(
        &mut self,
        series: u32,
        start: Instant,
        end: Option<Instant>,
        has_distant_end: bool,
    ) -> u32 {
        let style =
            RowStyle { series, start: TimeStyle::of(start), end: end.map(TimeStyle::of), has_distant_end };
        match self.last {
            Some((last, number)) if last == style => number,
            _ => self.find(style),
        }
    }

    #[inline(never)]
    fn find(&mut self, style: RowStyle) -> u32 {
        let [k0, k1, k2, k3] = style.series.to_le_bytes();
        let [s0, s1] = style.start.offset.0.to_le_bytes();
        let end = style.end.unwrap_or(style.start);
        let [e0, e1] = end.offset.0.to_le_bytes();
        let flags = u8::from(style.end.is_some()) | u8::from(style.has_distant_end) << 1;
        let key = [k0, k1, k2, k3, s0, s1, style.start.digits, flags, e0, e1, end.digits];
        let (number, new) = self.keys.number(&key);
        if new {
            self.styles.push(style);
        }
        self.last = Some((style, number));
        number
    }

    /// The series of the style with this number.
    #[inline(always)]
    pub(super) fn series(&self, number: u32) -> u32 {
        self.styles.get(usize::try_from(number).unwrap_or(usize::MAX)).map_or(0, |style| style.series)
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> RowStyle {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        self.styles.get(index).copied().unwrap_or_default()
    }
}
