//! Keeps positions, one delta after the other, and only of deltas that their consumer is done with.

use super::mark_slots::MarkSlots;
use super::marks::Mark;
use super::position::Position;
use super::position_keys::PositionKeys;
use crate::api::BatchType;
use crate::error::{Error, StoreError};
use crate::http::{Lane, Lanes};
use crate::store::Store;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What a type has come to.
pub struct PositionUpdate {
    /// Under whose keys it is committed.
    pub keys: PositionKeys,
    /// Which type.
    pub batch_type: BatchType,
    /// Up to where it is delivered.
    pub position: Position,
    /// What was delivered since the last update, as far as it may be read again.
    pub marks: Vec<Mark>,
    /// Where the marks go.
    pub mark_slots: Rc<RefCell<MarkSlots>>,
}

/// Keeps the milestones of one run.
pub struct Committer<S> {
    store: Rc<S>,
    /// One writes at a time.
    turns: Lanes,
    /// The delta that is with its consumer.
    pending: RefCell<Option<(u64, PositionUpdate)>>,
    /// The last delta that was committed.
    committed: Cell<u64>,
    is_closed: Cell<bool>,
}

impl<S: Store> Committer<S> {
    pub(super) fn new(store: Rc<S>) -> Self {
        Self {
            store,
            turns: Lanes::new(1),
            pending: RefCell::default(),
            committed: Cell::new(0),
            is_closed: Cell::new(false),
        }
    }

    /// Keeps what the delta with this number has come to; done with already, it is left at that.
    ///
    /// # Errors
    /// Those of the store; the delta may be tried again. [`StoreError`] with the code `not-stored` where its run is over.
    pub async fn commit(&self, number: u64) -> Result<(), Error> {
        let _turn = self.turns.enter().await;
        if number <= self.committed.get() {
            return Ok(());
        }
        let pending = self.pending.borrow_mut().take_if(|(own, _)| *own == number);
        match pending {
            Some((_, update)) if !self.is_closed.get() => {
                let written = self.write(&update).await;
                match written {
                    Ok(()) => self.committed.set(number),
                    Err(_) => *self.pending.borrow_mut() = Some((number, update)),
                }
                written
            }
            _ => Err(Error::Store(Box::new(StoreError {
                code: "not-stored",
                message: NOT_STORED,
                cause: None,
            }))),
        }
    }

    /// The delta with this number goes to its consumer.
    pub(super) fn hold(&self, number: u64, update: PositionUpdate) {
        *self.pending.borrow_mut() = Some((number, update));
    }

    /// The consumer asks for more: it is done with what it has.
    pub(super) async fn commit_pending(&self) -> Result<(), Error> {
        let number = self.pending.borrow().as_ref().map(|(number, _)| *number);
        match number {
            Some(number) => self.commit(number).await,
            None => Ok(()),
        }
    }

    /// Keeps an update that came without a delta.
    pub(super) async fn store_now(&self, update: &PositionUpdate) -> Result<(), Error> {
        let _turn = self.turns.enter().await;
        self.write(update).await
    }

    /// Nothing is committed any more, when what is being written is written.
    pub(super) async fn close(&self) -> Lane {
        self.is_closed.set(true);
        self.turns.enter().await
    }

    /// Marks first: they are of what was delivered, wherever the position stands.
    async fn write(&self, update: &PositionUpdate) -> Result<(), Error> {
        let PositionUpdate { keys, batch_type, position, marks, mark_slots } = update;
        let value = mark_slots.borrow_mut().add(marks);
        if let Some((slot, value)) = value {
            self.store.set(&keys.marks(*batch_type, slot), value).await?;
        }
        let position = Position { slots: mark_slots.borrow().usage(), ..position.clone() };
        self.store.set(&keys.position(*batch_type), position.to_value()).await
    }
}

static NOT_STORED: &str = "the position of this delta was not stored, as its run is over or has gone on without it: the next run \
                           delivers it again; call commit() before the loop is left";
