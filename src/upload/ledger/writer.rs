//! Writes a ledger, under its lock.

use super::Ledger;
use super::batch_record::{BatchRecord, BatchState};
use super::keys::{LedgerKeys, MonthId};
use super::month::LedgerMonth;
use super::sorted_map::SortedMap;
use crate::error::Error;
use crate::store::{LockedStore, Store};
use humansync_ingest::{Rows, sort_hashes};
use std::ops::{Deref, Range};
use std::rc::Rc;

/// A ledger whose lock is held, to be read and written.
pub struct LedgerWriter<S: Store> {
    ledger: Ledger<S>,
    pub(super) locked: Rc<LockedStore<S>>,
}

impl<S: Store> Deref for LedgerWriter<S> {
    type Target = Ledger<S>;

    fn deref(&self) -> &Ledger<S> {
        &self.ledger
    }
}

impl<S: Store> LedgerWriter<S> {
    /// Opens the ledger with these keys.
    pub async fn open(locked: Rc<LockedStore<S>>, keys: LedgerKeys) -> Result<Self, Error> {
        Ok(Self { ledger: Ledger::open(locked.store().clone(), keys).await?, locked })
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
            Some(value) => self.locked.set(&key, value).await,
            None => Ok(()),
        }
    }

    /// Deletes the record of a batch that the server has certainly not acted on.
    pub async fn retract(&self, identity: u64) -> Result<(), Error> {
        self.delete_batch(self.keys.batch(identity)).await
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
            self.locked.set(&self.keys.month(*device, *number), month.to_value()).await?;
        }
        if months.is_empty() { Ok(()) } else { self.write_index().await }
    }

    /// Writes the corrected index if a value was missing.
    pub async fn repair(&self) -> Result<(), Error> {
        if self.is_incomplete() { self.write_index().await } else { Ok(()) }
    }

    pub(super) async fn write_index(&self) -> Result<(), Error> {
        let index = self.index.borrow().to_value();
        self.locked.set(&self.keys.index(), index).await
    }

    pub(super) async fn write_batch(&self, key: String, batch: BatchRecord) -> Result<(), Error> {
        self.locked.set(&key, batch.to_value()).await?;
        self.inherited.borrow_mut().remove(&key);
        self.batches.borrow_mut().insert(key, batch);
        Ok(())
    }

    pub(super) async fn delete_batch(&self, key: String) -> Result<(), Error> {
        self.locked.delete(&key).await?;
        self.batches.borrow_mut().remove(&key);
        Ok(())
    }
}

/// The sorted hashes of rows.
fn hashes_of(rows: &Rows) -> Vec<u64> {
    let mut hashes: Vec<u64> = rows.iter().map(|row| row.hash(rows.series())).collect();
    sort_hashes(&mut hashes);
    hashes
}
