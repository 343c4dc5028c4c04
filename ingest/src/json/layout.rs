//! The fast path: reads records that look like an earlier one, in which only dates and values differ.
//!
//! A layout is learned from a record that was read the general way. Everything but the slots is compared byte for
//! byte, so a record with the same layout has the same names, offsets and unit, and the same style of row.

use super::sample_object::{FieldSpan, SampleObject};
use crate::collector::{CollectedSample, Collector};
use crate::find::strip_start;
use crate::rows::{PackedRow, duration};
use crate::time::{DAY_SECONDS, Instant, read_date, read_time_of_day};
use crate::{Numbers, Rows, number};

/// So many layouts are known at once, the last one used first.
const CAPACITY: usize = 8;
/// Longer records are not learned.
const MAX_LEARNED_LENGTH: usize = 4096;
/// After so many layouts that were learned in vain, only one in so many is learned.
const PATIENCE: u32 = 64;

#[derive(Debug, Default)]
pub(super) struct LayoutCache {
    known: Vec<Layout>,
    /// Layouts learned since one was last used.
    learned_in_vain: u32,
    /// Learns nothing, so that everything goes the general way.
    #[cfg(test)]
    pub(super) is_disabled: bool,
}

#[derive(Debug)]
struct Layout {
    /// The last one is where the record ends.
    slots: Vec<Slot>,
    lines: u64,
    /// The number of the row's style, and the largest value that its unit accepts.
    style: u32,
    max_value: f64,
    has_end: bool,
}

/// A part that differs from record to record.
#[derive(Debug)]
struct Slot {
    /// The bytes between the previous slot and this one.
    before: Box<[u8]>,
    content: SlotContent,
}

#[derive(Debug)]
enum SlotContent {
    Value,
    Start(TimeText),
    End(TimeText),
    Nothing,
}

/// A date up to its offset, which belongs to the bytes after it.
#[derive(Debug)]
struct TimeText {
    /// The day of the last date, with the letter after it, and the UTC second in which it began.
    day: [u8; 11],
    midnight: i64,
    /// Seconds that the date's clock is ahead of UTC.
    offset: i64,
    digits: usize,
}

impl LayoutCache {
    /// Reads a record at the start of `bytes`, if its layout is known and it is valid. Returns the text after it, and
    /// how many lines end in it. With `line` the record must be a whole line, whose line break is passed, too.
    #[inline]
    pub fn read<'a>(
        &mut self,
        bytes: &'a [u8],
        line: bool,
        collector: &mut Collector,
    ) -> Option<(&'a [u8], u64)> {
        // If records seldom look alike, trying all layouts would only take time.
        let tried = if self.learned_in_vain > PATIENCE { 2 } else { CAPACITY };
        for index in 0..self.known.len().min(tried) {
            let layout = self.known.get_mut(index)?;
            if let Some((row, after)) = layout.read(bytes, line, collector) {
                let lines = layout.lines;
                collector.add_packed(row);
                if index > 0 {
                    self.learned_in_vain = self.learned_in_vain.saturating_sub(1);
                    self.known.swap(index, 0);
                }
                return Some((after, lines));
            }
        }
        None
    }

    /// Learns the layout of a record that was read.
    #[inline(never)]
    pub fn learn(&mut self, text: &[u8], object: &SampleObject, sample: &CollectedSample, rows: &mut Rows) {
        #[cfg(test)]
        if self.is_disabled {
            return;
        }
        self.learned_in_vain = self.learned_in_vain.wrapping_add(1);
        if self.learned_in_vain > PATIENCE && !self.learned_in_vain.is_multiple_of(PATIENCE) {
            return;
        }
        if let Some(layout) = Layout::of(text, object, sample, rows) {
            self.known.truncate(CAPACITY - 1);
            self.known.insert(0, layout);
        }
    }
}

impl Layout {
    fn of(text: &[u8], object: &SampleObject, sample: &CollectedSample, rows: &mut Rows) -> Option<Self> {
        if object.repeated || text.len() > MAX_LEARNED_LENGTH {
            return None;
        }
        let [_, _, start, end, _, value] = object.fields;
        let mut ranges = Vec::with_capacity(4);
        let (FieldSpan::Raw(from, _), FieldSpan::Number(_, value_from, value_to)) = (start, value) else {
            return None;
        };
        let (time, to) = TimeText::of(text, from, sample.start)?;
        ranges.push((from, to, SlotContent::Start(time)));
        ranges.push((value_from, value_to, SlotContent::Value));
        match (end, sample.end) {
            (FieldSpan::Raw(from, _), Some(end)) => {
                duration(sample.start.parts(), end.parts())?;
                let (time, to) = TimeText::of(text, from, end)?;
                ranges.push((from, to, SlotContent::End(time)));
            }
            (_, None) => {}
            _ => return None,
        }
        ranges.sort_unstable_by_key(|range| range.0);
        ranges.push((text.len(), text.len(), SlotContent::Nothing));
        let mut slots = Vec::with_capacity(ranges.len());
        let mut previous_end = 0;
        for (from, to, content) in ranges {
            slots.push(Slot { before: text.get(previous_end..from)?.into(), content });
            previous_end = to;
        }
        Some(Self {
            slots,
            lines: super::count_lines(text),
            style: rows.style(sample.series, sample.start, sample.end),
            max_value: rows.series().unit(sample.series).max_value(),
            has_end: sample.end.is_some(),
        })
    }

