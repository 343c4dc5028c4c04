//! Stores positions: that of a delta only once its consumer is done with it.

use super::mark_slots::MarkSlots;
use super::marks::Mark;
use super::position::{Position, StoredPosition};
use super::position_keeper::TypeKeys;
use crate::error::{Error, StoreError};
use crate::http::{Lane, Lanes};
use crate::store::{LockedStore, Store};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What is to be stored of a type.
pub struct PositionUpdate {
    /// The keys to store it under.
    pub keys: Rc<TypeKeys>,
    /// What is delivered of the type.
    pub position: Position,
    /// From now on states are stored in the place of marks.
    pub begins_states: bool,
    /// Marks that take the place of all that are stored, if there are many more of those.
    pub replacement: Option<Vec<Mark>>,
    /// Marks of the records delivered since the last update, as far as those records may be read again.
    pub marks: Vec<Mark>,
    /// Chooses the value of the store that takes the marks.
    pub mark_slots: Rc<RefCell<MarkSlots>>,
}

/// Stores the position updates of one run.
pub struct Committer<S: Store> {
    destination: RefCell<Destination<S>>,
    /// Only one task writes at a time.
    turns: Lanes,
    /// The number of the delta that its consumer has now, and what to store once the consumer is done.
    pending: RefCell<Option<(u64, PositionUpdate)>>,
    /// The number of the last delta whose position was stored.
    committed: Cell<u64>,
    is_closed: Cell<bool>,
}

/// Where positions are stored.
enum Destination<S: Store> {
    /// Nowhere: the consumer stores checkpoints.
    WithConsumer,
    /// In a store, once the run has its lock.
    NotLocked,
    /// In the store, under the lock of the run.
    Locked(Rc<LockedStore<S>>),
}

impl<S: Store> Committer<S> {
    /// For positions that the consumer stores.
    pub(super) fn of_consumer() -> Self {
        Self::new(Destination::WithConsumer)
    }

    /// For positions in a store, whose lock [`Committer::locked`] hands in.
    pub(super) fn of_store() -> Self {
        Self::new(Destination::NotLocked)
    }

    fn new(destination: Destination<S>) -> Self {
        Self {
            destination: RefCell::new(destination),
            turns: Lanes::new(1),
            pending: RefCell::default(),
            committed: Cell::new(0),
            is_closed: Cell::new(false),
        }
    }

    /// From now on positions are stored under this lock.
    pub(super) fn locked(&self, locked: Rc<LockedStore<S>>) {
        *self.destination.borrow_mut() = Destination::Locked(locked);
    }

    /// Stores the position of the delta with this number. Does nothing if that was done already. Errors: those of the
    /// store; the call may be repeated then. [`StoreError`] with the code `not-stored` if the run is over.
    pub async fn commit(&self, number: u64) -> Result<(), Error> {
        let _turn = self.turns.enter().await;
        if number <= self.committed.get() {
            return Ok(());
        }
        if !self.is_pending(number) || self.is_closed.get() {
            return Err(not_stored());
        }
        self.write_pending().await
    }

    /// Notes what to store when the consumer is done with the delta of this number.
    pub(super) fn hold(&self, number: u64, update: PositionUpdate) {
        *self.pending.borrow_mut() = Some((number, update));
    }

    /// Stores what the consumer is done with: it is asking for the next delta. Waits for a commit in progress, and makes
    /// it again if it fails: the next delta must not take the place of an update that is not stored.
    pub(super) async fn commit_pending(&self) -> Result<(), Error> {
        let _turn = self.turns.enter().await;
        if self.is_closed.get() {
            return self.pending.take().map_or(Ok(()), |_| Err(not_stored()));
        }
        self.write_pending().await
    }

    /// Stores an update for which there is no delta.
    pub(super) async fn store_now(&self, mut update: PositionUpdate) -> Result<(), Error> {
        let _turn = self.turns.enter().await;
        self.write(&mut update).await
    }

    /// Waits for a write in progress, and lets no other one begin.
    pub(super) async fn close(&self) -> Lane {
        self.is_closed.set(true);
        self.turns.enter().await
    }

    fn is_pending(&self, number: u64) -> bool {
        self.pending.borrow().as_ref().is_some_and(|(own, _)| *own == number)
    }

    /// Stores what is pending; it stays pending if that fails. Only for the task whose turn it is.
    async fn write_pending(&self) -> Result<(), Error> {
        let Some((number, mut update)) = self.pending.take() else { return Ok(()) };
        let written = self.write(&mut update).await;
        match written {
            Ok(()) => self.committed.set(number),
            Err(_) => *self.pending.borrow_mut() = Some((number, update)),
        }
        written
    }

    /// Slots go first. If the position is not written after them, their marks still describe records that were
    /// delivered. An update whose writing fails can be written again.
    async fn write(&self, update: &mut PositionUpdate) -> Result<(), Error> {
        let locked = match &*self.destination.borrow() {
            Destination::WithConsumer => return Ok(()),
            Destination::NotLocked => return Err(not_stored()),
            Destination::Locked(locked) => locked.clone(),
        };
        let PositionUpdate { keys, position, begins_states, replacement, marks, mark_slots } = update;
        if std::mem::take(begins_states) {
            mark_slots.replace_with(|slots| slots.to_appending());
        }
        if let Some(marks) = replacement.take() {
            mark_slots.borrow_mut().replace(&marks);
        }
        mark_slots.borrow_mut().add(&std::mem::take(marks));
        loop {
            let unsaved = mark_slots.borrow().unsaved();
            let Some((slot, value)) = unsaved else { break };
            locked.set(&keys.marks(slot), value).await?;
            mark_slots.borrow_mut().saved();
        }
        // What an earlier run has left goes first, so that this position no longer names it.
        delete_obsolete(&locked, keys, mark_slots).await?;
        let value = StoredPosition::value(position, &mark_slots.borrow());
        locked.set(&keys.position(), value).await?;
        mark_slots.borrow_mut().position_stored();
        delete_obsolete(&locked, keys, mark_slots).await
    }
}

async fn delete_obsolete<S: Store>(
    locked: &LockedStore<S>,
    keys: &TypeKeys,
    mark_slots: &RefCell<MarkSlots>,
) -> Result<(), Error> {
    loop {
        let obsolete = mark_slots.borrow().obsolete();
        let Some(slot) = obsolete else { return Ok(()) };
        locked.delete(&keys.marks(slot)).await?;
        mark_slots.borrow_mut().deleted();
    }
}

fn not_stored() -> Error {
    let message = "the position of this delta was not stored, as its run is over or has gone on without it: the next \
                   run delivers it again; call commit() before the loop is left";
    Error::Store(Box::new(StoreError { code: "not-stored", message, cause: None }))
}
