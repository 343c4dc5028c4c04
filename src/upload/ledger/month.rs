//! One month of a device, and its form in the store: the hashes of the samples that were acknowledged, day by day.

use super::sorted_map::SortedMap;
use crate::error::Error;
use crate::store::{ByteReader, ByteWriter, ValueKind, damaged, open_version, seal};
use humansync_ingest::time::Instant;
use humansync_ingest::time::month_of;
use humansync_ingest::{DeviceDay, sort_hashes};

/// One month of a device.
#[derive(Clone, Debug, Default)]
pub struct LedgerMonth {
    days: SortedMap<i64, Day>,
}

#[derive(Clone, Debug)]
struct Day {
    /// The earliest start, except of samples that the first version of the package recorded: it did not keep this.
    first: Option<Instant>,
    last: Instant,
    /// Sorted, without duplicates.
    hashes: Vec<u64>,
}

impl LedgerMonth {
    /// The number of the month that a UTC day is in, counted from January of the year 0.
    pub fn number_of(day: i64) -> u32 {
        month_of(day)
    }

    /// Adds samples that were acknowledged. Adding them again changes nothing.
    pub fn add<'group>(&mut self, groups: impl Iterator<Item = &'group DeviceDay>) {
        for group in groups {
            let new = || Day { first: None, last: group.last, hashes: Vec::new() };
            let Some(day) = self.days.get_or_insert_with(group.day, new) else { return };
            day.first = Some(day.first.map_or(group.first, |first| first.min(group.first)));
            day.last = day.last.max(group.last);
            day.hashes.extend_from_slice(&group.hashes);
        }
        for (_, day) in self.days.iter_mut() {
            if !day.hashes.is_sorted_by(|one, other| one < other) {
                sort_hashes(&mut day.hashes);
                day.hashes.dedup();
            }
        }
    }

    /// Whether the sample with this day and hash was acknowledged.
    pub fn contains(&self, day: i64, hash: u64) -> bool {
        self.days.get(&day).is_some_and(|day| day.hashes.binary_search(&hash).is_ok())
    }

    /// How many samples were acknowledged.
    pub fn count(&self) -> u64 {
        let count: usize = self.days.iter().map(|(_, day)| day.hashes.len()).sum();
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    /// The latest start of an acknowledged sample.
    pub fn last(&self) -> Option<Instant> {
        self.days.iter().map(|(_, day)| day.last).max()
    }

    /// The latest start before `bound` as far as it is known: of each day, only the first and the last start are.
    pub fn last_before(&self, bound: Instant) -> Option<Instant> {
        let known = |day: &Day| Some(day.last).filter(|last| *last < bound).or(day.first);
        self.days.iter().filter_map(|(_, day)| known(day)).filter(|start| *start < bound).max()
    }

    /// The stored form.
    pub fn to_value(&self) -> Vec<u8> {
        let mut out = ByteWriter::default();
        out.count(self.days.len());
        for (number, day) in self.days.iter() {
            out.signed(*number);
            out.moment(day.last);
            match day.first {
                Some(first) => out.moment(first),
                None => out.bytes(b""),
            }
            out.numbers(&day.hashes);
        }
        seal(ValueKind::Month, &out.finish())
    }

    /// Reads the stored form.
    pub fn from_value(value: &[u8]) -> Result<Self, Error> {
        let (version, content) = open_version(ValueKind::Month, value)?;
        Self::read(&mut ByteReader::new(content), version > 1).ok_or_else(|| damaged(ValueKind::Month))
    }

    fn read(from: &mut ByteReader, has_first: bool) -> Option<Self> {
        let mut days = SortedMap::default();
        for _ in 0..from.count(24)? {
            let number = from.signed()?;
            let last = from.moment()?;
            let first = match if has_first { from.bytes()? } else { b"" } {
                b"" => None,
                text => Some(Instant::parse_rfc3339(text)?),
            };
            days.insert(number, Day { first, last, hashes: from.numbers()? });
        }
        from.is_at_end().then_some(Self { days })
    }
}
