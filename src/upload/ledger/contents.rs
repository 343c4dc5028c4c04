//! Opens a ledger: reads its values from the store and compares them with each other, so that a missing value is
//! noticed and not mistaken for samples that were never sent.

use super::Ledger;
use super::batch_record::{BatchRecord, BatchState};
use super::index::LedgerIndex;
use super::keys::{LedgerKeys, MonthId};
use super::month::LedgerMonth;
use super::sorted_map::SortedMap;
use crate::error::Error;
use crate::store::Store;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The values of a ledger as they are in the store, apart from its months.
struct LedgerContents {
    index: LedgerIndex,
    batches: SortedMap<String, BatchRecord>,
    /// Whether a value is missing that must have been there.
    is_incomplete: bool,
}

impl<S: Store> Ledger<S> {
    /// Opens the ledger in the store.
    ///
    /// A month that the index lists but the store has lost is removed from the index. A month that the index does not
    /// list is added to it: the index may be an older copy, or lost altogether, and is then rebuilt from the months.
    /// The names of devices in a rebuilt index are unknown until samples of theirs are seen again.
    pub async fn open(store: Rc<S>, keys: LedgerKeys) -> Result<Self, Error> {
        let mut contents = LedgerContents::read(&*store, &keys).await?;
        if contents.is_incomplete {
            // Without the lock, these reads may have fallen between two writes of another upload.
            contents = LedgerContents::read(&*store, &keys).await?;
        }
        let mut inherited = SortedMap::default();
        for (key, _) in contents.batches.iter() {
            inherited.insert(key.clone(), ());
        }
        Ok(Self {
            store,
            keys,
            index: RefCell::new(contents.index),
            batches: RefCell::new(contents.batches),
            inherited: RefCell::new(inherited),
            is_incomplete: Cell::new(contents.is_incomplete),
        })
    }
}

impl LedgerContents {
    /// Reads the batches before the index, so that what another upload settles meanwhile is in at least one of them.
    async fn read<S: Store>(store: &S, keys: &LedgerKeys) -> Result<Self, Error> {
        let (mut months, mut batches): (SortedMap<MonthId, ()>, _) =
            (SortedMap::default(), SortedMap::default());
        for key in store.keys(keys.prefix()).await? {
            if let Some(month_id) = keys.parse_month(&key) {
                months.insert(month_id, ());
            } else if key.starts_with(&keys.batch_prefix())
                && let Some(value) = store.get(&key).await?
            {
                batches.insert(key, BatchRecord::from_value(&value)?);
            }
        }
        let mut index = match store.get(&keys.index()).await? {
            Some(value) => LedgerIndex::from_value(&value)?,
            None => LedgerIndex::default(),
        };
        let mut is_incomplete = false;
        for month_id in index.months() {
            if months.get(&month_id).is_none()
                && store.get(&keys.month(month_id.0, month_id.1)).await?.is_none()
            {
                index.remove_month(month_id);
                is_incomplete = true;
            }
        }
        for (month_id, ()) in months.iter() {
            if index.has(month_id.0, month_id.1) || index.is_forgetting(month_id.0) {
                continue;
            }
            if let Some(value) = store.get(&keys.month(month_id.0, month_id.1)).await? {
                index.set_month(month_id.0, "", month_id.1, &LedgerMonth::from_value(&value)?);
                // Settling writes the month, then the index, and deletes the batches last. While a batch of this month
                // is there, the index need not list the month yet.
                let is_settling = |batch: &BatchRecord| {
                    let id_of = |day, device: &str| (keys.device_key(device), LedgerMonth::number_of(day));
                    let mut groups = batch.groups.iter();
                    batch.state == BatchState::Acknowledged
                        && groups.any(|group| id_of(group.day, &group.device) == *month_id)
                };
                is_incomplete = is_incomplete || !batches.iter().any(|(_, batch)| is_settling(batch));
            }
        }
        for group in batches.iter().flat_map(|(_, batch)| &batch.groups) {
            index.set_missing_name(keys.device_key(&group.device), &group.device);
        }
        Ok(Self { index, batches, is_incomplete })
    }
}
