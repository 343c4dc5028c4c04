//! The fast path: reads records as Apple writes them, each much like the one before it.
//!
//! ```text
//! <Record type="…" sourceName="…" sourceVersion="…" device="…" unit="…" creationDate="…" startDate="…" endDate="…"
//! value="…"/>
//! ```
//! `sourceVersion`, `device` and `creationDate` may be missing. Everything up to the unit is compared as a whole with
//! the same part of earlier records. A record that is written in another way, or is not valid, is left to
//! [`record`](super::record). What is read here would be read there with the same result.

use super::date::{Dates, LENGTH};
use crate::find::{find_either, strip_literal, strip_start};
use crate::{DataType, Instant, Numbers, Unit, number};

/// So many sources are remembered. Exports are ordered by source, or alternate between a phone and a watch.
const MAX_SOURCES: usize = 16;
/// A longer part is not remembered.
const MAX_LEARNED_LENGTH: usize = 4096;

/// Remembers the parts that records have in common.
#[derive(Debug)]
pub struct FastRecordReader {
    unit: Unit,
    sources: Vec<SourcePrefix>,
    /// Index of the last record's source.
    last: usize,
    /// The last record's device, with the quote after it.
    device: Vec<u8>,
    pub dates: Dates,
}

/// The text of a record from after its type up to its device, or up to and including its unit if it has no device.
#[derive(Debug)]
struct SourcePrefix {
    text: Vec<u8>,
    has_device: bool,
    series: u32,
}

pub struct FastRecord<'a> {
    pub series: u32,
    pub start: Instant,
    pub end: Instant,
    pub value: f64,
    /// The text after its tag.
    pub rest: &'a [u8],
}

impl FastRecordReader {
    pub fn new(data_type: DataType) -> Self {
        let unit = match data_type {
            DataType::Steps => Unit::Count,
            DataType::Bpm => Unit::CountPerMinute,
        };
        Self { unit, sources: Vec::new(), last: 0, device: Vec::new(), dates: Dates::default() }
    }

    /// The unit of the records that are read here.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Reads a record, given from after the quote of its type. It never reads past a `<`.
    #[inline]
    pub fn read<'a>(&mut self, text: &'a [u8], numbers: &Numbers) -> Option<FastRecord<'a>> {
        let last = self.sources.get(self.last);
        let (series, has_device, mut rest) = match last.and_then(|source| source.strip_from(text)) {
            Some(found) => found,
            None => self.find_source(text)?,
        };
        if has_device {
            rest = match strip_start(rest, &self.device) {
                Some(rest) if !self.device.is_empty() => rest,
                _ => self.change_device(rest)?,
            };
            rest = self.strip_unit(rest)?;
        }
        if let Some(date) = strip_literal(rest, b" creationDate=\"") {
            let (date, after_date) = date.split_first_chunk::<LENGTH>()?;
            if find_either(date, b'"', b'<').is_some() {
                return None;
            }
            rest = strip_literal(after_date, b"\"")?;
        }
        let (start, rest) = strip_literal(rest, b" startDate=\"")?.split_first_chunk::<LENGTH>()?;
        let (end, rest) = strip_literal(rest, b"\" endDate=\"")?.split_first_chunk::<LENGTH>()?;
        let (value, rest) = number::read(strip_literal(rest, b"\" value=\"")?, numbers)?;
        let (b'"', rest) = rest.split_first()? else { return None };
        let (start, end) = (self.dates.read(start)?, self.dates.read(end)?);
        let rest = match rest {
            [b'/', b'>', rest @ ..] | [b'>', rest @ ..] => rest,
            _ => return None,
        };
        (start <= end && self.unit.accepts(value)).then_some(FastRecord { series, start, end, value, rest })
    }

    /// Remembers the source of a valid record, given from after the quote of its type.
    #[cold]
    pub fn learn(&mut self, text: &[u8], series: u32) {
        let Some((source, has_device)) = self.source(text) else { return };
        let source = SourcePrefix { text: source.to_vec(), has_device, series };
        if self.sources.len() < MAX_SOURCES {
            self.last = self.sources.len();
            self.sources.push(source);
            return;
        }
        self.last = (self.last + 1) % MAX_SOURCES;
        if let Some(other) = self.sources.get_mut(self.last) {
            *other = source;
        }
    }

    /// The part of a record that a [`SourcePrefix`] has, unless it is remembered already.
    fn source<'a>(&self, text: &'a [u8]) -> Option<(&'a [u8], bool)> {
        let mut rest = after_quote(text.strip_prefix(b" sourceName=\"")?)?;
        if let Some(version) = rest.strip_prefix(b" sourceVersion=\"") {
            rest = after_quote(version)?;
        }
        let (rest, has_device) = match rest.strip_prefix(b" device=\"") {
            Some(rest) => (rest, true),
            None => (self.strip_unit(rest)?, false),
        };
        let source =
            text.get(..text.len() - rest.len()).filter(|source| source.len() <= MAX_LEARNED_LENGTH)?;
        let is_new = self.sources.iter().all(|known| known.text != source);
        is_new.then_some((source, has_device))
    }

    #[inline(never)]
    fn find_source<'a>(&mut self, text: &'a [u8]) -> Option<(u32, bool, &'a [u8])> {
        let found = self.sources.iter().enumerate();
        let (at, found) = found.filter_map(|(at, source)| Some((at, source.strip_from(text)?))).next()?;
        self.last = at;
        Some(found)
    }

    /// The text after the device's closing quote.
    #[inline(never)]
    fn change_device<'a>(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let rest = after_quote(text)?;
        let device = text.get(..text.len() - rest.len())?;
        self.device.clear();
        if device.len() <= MAX_LEARNED_LENGTH {
            self.device.extend_from_slice(device);
        }
        Some(rest)
    }

    #[inline]
    fn strip_unit<'a>(&self, text: &'a [u8]) -> Option<&'a [u8]> {
        match self.unit {
            Unit::Count => strip_literal(text, b" unit=\"count\""),
            _ => strip_literal(text, b" unit=\"count/min\""),
        }
    }
}

impl SourcePrefix {
    #[inline]
    fn strip_from<'a>(&self, text: &'a [u8]) -> Option<(u32, bool, &'a [u8])> {
        Some((self.series, self.has_device, strip_start(text, &self.text)?))
    }
}

/// The text after the quote that ends an attribute's value.
fn after_quote(text: &[u8]) -> Option<&[u8]> {
    match text.get(find_either(text, b'"', b'<')?..)? {
        [b'"', rest @ ..] => Some(rest),
        _ => None,
    }
}
