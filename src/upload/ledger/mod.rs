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
//! - [`Ledger`] reads it, [`LedgerWriter`] writes it under its lock.
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
mod writer;

pub use batch_record::{BatchRecord, BatchState};
pub use forget::forget_all;
pub use writer::LedgerWriter;

use crate::error::Error;
use crate::store::Store;
use humansync_ingest::{Rows, sort_hashes};
use index::LedgerIndex;
use keys::{DeviceKey, LedgerKeys};
use month::LedgerMonth;
use sorted_map::SortedMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The ledger of one account and data type at one server, to be read.
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

    /// How many acknowledged batches are not settled yet.
    pub fn unsettled_count(&self) -> usize {
        self.batches.borrow().iter().filter(|(_, batch)| batch.state == BatchState::Acknowledged).count()
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

    /// The sorted hashes of all samples in batches of this state.
    pub fn hashes_in(&self, state: BatchState) -> Vec<u64> {
        let batches = self.batches.borrow();
        let wanted = batches.iter().filter(|(_, batch)| batch.state == state);
        let mut hashes: Vec<u64> = wanted.flat_map(|(_, batch)| batch.hashes()).collect();
        sort_hashes(&mut hashes);
        hashes
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

    fn batch_keys(&self, wanted: impl Fn(BatchState) -> bool) -> Vec<String> {
        let batches = self.batches.borrow();
        batches.iter().filter(|(_, batch)| wanted(batch.state)).map(|(key, _)| key.clone()).collect()
    }
}