    #[inline]
    fn read<'a>(
        &mut self,
        bytes: &'a [u8],
        line: bool,
        collector: &Collector,
    ) -> Option<(PackedRow, &'a [u8])> {
        let mut rest = bytes;
        let (mut start, mut end, mut value) = ((0, 0), (0, 0), 0.0);
        for slot in &mut self.slots {
            rest = strip_start(rest, &slot.before)?;
            match &mut slot.content {
                SlotContent::Start(time) => (start, rest) = time.read(rest)?,
                SlotContent::End(time) => (end, rest) = time.read(rest)?,
                SlotContent::Value => (value, rest) = read_value(rest, &collector.rows.numbers)?,
                SlotContent::Nothing => {}
            }
        }
        if line {
            rest = match rest {
                [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..] => rest,
                // A line feed may follow in the next piece.
                [b'\r', rest @ ..] if !rest.is_empty() => rest,
                _ => return None,
            };
        }
        if !(value > 0.0 && value <= self.max_value) {
            return None;
        }
        let duration = if self.has_end { duration(start, end)? } else { 0 };
        Some((PackedRow::new(start, duration, value, self.style, collector.position()), rest))
    }
}

impl TimeText {
    /// The date that begins at `from`, and where its offset begins.
    fn of(text: &[u8], from: usize, instant: Instant) -> Option<(Self, usize)> {
        let digits = usize::from(instant.digits);
        if digits > 9 {
            return None;
        }
        let &day = text.get(from..)?.first_chunk()?;
        let offset = instant.offset.seconds();
        let local = instant.seconds + offset;
        let midnight = local - local.rem_euclid(DAY_SECONDS) - offset;
        let to = from + 19 + if digits > 0 { digits + 1 } else { 0 };
        Some((Self { day, midnight, offset, digits }, to))
    }

    #[inline(always)]
    fn read<'a>(&mut self, text: &'a [u8]) -> Option<((i64, u32), &'a [u8])> {
        let (day, rest) = text.split_first_chunk::<11>()?;
        let (time, mut rest) = rest.split_first_chunk::<8>()?;
        if strip_start(day, &self.day).is_none() {
            self.change_day(day)?;
        }
        let seconds = self.midnight + read_time_of_day(*time)?;
        let mut nanos = 0;
        if self.digits > 0 {
            let (fraction, after) = rest.split_at_checked(self.digits + 1)?;
            nanos = read_fraction(fraction)?;
            rest = after;
        }
        Some(((seconds, nanos), rest))
    }

    #[cold]
    #[inline(never)]
    fn change_day(&mut self, day: &[u8; 11]) -> Option<()> {
        let (date, letter) = day.split_first_chunk::<10>()?;
        if !matches!(letter, [b'T' | b't' | b' ']) {
            return None;
        }
        self.midnight = read_date(date)? * DAY_SECONDS - self.offset;
        self.day = *day;
        Some(())
    }
}

/// Nanoseconds of a point and at most nine digits.
#[inline(always)]
fn read_fraction(text: &[u8]) -> Option<u32> {
    let [b'.', digits @ ..] = text else { return None };
    let (mut value, mut unit) = (0, 1_000_000_000);
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u32::from(digit);
        unit /= 10;
    }
    Some(value * unit)
}

/// A JSON number. Most values are small whole numbers, which need no more than this loop.
#[inline]
fn read_value<'a>(text: &'a [u8], numbers: &Numbers) -> Option<(f64, &'a [u8])> {
    let mut value = 0;
    let mut rest = text;
    while let [digit @ b'0'..=b'9', after @ ..] = rest
        && value < 100_000
    {
        value = value * 10 + u32::from(digit - b'0');
        rest = after;
    }
    match (text, rest) {
        ([b'1'..=b'9', ..], [b',' | b'}' | b' ' | b'\n' | b'\r' | b'\t', ..]) => {
            Some((f64::from(value), rest))
        }
        _ => number::read(text, numbers),
    }
}
