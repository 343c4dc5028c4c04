//! A batch as it is written down: before it is sent, and again when its outcome is known.

use super::sorted::Sorted;
use crate::error::Error;
use crate::store::{Kind, Reader, Writer, damaged, open, seal};
use humansync_ingest::{Moment, Rows};
use std::ops::Range;

/// What is known of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was about to be sent: whether the server has it is not known.
    Unknown,
    /// The server has accepted every sample of it.
    Acknowledged,
    /// The server has refused it.
    Refused,
    /// It was not sent.
    PutOff,
}

/// A batch: not its samples, but what tells them apart.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What became of it.
    pub state: State,
    /// Its samples by device and UTC day.
    pub groups: Vec<Group>,
}

/// Samples of one device and UTC day.
#[derive(Clone, Debug)]
pub struct Group {
    /// Name of the device.
    pub device: String,
    /// UTC day, counted from 1970-01-01.
    pub day: i64,
    /// The earliest start.
    pub first: Moment,
    /// The latest start.
    pub last: Moment,
    /// Hashes of the samples.
    pub hashes: Vec<u64>,
}

impl Batch {
    /// The batch of a range of rows, about to be sent, and its identity: the same samples make the same.
    pub fn of(rows: &Rows, range: Range<usize>) -> (u64, Self) {
        let series = rows.series();
        let mut groups: Vec<Group> = Vec::new();
        let mut places: Sorted<(u32, i64), usize> = Sorted::default();
        // Samples of one device and day lie together mostly.
        let mut latest = ((u32::MAX, 0), 0);
        let mut identity = 0_u64;
        for row in range.filter_map(|index| rows.get(index)) {
            let (start, place) = (row.start(), (series.device(row.series()), row.day()));
            let hash = row.hash(series);
            // In the order of the samples, and a bijection of what came before.
            identity = (identity ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
            if latest.0 != place {
                let index = places.entry(place, || {
                    groups.push(Group::new(series.device_name(place.0), place.1, start));
                    groups.len().saturating_sub(1)
                });
                latest = (place, index.copied().unwrap_or_default());
            }
            if let Some(group) = groups.get_mut(latest.1) {
                // Rows come in order.
                group.last = start;
                group.hashes.push(hash);
            }
        }
        (identity, Self { state: State::Unknown, groups })
    }

    /// All hashes.
    pub fn hashes(&self) -> impl Iterator<Item = u64> {
        self.groups.iter().flat_map(|group| group.hashes.iter().copied())
    }

    /// As it is kept.
    pub fn to_value(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.byte(match self.state {
            State::Unknown => 0,
            State::Acknowledged => 1,
            State::Refused => 2,
            State::PutOff => 3,
        });
        out.count(self.groups.len());
        for group in &self.groups {
            out.bytes(group.device.as_bytes());
            out.signed(group.day);
            write_moment(&mut out, group.first);
            write_moment(&mut out, group.last);
            out.numbers(&group.hashes);
        }
        seal(Kind::Batch, &out.finish())
    }

    /// From what was kept.
    pub fn from_value(value: &[u8]) -> Result<Self, Error> {
        Self::read(&mut Reader::new(open(Kind::Batch, value)?)).ok_or_else(|| damaged(Kind::Batch))
    }

    fn read(from: &mut Reader) -> Option<Self> {
        let state = match from.byte()? {
            0 => State::Unknown,
            1 => State::Acknowledged,
            2 => State::Refused,
            3 => State::PutOff,
            _ => return None,
        };
        // A group has two lengths of texts, two of moments, a day and a count.
        let count = from.count(40)?;
        let mut groups = Vec::with_capacity(count);
        for _ in 0..count {
            groups.push(Group {
                device: from.text()?,
                day: from.signed()?,
                first: read_moment(from)?,
                last: read_moment(from)?,
                hashes: from.numbers()?,
            });
        }
        from.is_at_end().then_some(Self { state, groups })
    }
}

/// A moment as the text that it came as.
pub fn write_moment(out: &mut Writer, moment: Moment) {
    let mut text = Vec::new();
    moment.write_rfc3339(&mut text);
    out.bytes(&text);
}

/// The moment that was written.
pub fn read_moment(from: &mut Reader) -> Option<Moment> {
    Moment::parse_rfc3339(from.bytes()?)
}

impl Group {
    fn new(device: &str, day: i64, first: Moment) -> Self {
        Self { device: device.to_owned(), day, first, last: first, hashes: Vec::new() }
    }
}
