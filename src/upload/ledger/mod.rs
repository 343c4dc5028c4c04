//! The ledger: remembers what was sent, so that nothing is sent twice.
//!
//! For each device and UTC month it holds the hashes of the samples that the server has acknowledged, day by day. A
//! batch goes through it like this:
//!
//! ```text
//! begin: recorded as `Unknown` ─► sent ─┬─► 2xx: recorded as `Acknowledged` ─► settled: the hashes are added to their
//!                                       │                                      months, the record is deleted
//!                                       ├─► refused: recorded as `Refused`, so that no watermark passes it
//!                                       ├─► certainly not acted on: the record is deleted (and, if it is not sent in
//!                                       │   this upload any more, written again as `NotSent` at the end)
//!                                       └─► a crash, a broken connection: it stays `Unknown`
//! ```
//!
//! Every step is one atomic write, and settling twice changes nothing, so the process may die between any two steps.
//!
//! - `keys` says under which keys all of this is stored, `location` which server a ledger belongs to.
//! - `contents` opens a ledger, `lookup` compares rows with it, `forget` empties it, `watermarks` sums it up.
//! - `index`, `month` and `batch_record` are the stored values.

mod batch_record;
mod contents;
mod forget;
mod index;
pub mod keys;
pub mod location;
mod lookup;
mod month;
mod sorted_map;
mod watermarks;

pub use batch_record::{BatchRecord, BatchState};
pub use forget::forget_all;

use crate::error::Error;
use crate::store::Store;
use humansync_ingest::Rows;
use index::LedgerIndex;
use keys::{DeviceKey, LedgerKeys, MonthId};
use month::LedgerMonth;
use sorted_map::SortedMap;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

/// The ledger of one account and data type at one server.
pub struct Ledger<S> {
    store: Rc<S>,
    keys: LedgerKeys,
    index: RefCell<LedgerIndex>,
    /// The records of batches, by their keys.
    batches: RefCell<SortedMap<String, BatchRecord>>,
    /// Keys of the records that earlier uploads have left and this one has not rewritten.
    inherited: RefCell<SortedMap<String, ()>>,
    is_incomplete: Cell<bool>,
}

impl<S: Store> Ledger<S> {
    /// Whether a value was found to be missing in the store so far.
    pub fn is_incomplete(&self) -> bool {
        self.is_incomplete.get()
    }

    /// Records that a batch is about to be sent; true if the server may have it already, from an earlier attempt.
    pub async fn begin(&self, identity: u64, batch: BatchRecord) -> Result<bool, Error> {
        let key = self.keys.batch(identity);
        let known = self.batches.borrow().get(&key).is_some_and(|known| known.state == BatchState::Unknown);
        self.write_batch(key, batch).await?;
        Ok(known)
    }

    /// Records what became of a batch.
    pub async fn set_state(&self, identity: u64, state: BatchState) -> Result<(), Error> {
        let key = self.keys.batch(identity);
        let value = self.batches.borrow_mut().get_mut(&key).map(|batch| {
            batch.state = state;
            batch.to_value()
        });
        match value {
            Some(value) => self.store.set(&key, value).await,
            None => Ok(()),
        }
    }

    /// Deletes the record of a batch that the server has certainly not acted on.
    pub async fn retract(&self, identity: u64) -> Result<(), Error> {
        self.delete_batch(self.keys.batch(identity)).await
    }

    /// How many acknowledged batches are not settled yet.
    pub fn unsettled_count(&self) -> usize {
        self.batches.borrow().iter().filter(|(_, batch)| batch.state == BatchState::Acknowledged).count()
    }

    /// Adds the hashes of acknowledged batches to their months, and then deletes the records.
    pub async fn settle(&self) -> Result<(), Error> {
        let acknowledged = self.batch_keys(|state| state == BatchState::Acknowledged);
        self.add_to_months(&acknowledged).await?;
        for key in acknowledged {
            self.delete_batch(key).await?;
        }
        Ok(())
    }

    /// Removes what is out of date from the records of batches that were not acknowledged: samples that have been
    /// acknowledged in other batches since, and samples that an earlier upload did not send if they are among this
    /// upload's `rows`, since this upload records anew what became of them.
    pub async fn drop_resolved(&self, rows: &Rows) -> Result<(), Error> {
        let had = if self.inherited.borrow().is_empty() { Vec::new() } else { hashes_of(rows) };
        // The groups of a batch are in order of time, so each month is needed only for a while.
        let mut months: SortedMap<MonthId, LedgerMonth> = SortedMap::default();
        for key in self.batch_keys(|state| state != BatchState::Acknowledged) {
            let Some(mut batch) = self.batches.borrow().get(&key).cloned() else { continue };
            let told_anew = batch.state != BatchState::Unknown && self.inherited.borrow().get(&key).is_some();
            let mut left = Vec::new();
            for group in &batch.groups {
                let month_id = (self.keys.device_key(&group.device), LedgerMonth::number_of(group.day));
                if months.get(&month_id).is_none() {
                    if months.iter().any(|((_, number), _)| *number != month_id.1) {
                        months = SortedMap::default();
                    }
                    months.insert(month_id, self.month(month_id.0, month_id.1).await?);
                }
                let is_over = |hash: &u64| {
                    months.get(&month_id).is_some_and(|month| month.contains(group.day, *hash))
                        || told_anew && had.binary_search(hash).is_ok()
                };
                if !group.hashes.iter().all(is_over) {
                    left.push(group.clone());
                }
            }
            if left.is_empty() {
                self.delete_batch(key).await?;
            } else if left.len() < batch.groups.len() {
                batch.groups = left;
                self.write_batch(key, batch).await?;
            }
        }
        Ok(())
    }

