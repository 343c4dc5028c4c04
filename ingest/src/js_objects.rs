//! Reads JavaScript objects as the library's `objects.js` packs them: columns for regular samples, and a
//! field-by-field form for the rest.
//!
//! `objects.js` describes the form. It never leaves the process, so it has no version, and damage can only be a bug.

use crate::json::TOO_LONG;
use crate::time::LatestDate;
use crate::{Collector, Instant, RawSample, RawValue, RejectionCode, Unit};

/// Each column has room for this many rows.
const ROWS: usize = 4096;
const VALUES_AT: usize = 8;
const SERIES_AT: usize = VALUES_AT + ROWS * 8;
const LENGTHS_AT: usize = SERIES_AT + ROWS * 4;
const DATES_AT: usize = LENGTHS_AT + ROWS * 2;

/// In place of the number of a series: the row is irregular and among the rest.
const IRREGULAR: u32 = u32::MAX;
/// In place of a length: the date is among the rest, in milliseconds.
const MILLISECONDS: u8 = 0xff;
/// In place of a length: there is no date.
const ABSENT: u8 = 0xfe;
/// The first byte of a date whose text is not valid Unicode.
const LONE_SURROGATE_BYTE: u8 = 0xff;

const NOT_AN_OBJECT: &str = "a sample must be an object";
const LONE_SURROGATE: &str = "a text holds half of a surrogate pair";
const DAMAGED: &str = "the objects could not be handed over";

#[derive(Default)]
pub(crate) struct JsObjectReader {
    /// The series of all pieces so far.
    series_list: Vec<ObjectSeries>,
    /// Of the rows so far.
    latest_date: LatestDate,
}

/// A series, as the packed objects number it.
struct ObjectSeries {
    device_name: Box<str>,
    device_version: Option<Box<str>>,
    unit: Unit,
    /// Its number in the collector, after its first valid sample.
    number: Option<u32>,
}

impl JsObjectReader {
    pub(crate) fn read(&mut self, piece: &[u8], collector: &mut Collector) {
        if self.read_rows(piece, collector).is_none() {
            collector.reject_syntax(None, DAMAGED);
        }
    }

    fn read_rows(&mut self, piece: &[u8], collector: &mut Collector) -> Option<()> {
        let mut head = ByteReader(piece);
        let rows = head.u32()?;
        let size = head.u32()?;
        let values = piece.get(VALUES_AT..SERIES_AT)?.as_chunks::<8>().0;
        let series_list = piece.get(SERIES_AT..LENGTHS_AT)?.as_chunks::<4>().0;
        let lengths = piece.get(LENGTHS_AT..DATES_AT)?.as_chunks::<2>().0;
        let (dates, rest) = piece.get(DATES_AT..)?.split_at_checked(size)?;
        let (mut dates, mut rest) = (ByteReader(dates), ByteReader(rest));
        for ((value, series), &[start, end]) in values.iter().zip(series_list).zip(lengths).take(rows) {
            let series = u32::from_le_bytes(*series);
            if series == IRREGULAR {
                rest.irregular(collector)?;
                continue;
            }
            let series = numbered(&mut self.series_list, series, &mut rest)?;
            let start = date(start, &mut dates, &mut rest)?;
            let end = date(end, &mut dates, &mut rest)?;
            series.take(start, end, f64::from_le_bytes(*value), &mut self.latest_date, collector);
        }
        (dates.0.is_empty() && rest.0.is_empty()).then_some(())
    }
}

/// A series by its number. One that appears for the first time is described among the rest.
fn numbered<'list>(
    series_list: &'list mut Vec<ObjectSeries>,
    number: u32,
    rest: &mut ByteReader<'_>,
) -> Option<&'list mut ObjectSeries> {
    let number = usize::try_from(number).ok()?;
    if number == series_list.len() {
        let device_name = text(rest.field()?)?.into();
        let device_version = match rest.field()? {
            RawValue::Absent => None,
            version => Some(text(version)?.into()),
        };
        let unit = Unit::from_name(text(rest.field()?)?.as_bytes())?;
        series_list.push(ObjectSeries { device_name, device_version, unit, number: None });
    }
    series_list.get_mut(number)
}

