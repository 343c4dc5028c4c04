//! Forgets what was sent, of one device or of all.

use super::LedgerWriter;
use super::index::LedgerIndex;
use super::keys::{DeviceKey, LedgerKeys};
use crate::error::Error;
use crate::store::{LockedStore, Store, ValueKind, open};

impl<S: Store> LedgerWriter<S> {
    /// Forgets what was sent of one device.
    ///
    /// The index is written first, with the device listed without months, and again last, without the device. Should
    /// the process die in between, months that are left over are ignored.
    pub async fn forget(&self, name: &str) -> Result<(), Error> {
        self.settle().await?;
        let device = self.keys.device_key(name);
        self.index.borrow_mut().begin_to_forget(device, name);
        self.write_index().await?;
        for key in self.batch_keys(|_| true) {
            let Some(mut batch) = self.batches.borrow().get(&key).cloned() else { continue };
            let before = batch.groups.len();
            batch.groups.retain(|group| group.device != name);
            match batch.groups.len() {
                0 => self.delete_batch(key).await?,
                after if after < before => self.write_batch(key, batch).await?,
                _ => {}
            }
        }
        self.delete_months(device).await?;
        self.index.borrow_mut().devices.remove(&device);
        self.write_index().await
    }

    pub(super) async fn delete_months(&self, device: DeviceKey) -> Result<(), Error> {
        for key in self.store.keys(&self.keys.month_prefix(device)).await? {
            self.locked.delete(&key).await?;
        }
        Ok(())
    }
}

/// Forgets all that was sent of an account and type, even if its values are damaged. Held samples stay, if they can be
/// read.
///
/// First, an index is written that lists all devices without months, and it is deleted last. Should the process die in
/// between, months that are left over are ignored; without any index they would count as a ledger that has lost its
/// index.
pub async fn forget_all<S: Store>(locked: &LockedStore<S>, keys: &LedgerKeys) -> Result<(), Error> {
    let store = locked.store();
    let held = store.get(&keys.held()).await?;
    let is_lost = held.is_some_and(|held| open(ValueKind::Held, &held).is_err());
    let kept = [keys.index(), keys.owner(), if is_lost { String::new() } else { keys.held() }];
    let stored = store.keys(keys.prefix()).await?;
    let mut index = LedgerIndex::default();
    for (device, _) in stored.iter().filter_map(|key| keys.parse_month(key)) {
        index.begin_to_forget(device, "");
    }
    locked.set(&keys.index(), index.to_value()).await?;
    for key in stored {
        if !kept.contains(&key) {
            locked.delete(&key).await?;
        }
    }
    locked.delete(&keys.index()).await
}
