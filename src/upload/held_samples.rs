//! Samples that were too few for a batch. The store holds them until a later upload brings enough.

use super::ledger::keys::LedgerKeys;
use crate::error::Error;
use crate::store::{LockedStore, Store, ValueKind, damaged, open, seal};
use humansync_ingest::time::Instant;
use humansync_ingest::{Numbers, Row, Rows};

/// Stands in for a row's position in the source if the sample comes from the store instead.
const CARRIED: u32 = u32::MAX;

/// Whether a row was carried over from an earlier upload, and not read from this source.
pub fn is_carried(row: &Row) -> bool {
    row.position() == CARRIED
}

/// The samples that the store holds.
pub struct HeldSamples {
    rows: Rows,
    hashes: Vec<u64>,
}

impl HeldSamples {
    /// Reads them from the store.
    pub async fn read<S: Store>(store: &S, keys: &LedgerKeys, numbers: Numbers) -> Result<Self, Error> {
        let rows = match store.get(&keys.held()).await? {
            Some(value) => Rows::decode(open(ValueKind::Held, &value)?, numbers)
                .ok_or_else(|| damaged(ValueKind::Held))?,
            None => Rows::new(numbers),
        };
        let hashes = rows.iter().map(|row| row.hash(rows.series())).collect();
        Ok(Self { rows, hashes })
    }

    /// The samples.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Appends the samples to `rows`, and returns how many there are.
    pub fn append_to(&self, rows: &mut Rows) -> u64 {
        let series = self.rows.series();
        for row in self.rows.iter() {
            let name = series.device_name(series.device(row.series()));
            let (version, unit) = (series.device_version(row.series()), series.unit(row.series()));
            let number = rows.series_mut().intern(name, version, unit);
            rows.push(number, row.start(), row.end(), row.value(), CARRIED);
        }
        u64::try_from(self.rows.len()).unwrap_or(u64::MAX)
    }

    /// Whether the sample with this hash is held.
    pub fn contains(&self, hash: u64) -> bool {
        self.hashes.contains(&hash)
    }

    /// Whether the store holds nothing.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// What the store is to hold from now on: these samples except those with hashes in `gone`, and the rows of
    /// `others` from index `first` on.
    pub fn updated(&self, gone: &[u64], others: &Rows, first: usize) -> HeldUpdate {
        let mut kept = HeldUpdate::default();
        for (index, hash) in self.hashes.iter().enumerate() {
            if !gone.contains(hash) {
                kept.add(&self.rows, index);
            }
        }
        for index in first..others.len() {
            if others.get(index).is_some_and(|row| !self.contains(row.hash(others.series()))) {
                kept.add(others, index);
            }
        }
        kept
    }
}

/// What the store is to hold from now on.
#[derive(Default)]
pub struct HeldUpdate {
    content: Vec<u8>,
    /// Device and start of each of these samples: watermarks must not pass them.
    pub waiting: Vec<(String, Instant)>,
}

impl HeldUpdate {
    fn add(&mut self, rows: &Rows, index: usize) {
        let Some(row) = rows.get(index) else { return };
        let series = rows.series();
        self.content.extend(rows.encode(index..index.saturating_add(1)));
        self.waiting.push((series.device_name(series.device(row.series())).to_owned(), row.start()));
    }

    /// Replaces what the store holds.
    pub async fn write<S: Store>(&self, store: &LockedStore<S>, keys: &LedgerKeys) -> Result<(), Error> {
        if self.content.is_empty() {
            return store.delete(&keys.held()).await;
        }
        store.set(&keys.held(), seal(ValueKind::Held, &self.content)).await
    }
}
