//! What was sent, so that nothing is sent twice.
//!
//! For each account and type, device and UTC day: the hashes of the samples that the server has acknowledged. A batch goes
//! through it like this:
//!
//! ```text
//! begin: written down as `Unknown` ─► sent ─┬─► 2xx: written down as `Acknowledged` ─► settled: its hashes are in
//!                                           │                                          their months, the batch is gone
//!                                           ├─► refused: written down as `Refused`, for the watermark's sake
//!                                           ├─► certainly not acted on: taken back
//!                                           │   (and, as what was not come to, written down as `PutOff` at the end)
//!                                           └─► a crash, a broken connection: it stays `Unknown`
//! ```
//!
//! Every step is one atomic write, and settling twice changes nothing, so a process may die between any two of them.

mod batch;
mod choice;
mod index;
mod month;
mod opening;
mod sorted;
mod standing;

pub use batch::{Batch, State};

use super::keys::{DeviceKey, Scope};
use crate::error::Error;
use crate::store::{Kind, Store, open};
use humansync_ingest::Rows;
use index::Index;
use month::Month;
use sorted::Sorted;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

/// The ledger of one account and type.
pub struct Ledger<S> {
    store: Rc<S>,
    scope: Scope,
    index: RefCell<Index>,
    /// Batches that are written down, by their keys.
    batches: RefCell<Sorted<String, Batch>>,
    /// Keys of those that earlier uploads have left, and this one has not written anew.
    old: RefCell<Sorted<String, ()>>,
    is_incomplete: Cell<bool>,
}

impl<S: Store> Ledger<S> {
    /// Whether a part of it is missing in the store, as far as it was read.
    pub fn is_incomplete(&self) -> bool {
        self.is_incomplete.get()
    }

    /// Writes down that the batch of this identity is about to be sent. True where the server may have it already.
    pub async fn begin(&self, identity: u64, batch: Batch) -> Result<bool, Error> {
        let key = self.scope.batch(identity);
        let known = self.batches.borrow().get(&key).is_some_and(|known| known.state == State::Unknown);
        self.write(key, batch).await?;
        Ok(known)
    }

    /// Writes down what became of a batch that was begun.
    pub async fn ended(&self, identity: u64, state: State) -> Result<(), Error> {
        let key = self.scope.batch(identity);
        let value = self.batches.borrow_mut().get_mut(&key).map(|batch| {
            batch.state = state;
            batch.to_value()
        });
        match value {
            Some(value) => self.store.set(&key, value).await,
            None => Ok(()),
        }
    }

    /// Takes back that a batch was sent: the server has certainly not acted on it.
    pub async fn take_back(&self, identity: u64) -> Result<(), Error> {
        self.strike_out(self.scope.batch(identity)).await
    }

    /// How many acknowledged batches wait to be settled.
    pub fn unsettled(&self) -> usize {
        self.batches.borrow().iter().filter(|(_, batch)| batch.state == State::Acknowledged).count()
    }

    /// Brings the hashes of acknowledged batches into their months, and forgets the batches; and those whose samples have
    /// been acknowledged with others in the meantime.
    pub async fn settle(&self) -> Result<(), Error> {
        let acknowledged = self.keys_in(|state| state == State::Acknowledged);
        self.enter(&acknowledged).await?;
        for key in acknowledged {
            self.strike_out(key).await?;
        }
        Ok(())
    }

