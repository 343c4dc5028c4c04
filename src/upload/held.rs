//! Samples that are too few for a batch: kept in the store until there are more.

use super::keys::Scope;
use crate::error::Error;
use crate::store::{Kind, Store, damaged, open, seal};
use humansync_ingest::{Moment, Numbers, Row, Rows};

/// In the place of a position in the source: the sample comes from the store.
const CARRIED: u32 = u32::MAX;

/// Whether a row was taken up from the store.
pub fn is_carried(row: &Row) -> bool {
    row.position() == CARRIED
}

/// What the store holds.
pub struct Held {
    rows: Rows,
    hashes: Vec<u64>,
}

impl Held {
    /// Reads it.
    pub async fn read<S: Store>(store: &S, scope: &Scope, numbers: Numbers) -> Result<Self, Error> {
        let rows = match store.get(&scope.held()).await? {
            Some(value) => {
                Rows::decode(open(Kind::Held, &value)?, numbers).ok_or_else(|| damaged(Kind::Held))?
            }
            None => Rows::new(numbers),
        };
        let hashes = rows.iter().map(|row| row.hash(rows.series())).collect();
        Ok(Self { rows, hashes })
    }

    /// The samples.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Adds the samples to `rows`, and says how many these are.
    pub fn take_up(&self, rows: &mut Rows) -> u64 {
        let series = self.rows.series();
        for row in self.rows.iter() {
            let name = series.device_name(series.device(row.series()));
            let (version, unit) = (series.device_version(row.series()), series.unit(row.series()));
            let kind = rows.series_mut().intern(name, version, unit);
            rows.push(kind, row.start(), row.end(), row.value(), CARRIED);
        }
        u64::try_from(self.rows.len()).unwrap_or(u64::MAX)
    }

    /// Whether this sample is held.
    pub fn has(&self, hash: u64) -> bool {
        self.hashes.contains(&hash)
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// What is held from now on: these samples but for those that are `gone`, and the rows of `others` from `first` on.
    pub fn and(&self, gone: &[u64], others: &Rows, first: usize) -> Kept {
        let mut kept = Kept::default();
        for (index, hash) in self.hashes.iter().enumerate() {
            if !gone.contains(hash) {
                kept.add(&self.rows, index);
            }
        }
        for index in first..others.len() {
            if others.get(index).is_some_and(|row| !self.has(row.hash(others.series()))) {
                kept.add(others, index);
            }
        }
        kept
    }
}

/// What is held from now on.
#[derive(Default)]
pub struct Kept {
    content: Vec<u8>,
    /// Devices and starts: what is known and not sent.
    pub waiting: Vec<(String, Moment)>,
}

impl Kept {
    fn add(&mut self, rows: &Rows, index: usize) {
        let Some(row) = rows.get(index) else { return };
        let series = rows.series();
        self.content.extend(rows.encode(index..index.saturating_add(1)));
        self.waiting.push((series.device_name(series.device(row.series())).to_owned(), row.start()));
    }

    /// Has the store hold this, and nothing else.
    pub async fn write<S: Store>(&self, store: &S, scope: &Scope) -> Result<(), Error> {
        if self.content.is_empty() {
            return store.delete(&scope.held()).await;
        }
        store.set(&scope.held(), seal(Kind::Held, &self.content)).await
    }
}
