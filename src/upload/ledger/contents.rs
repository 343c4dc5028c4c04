//! What lies in the store, read and held together: a ledger of which a part is missing is not taken for one that knows less.

use super::batch_record::{Batch, State};
use super::index::Index;
use super::month::Month;
use super::sorted_map::Sorted;
use super::{DeviceKey, Ledger, Scope};
use crate::error::Error;
use crate::store::Store;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

type Place = (DeviceKey, u32);

/// What was found.
struct Found {
    index: Index,
    batches: Sorted<String, Batch>,
    /// A value that must be there is not.
    is_incomplete: bool,
}

impl<S: Store> Ledger<S> {
    /// Reads what is known.
    ///
    /// A month that the index lists and that is not there is taken out of it; one that is there and not listed is taken in, as an older
    /// index may not know it. Where the index itself is not there, it is made anew of the months. Names of devices that are not known
    /// any more come back with their samples.
    pub async fn open(store: Rc<S>, scope: Scope) -> Result<Self, Error> {
        let mut found = Found::read(&*store, &scope).await?;
        if found.is_incomplete {
            // Who holds no lock may have looked between two writes of somebody else.
            found = Found::read(&*store, &scope).await?;
        }
        let mut old = Sorted::default();
        for (key, _) in found.batches.iter() {
            old.insert(key.clone(), ());
        }
        Ok(Self {
            store,
            scope,
            index: RefCell::new(found.index),
            batches: RefCell::new(found.batches),
            old: RefCell::new(old),
            is_incomplete: Cell::new(found.is_incomplete),
        })
    }
}

impl Found {
    /// Batches before the index: what is settled meanwhile is found in one of them at least.
    async fn read<S: Store>(store: &S, scope: &Scope) -> Result<Self, Error> {
        let (mut months, mut batches): (Sorted<Place, ()>, _) = (Sorted::default(), Sorted::default());
        for key in store.keys(scope.prefix()).await? {
            if let Some(place) = scope.month_of(&key) {
                months.insert(place, ());
            } else if key.starts_with(&scope.batches())
                && let Some(value) = store.get(&key).await?
            {
                batches.insert(key, Batch::from_value(&value)?);
            }
        }
        let mut index = match store.get(&scope.index()).await? {
            Some(value) => Index::from_value(&value)?,
            None => Index::default(),
        };
        let mut is_incomplete = false;
        for place in index.months() {
            if months.get(&place).is_none() && store.get(&scope.month(place.0, place.1)).await?.is_none() {
                index.drop_month(place);
                is_incomplete = true;
            }
        }
        for (place, ()) in months.iter() {
            if index.has(place.0, place.1) || index.is_forgetting(place.0) {
                continue;
            }
            if let Some(value) = store.get(&scope.month(place.0, place.1)).await? {
                index.note(place.0, "", place.1, &Month::from_value(&value)?);
                // Settling writes months before the index, and has not finished while their batches are there.
                let is_settling = |batch: &Batch| {
                    let place_of = |day, device: &str| (scope.device(device), Month::number(day));
                    let mut groups = batch.groups.iter();
                    batch.state == State::Acknowledged
                        && groups.any(|group| place_of(group.day, &group.device) == *place)
                };
                is_incomplete = is_incomplete || !batches.iter().any(|(_, batch)| is_settling(batch));
            }
        }
        for group in batches.iter().flat_map(|(_, batch)| &batch.groups) {
            index.name(scope.device(&group.device), &group.device);
        }
        Ok(Self { index, batches, is_incomplete })
    }
}