    /// Forgets what is no longer so of batches without an acknowledgement of their own: their samples have been acknowledged
    /// with others; or they were not sent, and this upload had them as well, in `rows`, and says anew what became of them.
    pub async fn clear(&self, rows: &Rows) -> Result<(), Error> {
        let had = if self.old.borrow().is_empty() { Vec::new() } else { hashes_of(rows) };
        // A batch's groups are in order of time, so those of a month come together.
        let mut months: Sorted<(DeviceKey, u32), Month> = Sorted::default();
        for key in self.keys_in(|state| state != State::Acknowledged) {
            let Some(mut batch) = self.batches.borrow().get(&key).cloned() else { continue };
            let told_anew = batch.state != State::Unknown && self.old.borrow().get(&key).is_some();
            let mut left = Vec::new();
            for group in &batch.groups {
                let place = (self.scope.device(&group.device), Month::number(group.day));
                if months.get(&place).is_none() {
                    if months.iter().any(|((_, number), _)| *number != place.1) {
                        months = Sorted::default();
                    }
                    months.insert(place, self.month(place.0, place.1).await?);
                }
                let is_over = |hash: &u64| {
                    months.get(&place).is_some_and(|month| month.has(group.day, *hash))
                        || told_anew && had.binary_search(hash).is_ok()
                };
                if !group.hashes.iter().all(is_over) {
                    left.push(group.clone());
                }
            }
            if left.is_empty() {
                self.strike_out(key).await?;
            } else if left.len() < batch.groups.len() {
                batch.groups = left;
                self.write(key, batch).await?;
            }
        }
        Ok(())
    }

    /// Those of a few rows that were acknowledged, by their hashes.
    pub async fn acknowledged(&self, rows: &Rows) -> Result<Vec<u64>, Error> {
        let (series, mut hashes) = (rows.series(), Vec::new());
        for row in rows.iter() {
            let device = self.scope.device(series.device_name(series.device(row.series())));
            let hash = row.hash(series);
            if self.month(device, Month::number(row.day())).await?.has(row.day(), hash) {
                hashes.push(hash);
            }
        }
        Ok(hashes)
    }

    /// Writes down samples that are known and were not sent, for the watermarks' sake.
    pub async fn put_off(&self, rows: &Rows, range: Range<usize>) -> Result<(), Error> {
        let (identity, batch) = Batch::of(rows, range);
        let key = self.scope.batch(identity);
        // Of one that the server may have, more is known.
        if self.batches.borrow().get(&key).is_some() {
            return Ok(());
        }
        self.write(key, Batch { state: State::PutOff, ..batch }).await
    }

    async fn enter(&self, keys: &[String]) -> Result<(), Error> {
        // Which groups of which batches belong to which month: (key, number of the group).
        let mut months: Sorted<(DeviceKey, u32), Vec<(&String, usize)>> = Sorted::default();
        for key in keys {
            let batches = self.batches.borrow();
            for (number, group) in batches.get(key).into_iter().flat_map(|batch| &batch.groups).enumerate() {
                let place = (self.scope.device(&group.device), Month::number(group.day));
                if let Some(groups) = months.entry(place, Vec::new) {
                    groups.push((key, number));
                }
            }
        }
        for ((device, number), groups) in months.iter() {
            if self.index.borrow().is_forgetting(*device) {
                // Who began it has died: what is left would be taken for months that the index has lost.
                self.delete_months(*device).await?;
            }
            let mut month = self.month(*device, *number).await?;
            {
                let batches = self.batches.borrow();
                let its_groups = || groups.iter().filter_map(|(key, at)| batches.get(*key)?.groups.get(*at));
                month.add(its_groups());
                if let Some(group) = its_groups().next() {
                    self.index.borrow_mut().note(*device, &group.device, *number, &month);
                }
            }
            self.store.set(&self.scope.month(*device, *number), month.to_value()).await?;
        }
        if months.is_empty() { Ok(()) } else { self.write_index().await }
    }

    /// Forgets what was sent of one device.
    ///
    /// The index goes first, and last: months of a device that it lists without any are nothing, should a crash leave some.
    pub async fn forget(&self, name: &str) -> Result<(), Error> {
        self.settle().await?;
        let device = self.scope.device(name);
        self.index.borrow_mut().begin_to_forget(device, name);
        self.write_index().await?;
        for key in self.keys_in(|_| true) {
            let Some(mut batch) = self.batches.borrow().get(&key).cloned() else { continue };
            let before = batch.groups.len();
            batch.groups.retain(|group| group.device != name);
            match batch.groups.len() {
                0 => self.strike_out(key).await?,
                after if after < before => self.write(key, batch).await?,
                _ => {}
            }
        }
        self.delete_months(device).await?;
        self.index.borrow_mut().devices.remove(&device);
        self.write_index().await
    }