    /// The hashes of those rows that were acknowledged. Meant for a few rows: it reads a month for each.
    pub async fn acknowledged(&self, rows: &Rows) -> Result<Vec<u64>, Error> {
        let (series, mut hashes) = (rows.series(), Vec::new());
        for row in rows.iter() {
            let device = self.keys.device_key(series.device_name(series.device(row.series())));
            let hash = row.hash(series);
            if self.month(device, LedgerMonth::number_of(row.day())).await?.contains(row.day(), hash) {
                hashes.push(hash);
            }
        }
        Ok(hashes)
    }

    /// Records samples that are known but were not sent, so that no watermark passes them.
    pub async fn record_not_sent(&self, rows: &Rows, range: Range<usize>) -> Result<(), Error> {
        let (identity, batch) = BatchRecord::of(rows, range);
        let key = self.keys.batch(identity);
        // A record that is there says more.
        if self.batches.borrow().get(&key).is_some() {
            return Ok(());
        }
        self.write_batch(key, BatchRecord { state: BatchState::NotSent, ..batch }).await
    }

    async fn add_to_months(&self, batch_keys: &[String]) -> Result<(), Error> {
        // For each month, which groups belong to it: the key of the batch, and the index of the group in it.
        let mut months: SortedMap<MonthId, Vec<(&String, usize)>> = SortedMap::default();
        for key in batch_keys {
            let batches = self.batches.borrow();
            for (number, group) in batches.get(key).into_iter().flat_map(|batch| &batch.groups).enumerate() {
                let month_id = (self.keys.device_key(&group.device), LedgerMonth::number_of(group.day));
                if let Some(groups) = months.get_or_insert_with(month_id, Vec::new) {
                    groups.push((key, number));
                }
            }
        }
        for ((device, number), groups) in months.iter() {
            if self.index.borrow().is_forgetting(*device) {
                // The process that was forgetting this device died. The months it left behind would become valid again
                // with the new one.
                self.delete_months(*device).await?;
            }
            let mut month = self.month(*device, *number).await?;
            {
                let batches = self.batches.borrow();
                let its_groups = || groups.iter().filter_map(|(key, at)| batches.get(*key)?.groups.get(*at));
                month.add(its_groups());
                if let Some(group) = its_groups().next() {
                    self.index.borrow_mut().set_month(*device, &group.device, *number, &month);
                }
            }
            self.store.set(&self.keys.month(*device, *number), month.to_value()).await?;
        }
        if months.is_empty() { Ok(()) } else { self.write_index().await }
    }

    /// Writes the corrected index if a value was missing.
    pub async fn repair(&self) -> Result<(), Error> {
        if self.is_incomplete() { self.write_index().await } else { Ok(()) }
    }

    async fn write_index(&self) -> Result<(), Error> {
        let index = self.index.borrow().to_value();
        self.store.set(&self.keys.index(), index).await
    }

    /// Reads a month. A month that the index does not list counts as empty, whatever the store has.
    ///
    /// Months are written before the index. So after a crash a month may have more samples than the index says, but
    /// never fewer: if it has fewer, the store has lost its latest value.
    async fn month(&self, device: DeviceKey, number: u32) -> Result<LedgerMonth, Error> {
        let known = self.index.borrow().count(device, number);
        let Some(known) = known else { return Ok(LedgerMonth::default()) };
        let month = match self.store.get(&self.keys.month(device, number)).await? {
            Some(value) => LedgerMonth::from_value(&value)?,
            None => LedgerMonth::default(),
        };
        if month.count() < known && self.is_listed_with_more(device, number, month.count()).await? {
            self.index.borrow_mut().correct_month(device, number, &month);
            self.is_incomplete.set(true);
        }
        Ok(month)
    }

    /// Whether the index in the store, too, lists more samples for a month. Without the lock, ours may be older than
    /// that: another process may have forgotten the month since.
    async fn is_listed_with_more(&self, device: DeviceKey, number: u32, count: u64) -> Result<bool, Error> {
        let Some(value) = self.store.get(&self.keys.index()).await? else { return Ok(false) };
        Ok(LedgerIndex::from_value(&value)?.count(device, number).is_some_and(|listed| listed > count))
    }

    async fn write_batch(&self, key: String, batch: BatchRecord) -> Result<(), Error> {
        self.store.set(&key, batch.to_value()).await?;
        self.inherited.borrow_mut().remove(&key);
        self.batches.borrow_mut().insert(key, batch);
        Ok(())
    }

    async fn delete_batch(&self, key: String) -> Result<(), Error> {
        self.store.delete(&key).await?;
        self.batches.borrow_mut().remove(&key);
        Ok(())
    }

    fn batch_keys(&self, wanted: impl Fn(BatchState) -> bool) -> Vec<String> {
        let batches = self.batches.borrow();
        batches.iter().filter(|(_, batch)| wanted(batch.state)).map(|(key, _)| key.clone()).collect()
    }

    /// The sorted hashes of all samples in batches of this state.
    pub fn hashes_in(&self, state: BatchState) -> Vec<u64> {
        let batches = self.batches.borrow();
        let wanted = batches.iter().filter(|(_, batch)| batch.state == state);
        let mut hashes: Vec<u64> = wanted.flat_map(|(_, batch)| batch.hashes()).collect();
        hashes.sort_unstable();
        hashes
    }
}

/// The sorted hashes of rows.
fn hashes_of(rows: &Rows) -> Vec<u64> {
    let mut hashes: Vec<u64> = rows.iter().map(|row| row.hash(rows.series())).collect();
    hashes.sort_unstable();
    hashes
}
