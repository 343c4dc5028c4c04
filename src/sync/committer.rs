//! Keeps positions, one delta after the other, and only of deltas that their consumer is done with.

use super::mark_slots::Shelf;
use super::marks::Mark;
use super::position::Position;
use super::position_keys::Scope;
use crate::api::BatchType;
use crate::error::{Error, StoreError};
use crate::http::{Lane, Lanes};
use crate::store::Store;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What a type has come to.
pub struct Milestone {
    /// Under whose keys it is kept.
    pub scope: Scope,
    /// Which type.
    pub batch_type: BatchType,
    /// Up to where it is delivered.
    pub position: Position,
    /// What was delivered since the last milestone, as far as it may be read again.
    pub marks: Vec<Mark>,
    /// Where the marks go.
    pub shelf: Rc<RefCell<Shelf>>,
}

/// Keeps the milestones of one run.
pub struct Keeper<S> {
    store: Rc<S>,
    /// One writes at a time.
    turns: Lanes,
    /// The delta that is with its consumer.
    pending: RefCell<Option<(u64, Milestone)>>,
    /// The last delta that was kept.
    kept: Cell<u64>,
    over: Cell<bool>,
}

impl<S: Store> Keeper<S> {
    pub(super) fn new(store: Rc<S>) -> Self {
        Self {
            store,
            turns: Lanes::new(1),
            pending: RefCell::default(),
            kept: Cell::new(0),
            over: Cell::new(false),
        }
    }

    /// Keeps what the delta with this number has come to; done with already, it is left at that.
    ///
    /// # Errors
    /// Those of the store; the delta may be tried again. [`StoreError`] with the code `not-stored` where its run is over.
    pub async fn commit(&self, number: u64) -> Result<(), Error> {
        let _turn = self.turns.enter().await;
        if number <= self.kept.get() {
            return Ok(());
        }
        let pending = self.pending.borrow_mut().take_if(|(own, _)| *own == number);
        match pending {
            Some((_, milestone)) if !self.over.get() => {
                let written = self.write(&milestone).await;
                match written {
                    Ok(()) => self.kept.set(number),
                    Err(_) => *self.pending.borrow_mut() = Some((number, milestone)),
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
    pub(super) fn hand_out(&self, number: u64, milestone: Milestone) {
        *self.pending.borrow_mut() = Some((number, milestone));
    }

    /// The consumer asks for more: it is done with what it has.
    pub(super) async fn commit_pending(&self) -> Result<(), Error> {
        let number = self.pending.borrow().as_ref().map(|(number, _)| *number);
        match number {
            Some(number) => self.commit(number).await,
            None => Ok(()),
        }
    }

    /// Keeps a milestone that came without a delta.
    pub(super) async fn keep(&self, milestone: &Milestone) -> Result<(), Error> {
        let _turn = self.turns.enter().await;
        self.write(milestone).await
    }

    /// Nothing is kept any more, when what is being written is written.
    pub(super) async fn close(&self) -> Lane {
        self.over.set(true);
        self.turns.enter().await
    }

    /// Marks first: they are of what was delivered, wherever the position stands.
    async fn write(&self, milestone: &Milestone) -> Result<(), Error> {
        let Milestone { scope, batch_type, position, marks, shelf } = milestone;
        let value = shelf.borrow_mut().add(marks);
        if let Some((slot, value)) = value {
            self.store.set(&scope.seen(*batch_type, slot), value).await?;
        }
        let position = Position { slots: shelf.borrow().slots(), ..position.clone() };
        self.store.set(&scope.position(*batch_type), position.to_value()).await
    }
}

static NOT_STORED: &str = "the position of this delta was not stored, as its run is over or has gone on without it: the next run \
                           delivers it again; call commit() before the loop is left";
