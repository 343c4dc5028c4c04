//! The record of a batch in the ledger: written before it is sent, and again when its outcome is known.

use crate::error::Error;
use crate::store::{ByteReader, ByteWriter, ValueKind, damaged, open, seal};
use humansync_ingest::{DeviceDay, Rows};
use std::ops::Range;

/// What is known of the fate of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// It was about to be sent: nobody knows whether the server has it.
    Unknown,
    /// The server has accepted all of its samples.
    Acknowledged,
    /// The server has refused it.
    Refused,
    /// It was not sent.
    NotSent,
}

/// The record of a batch. It has the hashes of the samples, not the samples themselves.
#[derive(Clone, Debug)]
pub struct BatchRecord {
    pub state: BatchState,
    /// Its samples, grouped by device and UTC day.
    pub groups: Vec<DeviceDay>,
}

impl BatchRecord {
    /// The record of a batch of these rows that is about to be sent, and the batch's identity: equal for equal samples
    /// in equal order.
    pub fn of(rows: &Rows, range: Range<usize>) -> (u64, Self) {
        let (identity, groups) = rows.device_days(range);
        (identity, Self { state: BatchState::Unknown, groups })
    }

    /// The hashes of all of its samples.
    pub fn hashes(&self) -> impl Iterator<Item = u64> {
        self.groups.iter().flat_map(|group| group.hashes.iter().copied())
    }

    /// The stored form.
    pub fn to_value(&self) -> Vec<u8> {
        let mut out = ByteWriter::default();
        out.byte(match self.state {
            BatchState::Unknown => 0,
            BatchState::Acknowledged => 1,
            BatchState::Refused => 2,
            BatchState::NotSent => 3,
        });
        out.count(self.groups.len());
        for group in &self.groups {
            out.bytes(group.device.as_bytes());
            out.signed(group.day);
            out.moment(group.first);
            out.moment(group.last);
            out.numbers(&group.hashes);
        }
        seal(ValueKind::Batch, &out.finish())
    }

    /// Reads the stored form.
    pub fn from_value(value: &[u8]) -> Result<Self, Error> {
        Self::read(&mut ByteReader::new(open(ValueKind::Batch, value)?))
            .ok_or_else(|| damaged(ValueKind::Batch))
    }

    fn read(from: &mut ByteReader) -> Option<Self> {
        let state = match from.byte()? {
            0 => BatchState::Unknown,
            1 => BatchState::Acknowledged,
            2 => BatchState::Refused,
            3 => BatchState::NotSent,
            _ => return None,
        };
        // The least that a group takes, so that a damaged count cannot reserve too much memory.
        let count = from.count(40)?;
        let mut groups = Vec::with_capacity(count);
        for _ in 0..count {
            groups.push(DeviceDay {
                device: from.text()?,
                day: from.signed()?,
                first: from.moment()?,
                last: from.moment()?,
                hashes: from.numbers()?,
            });
        }
        from.is_at_end().then_some(Self { state, groups })
    }
}
