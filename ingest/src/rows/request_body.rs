//! Writes rows as the body of a request.
//!
//! Neighbours differ in little but dates and values. So the last row of each style is kept as JSON; only what differs
//! is written into it, and the result is copied.

use std::ops::Range;

use super::Rows;
use super::packed_row::PackedRow;
use super::row_style::{RowStyle, TimeStyle};
use crate::series::Series;
use crate::time::{DAY_SECONDS, write_date, write_fraction, write_time_of_day};
use crate::{DataType, Instant, number};

/// So many rows are kept at once.
const MAX_PRINTED_ROWS: usize = 16;

impl Rows {
    /// Appends the body of a request that sends the rows of a range of the present order.
    #[inline(never)]
    pub fn write_body(&self, data_type: DataType, range: Range<usize>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"data_type\":\"");
        out.extend_from_slice(data_type.name().as_bytes());
        out.extend_from_slice(b"\",\"data\":[");
        let mut printed_rows: Vec<PrintedRow<'_>> = Vec::new();
        let mut used = 0;
        for index in range.start..range.end.min(self.len()) {
            let row = self.at(index);
            if printed_rows.get(used).is_none_or(|printed| printed.style != row.style) {
                used = self.find_printed(&row, &mut printed_rows);
            }
            let before = out.len();
            if let Some(printed) = printed_rows.get_mut(used) {
                printed.update(self, &row);
                out.extend_from_slice(&printed.bytes);
            }
            if index == range.start {
                // The other rows will be about as long.
                out.reserve((out.len() - before + 2).saturating_mul(range.len()));
            }
        }
        // The last row's comma.
        if out.last() == Some(&b',') {
            out.pop();
        }
        out.extend_from_slice(b"]}");
    }

    /// The index of the row that is kept for this row's style, which may be new.
    #[inline(never)]
    fn find_printed<'rows>(&'rows self, row: &PackedRow, printed_rows: &mut Vec<PrintedRow<'rows>>) -> usize {
        if let Some(found) = printed_rows.iter().position(|printed| printed.style == row.style) {
            return found;
        }
        let style = self.styles.get(row.style);
        let Some(series) = self.series_table.get(style.series) else { return usize::MAX };
        printed_rows.truncate(MAX_PRINTED_ROWS - 1);
        printed_rows.push(PrintedRow::new(self, row, style, series));
        printed_rows.len() - 1
    }
}

/// The JSON of a row, and a comma, as the last `update` has left it.
struct PrintedRow<'rows> {
    style: u32,
    has_distant_end: bool,
    series: &'rows Series,
    bytes: Vec<u8>,
    /// Where the value begins, and which it is.
    value_at: usize,
    value: f64,
    start: PrintedTime,
    end: Option<PrintedTime>,
}

struct PrintedTime {
    at: usize,
    digits: usize,
    /// Seconds that the date's clock is ahead of UTC.
    offset: i64,
    /// The date that is printed: the UTC second in which its day began, and the nanoseconds.
    midnight: i64,
    nanos: u32,
}

impl<'rows> PrintedRow<'rows> {
    fn new(rows: &Rows, packed: &PackedRow, style: RowStyle, series: &'rows Series) -> Self {
        let row = rows.resolve(packed);
        let mut bytes = series.head.to_vec();
        let start = PrintedTime::new(row.start(), style.start, &mut bytes);
        let end = row.end().zip(style.end).map(|(end, time_style)| {
            bytes.extend_from_slice(b"\",\"end_date\":\"");
            PrintedTime::new(end, time_style, &mut bytes)
        });
        bytes.extend_from_slice(b"\",\"value\":");
        let has_distant_end = style.has_distant_end;
        // No row has this value, so that `update` writes the first one, and what follows it.
        let (value_at, value) = (bytes.len(), f64::NAN);
        Self { style: packed.style, has_distant_end, series, bytes, value_at, value, start, end }
    }

    #[inline]
    fn update(&mut self, rows: &Rows, row: &PackedRow) {
        self.start.update(row.start(), &mut self.bytes);
        if let Some(time) = &mut self.end {
            let end = if self.has_distant_end { rows.distant_ends.get(row.duration()) } else { row.end() };
            time.update(end, &mut self.bytes);
        }
        if row.value.to_bits() != self.value.to_bits() {
            self.value = row.value;
            self.bytes.truncate(self.value_at);
            number::write(row.value, &mut self.bytes, &rows.numbers);
            self.bytes.extend_from_slice(&self.series.tail);
        }
    }
}

impl PrintedTime {
    fn new(instant: Instant, time_style: TimeStyle, bytes: &mut Vec<u8>) -> Self {
        let at = bytes.len();
        instant.write_rfc3339(bytes);
        let offset = time_style.offset.seconds();
        let local = instant.unix_seconds() + offset;
        let midnight = local - local.rem_euclid(DAY_SECONDS) - offset;
        Self { at, digits: usize::from(time_style.digits), offset, midnight, nanos: instant.subsec_nanos() }
    }

    #[inline]
    fn update(&mut self, (seconds, nanos): (i64, u32), bytes: &mut [u8]) {
        let Some(text) = bytes.get_mut(self.at..) else { return };
        let second = match u32::try_from(seconds - self.midnight) {
            Ok(second @ 0..86_400) => second,
            _ => self.change_day(seconds, text),
        };
        let Some((_, text)) = text.split_at_mut_checked(11) else { return };
        let Some((time, text)) = text.split_first_chunk_mut::<8>() else { return };
        *time = write_time_of_day(second);
        if nanos != self.nanos {
            self.nanos = nanos;
            write_fraction(nanos, text.get_mut(1..=self.digits).unwrap_or_default());
        }
    }

    /// Prints another day. Returns the second of it.
    #[cold]
    #[inline(never)]
    fn change_day(&mut self, seconds: i64, text: &mut [u8]) -> u32 {
        let local = seconds + self.offset;
        let second = local.rem_euclid(DAY_SECONDS);
        self.midnight = seconds - second;
        if let Some(date) = text.first_chunk_mut() {
            *date = write_date(local.div_euclid(DAY_SECONDS));
        }
        u32::try_from(second).unwrap_or(0)
    }
}