    async fn delete_months(&self, device: DeviceKey) -> Result<(), Error> {
        for key in self.store.keys(&self.scope.months(device)).await? {
            self.store.delete(&key).await?;
        }
        Ok(())
    }

    /// Writes down what is left of a ledger of which a part was missing.
    pub async fn repair(&self) -> Result<(), Error> {
        if self.is_incomplete() { self.write_index().await } else { Ok(()) }
    }

    async fn write_index(&self) -> Result<(), Error> {
        let index = self.index.borrow().to_value();
        self.store.set(&self.scope.index(), index).await
    }

    /// What the index does not list is nothing, whatever lies there.
    ///
    /// A month is written before the index. So it may have more than the index says, after a crash, and never fewer: then it is an
    /// older value than the one that was there.
    async fn month(&self, device: DeviceKey, number: u32) -> Result<Month, Error> {
        let known = self.index.borrow().count(device, number);
        let Some(known) = known else { return Ok(Month::default()) };
        let month = match self.store.get(&self.scope.month(device, number)).await? {
            Some(value) => Month::from_value(&value)?,
            None => Month::default(),
        };
        if month.count() < known && self.is_listed_with_more(device, number, month.count()).await? {
            self.index.borrow_mut().correct(device, number, &month);
            self.is_incomplete.set(true);
        }
        Ok(month)
    }

    /// Whether the index as it is kept says that a month has more. Who holds no lock may have read it before somebody forgot the month.
    async fn is_listed_with_more(&self, device: DeviceKey, number: u32, count: u64) -> Result<bool, Error> {
        let Some(value) = self.store.get(&self.scope.index()).await? else { return Ok(false) };
        Ok(Index::from_value(&value)?.count(device, number).is_some_and(|listed| listed > count))
    }

    async fn write(&self, key: String, batch: Batch) -> Result<(), Error> {
        self.store.set(&key, batch.to_value()).await?;
        self.old.borrow_mut().remove(&key);
        self.batches.borrow_mut().insert(key, batch);
        Ok(())
    }

    async fn strike_out(&self, key: String) -> Result<(), Error> {
        self.store.delete(&key).await?;
        self.batches.borrow_mut().remove(&key);
        Ok(())
    }

    fn keys_in(&self, wanted: impl Fn(State) -> bool) -> Vec<String> {
        let batches = self.batches.borrow();
        batches.iter().filter(|(_, batch)| wanted(batch.state)).map(|(key, _)| key.clone()).collect()
    }

    /// Hashes in batches that are in `state`, in order.
    pub fn hashes_in(&self, state: State) -> Vec<u64> {
        let batches = self.batches.borrow();
        let wanted = batches.iter().filter(|(_, batch)| batch.state == state);
        let mut hashes: Vec<u64> = wanted.flat_map(|(_, batch)| batch.hashes()).collect();
        hashes.sort_unstable();
        hashes
    }
}

/// Hashes of rows, in order.
fn hashes_of(rows: &Rows) -> Vec<u64> {
    let mut hashes: Vec<u64> = rows.iter().map(|row| row.hash(rows.series())).collect();
    hashes.sort_unstable();
    hashes
}

/// Forgets all that was sent of an account and type, damaged or not. Samples that wait to be sent stay, if they can be read.
///
/// An index goes first and last that lists the devices without their months: those are nothing then, should a crash leave some; and
/// months without any index are a ledger of which a part is missing.
pub async fn forget_all<S: Store>(store: &S, scope: &Scope) -> Result<(), Error> {
    let held = store.get(&scope.held()).await?;
    let is_lost = held.is_some_and(|held| open(Kind::Held, &held).is_err());
    let kept = [scope.index(), scope.server(), if is_lost { String::new() } else { scope.held() }];
    let keys = store.keys(scope.prefix()).await?;
    let mut index = Index::default();
    for (device, _) in keys.iter().filter_map(|key| scope.month_of(key)) {
        index.begin_to_forget(device, "");
    }
    store.set(&scope.index(), index.to_value()).await?;
    for key in keys {
        if !kept.contains(&key) {
            store.delete(&key).await?;
        }
    }
    store.delete(&scope.index()).await
}