impl ObjectSeries {
    #[inline]
    fn take(
        &mut self,
        start: RawValue<'_>,
        end: RawValue<'_>,
        value: f64,
        latest_date: &mut LatestDate,
        collector: &mut Collector,
    ) {
        let start_instant = instant(start, latest_date);
        let ends = match end {
            RawValue::Absent => Some(None),
            end => instant(end, latest_date).map(Some),
        };
        match (start_instant, ends) {
            (Some(start), Some(end)) if self.unit.accepts(value) && end.is_none_or(|end| start <= end) => {
                let version = self.device_version.as_deref();
                let number = self
                    .number
                    .get_or_insert_with(|| collector.series(&self.device_name, version, self.unit));
                collector.add(*number, start, end, value);
            }
            _ => self.reject(start, end, value, collector),
        }
    }

    /// Passes the sample on unchecked, so that the collector finds out what is wrong.
    #[cold]
    #[inline(never)]
    fn reject(&self, start: RawValue<'_>, end: RawValue<'_>, value: f64, collector: &mut Collector) {
        if [start, end].iter().any(|date| matches!(date, RawValue::Text([LONE_SURROGATE_BYTE, ..]))) {
            return collector.reject_syntax(None, LONE_SURROGATE);
        }
        let version = self.device_version.as_deref();
        let raw = RawSample {
            device_name: RawValue::Text(self.device_name.as_bytes()),
            device_version: version.map_or(RawValue::Absent, |text| RawValue::Text(text.as_bytes())),
            start_date: start,
            end_date: end,
            unit: RawValue::Text(self.unit.name().as_bytes()),
            value: RawValue::Number(value),
            unknown: None,
        };
        collector.check_and_add(&raw, None);
    }
}

/// A date, whose length comes from its column.
#[inline]
fn date<'a>(length: u8, dates: &mut ByteReader<'a>, rest: &mut ByteReader<'a>) -> Option<RawValue<'a>> {
    match length {
        ABSENT => Some(RawValue::Absent),
        MILLISECONDS => rest.number().map(RawValue::Number),
        length => dates.bytes(usize::from(length)).map(RawValue::Text),
    }
}

#[inline]
fn instant(date: RawValue<'_>, latest_date: &mut LatestDate) -> Option<Instant> {
    match date {
        RawValue::Text(text) => Instant::parse_after(latest_date, text),
        RawValue::Number(millis) => Instant::from_unix_millis(millis).ok(),
        _ => None,
    }
}

fn text(field: RawValue<'_>) -> Option<&str> {
    if let RawValue::Text(text) = field { std::str::from_utf8(text).ok() } else { None }
}

struct ByteReader<'a>(&'a [u8]);

impl<'a> ByteReader<'a> {
    #[inline]
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    fn u32(&mut self) -> Option<usize> {
        let bytes = self.bytes(4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }

    fn number(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.bytes(8)?.try_into().ok()?))
    }

    fn field(&mut self) -> Option<RawValue<'a>> {
        match self.bytes(1)? {
            [0] => Some(RawValue::Absent),
            [1] => Some(RawValue::Null),
            [2] => {
                let size = self.u32()?;
                self.bytes(size).map(RawValue::Text)
            }
            [3] => self.number().map(RawValue::Number),
            [4] => Some(RawValue::Other),
            _ => None,
        }
    }

    #[cold]
    #[inline(never)]
    fn irregular(&mut self, collector: &mut Collector) -> Option<()> {
        let (code, message) = match self.0.first()? {
            5 => (RejectionCode::Type, NOT_AN_OBJECT),
            6 => (RejectionCode::Syntax, LONE_SURROGATE),
            7 => (RejectionCode::Syntax, TOO_LONG),
            _ => return self.irregular_object(collector),
        };
        self.bytes(1)?;
        collector.reject(None, "", code, message);
        Some(())
    }

    fn irregular_object(&mut self, collector: &mut Collector) -> Option<()> {
        let raw = RawSample {
            device_name: self.field()?,
            device_version: self.field()?,
            start_date: self.field()?,
            end_date: self.field()?,
            unit: self.field()?,
            value: self.field()?,
            unknown: if let RawValue::Text(name) = self.field()? { Some(name) } else { None },
        };
        collector.check_and_add(&raw, None);
        Some(())
    }
}

#[cfg(test)]
mod tests;
