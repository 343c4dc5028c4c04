//! Prints rows as the body of a request.
//!
//! Neighbours differ in little but times and values. So a row is printed into the print of the last one of its shape, and that is
//! copied out.

use std::ops::Range;

use super::Rows;
use super::packed_row::Held;
use super::row_format::{Shape, Spelling};
use crate::moment::{DAY_SECONDS, Moment, write_date, write_fraction, write_time_of_day};
use crate::number;
use crate::series::Kind;
use crate::unit::DataType;

/// So many prints are kept at once.
const KEPT: usize = 16;

impl Rows {
    /// Appends the body of a request that sends the rows of a range of the present order.
    pub fn write_body(&self, data_type: DataType, range: Range<usize>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"data_type\":\"");
        out.extend_from_slice(data_type.name().as_bytes());
        out.extend_from_slice(b"\",\"data\":[");
        let mut prints: Vec<Print<'_>> = Vec::new();
        let mut used = 0;
        for index in range.start..range.end.min(self.len()) {
            if index > range.start {
                out.push(b',');
            }
            let held = self.at(index);
            if prints.get(used).is_none_or(|print| print.number != held.shape) {
                used = self.find_print(&held, &mut prints);
            }
            let before = out.len();
            if let Some(print) = prints.get_mut(used) {
                print.put(self, &held);
                out.extend_from_slice(&print.bytes);
                number::write(held.value, out, &self.numbers);
                out.extend_from_slice(&print.kind.tail);
            }
            if index == range.start {
                // The others will be about as long.
                out.reserve((out.len() - before + 3).saturating_mul(range.len()));
            }
        }
        out.extend_from_slice(b"]}");
    }

    /// Where the print of the row's shape is, which may be a new one.
    #[inline(never)]
    fn find_print<'rows>(&'rows self, held: &Held, prints: &mut Vec<Print<'rows>>) -> usize {
        if let Some(found) = prints.iter().position(|print| print.number == held.shape) {
            return found;
        }
        let shape = self.shapes.get(held.shape);
        let Some(kind) = self.kinds.get(shape.kind) else { return usize::MAX };
        prints.truncate(KEPT - 1);
        prints.push(Print::new(self, held, shape, kind));
        prints.len() - 1
    }
}

/// A row as it is printed, up to its value.
struct Print<'rows> {
    number: u32,
    far: bool,
    kind: &'rows Kind,
    bytes: Vec<u8>,
    start: Clock,
    end: Option<Clock>,
}

/// An instant in a print.
struct Clock {
    at: usize,
    digits: usize,
    /// Seconds that the clock is ahead of UTC.
    offset: i64,
    /// What is printed there: the beginning of the day in UTC, and the nanoseconds.
    midnight: i64,
    nanos: u32,
}

impl<'rows> Print<'rows> {
    fn new(rows: &Rows, held: &Held, shape: Shape, kind: &'rows Kind) -> Self {
        let row = rows.resolve(held);
        let mut bytes = kind.head.to_vec();
        let start = Clock::new(row.start(), shape.start, &mut bytes);
        let end = row.end().zip(shape.end).map(|(end, spelling)| {
            bytes.extend_from_slice(b"\",\"end_date\":\"");
            Clock::new(end, spelling, &mut bytes)
        });
        bytes.extend_from_slice(b"\",\"value\":");
        Self { number: held.shape, far: shape.far, kind, bytes, start, end }
    }

    #[inline]
    fn put(&mut self, rows: &Rows, held: &Held) {
        self.start.put(held.start(), &mut self.bytes);
        if let Some(clock) = &mut self.end {
            let end = if self.far { rows.far.get(held.duration()) } else { held.end() };
            clock.put(end, &mut self.bytes);
        }
    }
}

impl Clock {
    fn new(moment: Moment, spelling: Spelling, bytes: &mut Vec<u8>) -> Self {
        let at = bytes.len();
        moment.write(bytes);
        let offset = spelling.offset.seconds();
        let local = moment.unix_seconds() + offset;
        let midnight = local - local.rem_euclid(DAY_SECONDS) - offset;
        Self { at, digits: usize::from(spelling.digits), offset, midnight, nanos: moment.subsec_nanos() }
    }

    #[inline]
    fn put(&mut self, (seconds, nanos): (i64, u32), bytes: &mut [u8]) {
        let Some(text) = bytes.get_mut(self.at..) else { return };
        let second = match u32::try_from(seconds - self.midnight) {
            Ok(second @ 0..86_400) => second,
            _ => self.turn(seconds, text),
        };
        let Some((_, text)) = text.split_at_mut_checked(11) else { return };
        let Some((time, text)) = text.split_first_chunk_mut::<8>() else { return };
        *time = write_time_of_day(second);
        if nanos != self.nanos {
            self.nanos = nanos;
            write_fraction(nanos, text.get_mut(1..=self.digits).unwrap_or_default());
        }
    }

    /// Prints another day; gives the second of it.
    #[cold]
    #[inline(never)]
    fn turn(&mut self, seconds: i64, text: &mut [u8]) -> u32 {
        let local = seconds + self.offset;
        let second = local.rem_euclid(DAY_SECONDS);
        self.midnight = seconds - second;
        if let Some(date) = text.first_chunk_mut() {
            *date = write_date(local.div_euclid(DAY_SECONDS));
        }
        u32::try_from(second).unwrap_or(0)
    }
}
