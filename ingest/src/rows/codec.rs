//! Encodes rows as bytes, and decodes them: for samples that wait in a store for the next upload.

use super::{Row, Rows};
use crate::time::UtcOffset;
use crate::{Instant, Numbers, Unit};
use std::ops::Range;

/// In place of a text's length: there is no text.
const NO_TEXT: u32 = u32::MAX;

impl Rows {
    /// Encodes the rows of a range of the present order. The bytes are complete in themselves.
    pub fn encode(&self, range: Range<usize>) -> Vec<u8> {
        let mut out = Vec::new();
        for index in range {
            if let Some(row) = self.get(index) {
                self.encode_row(&row, &mut out);
            }
        }
        out
    }

    /// Decodes the bytes of [`Rows::encode`]; positions count from 0. `None` for other bytes.
    pub fn decode(bytes: &[u8], numbers: Numbers) -> Option<Self> {
        let mut rows = Self::new(numbers);
        let mut rest = bytes;
        let mut position = 0;
        while !rest.is_empty() {
            let name = take_text(&mut rest)??;
            let version = take_text(&mut rest)?;
            let &[unit, has_end] = take::<2>(&mut rest)?;
            let unit = *Unit::ALL.get(usize::from(unit))?;
            let start = take_instant(&mut rest)?;
            let end = match has_end {
                0 => None,
                1 => Some(take_instant(&mut rest)?),
                _ => return None,
            };
            let value = f64::from_bits(u64::from_le_bytes(*take(&mut rest)?));
            if !unit.accepts(value) || end.is_some_and(|end| end < start) {
                return None;
            }
            let series = rows.series_table.intern(name, version, unit);
            rows.push(series, start, end, value, position);
            position = position.checked_add(1)?;
        }
        Some(rows)
    }

    fn encode_row(&self, row: &Row, out: &mut Vec<u8>) {
        let series_table = self.series();
        put_text(Some(series_table.device_name(series_table.device(row.series()))), out);
        put_text(series_table.device_version(row.series()), out);
        out.push(series_table.unit(row.series()).number());
        out.push(u8::from(row.end().is_some()));
        put_instant(row.start(), out);
        if let Some(end) = row.end() {
            put_instant(end, out);
        }
        out.extend_from_slice(&row.value().to_bits().to_le_bytes());
    }
}

fn put_text(text: Option<&str>, out: &mut Vec<u8>) {
    let length = text.map_or(NO_TEXT, |text| u32::try_from(text.len()).unwrap_or(NO_TEXT - 1));
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

fn put_instant(instant: Instant, out: &mut Vec<u8>) {
    out.extend_from_slice(&instant.seconds.to_le_bytes());
    out.extend_from_slice(&instant.nanos.to_le_bytes());
    out.extend_from_slice(&instant.offset.0.to_le_bytes());
    out.push(instant.digits);
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (bytes, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(bytes)
}

fn take_text<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a str>> {
    let length = u32::from_le_bytes(*take(rest)?);
    if length == NO_TEXT {
        return Some(None);
    }
    let (text, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    Some(Some(std::str::from_utf8(text).ok()?))
}

fn take_instant(rest: &mut &[u8]) -> Option<Instant> {
    let seconds = i64::from_le_bytes(*take(rest)?);
    let nanos = u32::from_le_bytes(*take(rest)?);
    let offset = match UtcOffset(i16::from_le_bytes(*take(rest)?)) {
        offset @ (UtcOffset::Z | UtcOffset::UNKNOWN) => offset,
        UtcOffset(minutes) => UtcOffset::from_minutes(minutes)?,
    };
    let &[digits] = take(rest)?;
    Instant { seconds, nanos, offset, digits }.checked()
}
