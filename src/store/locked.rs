//! A store with a lock of it.

use super::{Lock, Store};
use crate::error::{Error, StoreError};
use crate::http::Abort;
use std::future::Future;
use std::rc::Rc;

/// A store of which a lock is held: what engines write through.
pub struct LockedStore<S: Store> {
    store: Rc<S>,
    lock: S::Lock,
    lost: Abort,
}

impl<S: Store> LockedStore<S> {
    /// Waits for the lock `name` of `store`.
    pub async fn enter(store: Rc<S>, name: &str) -> Result<Self, Error> {
        let lock = store.lock(name).await?;
        let lost = lock.lost();
        Ok(Self { store, lock, lost })
    }

    /// The store, to read from.
    pub fn store(&self) -> &Rc<S> {
        &self.store
    }

    /// Stores `value` under `key`. Errors: as for [`Lock::set`].
    pub fn set(&self, key: &str, value: Vec<u8>) -> impl Future<Output = Result<(), Error>> + 'static {
        self.lock.set(key, value)
    }

    /// Deletes the value under `key`. Errors: as for [`Lock::set`].
    pub fn delete(&self, key: &str) -> impl Future<Output = Result<(), Error>> + 'static {
        self.lock.delete(key)
    }

    /// Errors: [`Error::Store`] with the code `lock-lost` if the lock is lost.
    pub fn ensure_held(&self) -> Result<(), Error> {
        if self.lost.is_aborted() { Err(lock_lost()) } else { Ok(()) }
    }

    /// Runs `future` until it ends or the lock is lost; then it is dropped where it stands. Errors: [`Error::Store`]
    /// with the code `lock-lost`.
    pub async fn while_held<O>(&self, future: impl Future<Output = Result<O, Error>>) -> Result<O, Error> {
        self.lost.guard(future).await.unwrap_or_else(|_| Err(lock_lost()))
    }

    /// Releases the lock, and waits until that is done.
    pub fn release(&self) -> impl Future<Output = Result<(), Error>> + 'static {
        self.lock.release()
    }
}

#[cold]
fn lock_lost() -> Error {
    let message = "the lock was lost, as its store could not be told in time that it is still needed: another run or \
                   upload may have it by now, so this one has ended; start it again, and it goes on from what is stored";
    Error::Store(Box::new(StoreError { code: "lock-lost", message, cause: None }))
}
