//! Stores positions: that of a delta only once its consumer is done with it, and then in the background, while the run
//! goes on.
//!
//! - The consumer has one delta at a time. When it is done, the update of the delta is [`Unstored`], and a task of its own
//!   writes it ([`Committer::writer`]).
//! - No delta is given while more than [`MOST_UNSTORED`] are unstored, so that no more than these, and the one that the
//!   consumer has, come again if the program dies. Until something has been written, none may be unstored: a store that
//!   cannot be written ends a run after its first delta.
//! - A failure of the background is told to who comes next: the run, which ends, or a [`Committer::commit`]. What could not
//!   be written stays unstored. If a commit was told, the run writes it again before it gives another delta.

use super::mark_slots::MarkSlots;
use super::position::StoredPosition;
use super::position_keeper::TypeKeys;
use super::position_update::PositionUpdate;
use super::unstored::Unstored;
use crate::error::{Error, StoreError};
use crate::http::{Abort, Lane, Lanes};
use crate::store::{LockedStore, Store};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

/// So many deltas may be done and not stored when the next one is given.
pub const MOST_UNSTORED: usize = 8;

/// Stores the position updates of one run.
pub struct Committer<S: Store> {
    destination: RefCell<Destination<S>>,
    /// Only one task writes at a time.
    turns: Lanes,
    /// The number of the delta that its consumer has now, and what to store once the consumer is done.
    held: RefCell<Option<(u64, PositionUpdate)>>,
    /// The number of the last delta that was given.
    given: Cell<u64>,
    unstored: RefCell<Unstored>,
    writes: RefCell<Writes>,
    /// Aborted when a write in the background fails.
    alarm: RefCell<Abort>,
    has_writer: Cell<bool>,
    has_written: Cell<bool>,
    is_closed: Cell<bool>,
}

/// How writing goes.
enum Writes {
    Succeed,
    /// The last one has failed in the background, and nobody was told yet.
    Failed(Error),
    /// The last one has failed, and a commit was told. It may be made again.
    Doubtful,
    /// There are no more.
    Ended,
}

/// When there is no need to wait for further writes.
#[derive(Clone, Copy)]
enum Enough {
    /// This delta is stored, and all before it.
    UpTo(u64),
    /// No more deltas than these are unstored.
    AtMost(usize),
    /// Everything is stored.
    All,
}

impl Enough {
    fn is_met(self, unstored: &Unstored) -> bool {
        match self {
            Self::UpTo(number) => !unstored.has_up_to(number),
            Self::AtMost(most) => unstored.deltas() <= most,
            Self::All => unstored.is_empty(),
        }
    }
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
            held: RefCell::default(),
            given: Cell::new(0),
            unstored: RefCell::default(),
            writes: RefCell::new(Writes::Succeed),
            alarm: RefCell::default(),
            has_writer: Cell::new(false),
            has_written: Cell::new(false),
            is_closed: Cell::new(false),
        }
    }

    /// From now on positions are stored under this lock.
    pub(super) fn locked(&self, locked: Rc<LockedStore<S>>) {
        *self.destination.borrow_mut() = Destination::Locked(locked);
    }

    /// Stores the position of the delta with this number, whose consumer is done with it, and all before it. Does nothing
    /// if that was done already. Errors: those of the store, also for an earlier delta; the call may be repeated then. [`StoreError`] with
    /// the code `not-stored` if the run is over.
    pub async fn commit(&self, number: u64) -> Result<(), Error> {
        if self.is_held(number) && !self.is_closed.get() {
            self.release()?;
        }
        if number > self.given.get() || self.is_held(number) {
            return Err(not_stored());
        }
        let _turn = self.turns.enter().await;
        self.write_until(Enough::UpTo(number)).await
    }

    /// Notes what to store when the consumer is done with the delta of this number.
    pub(super) fn hold(&self, number: u64, update: PositionUpdate) {
        self.given.set(number);
        *self.held.borrow_mut() = Some((number, update));
    }

    /// The consumer is done with its delta: it is asking for the next one. Errors: [`StoreError`] with the code
    /// `not-stored` if the run is over.
    pub(super) fn release(&self) -> Result<(), Error> {
        // What is held stays so then: a commit of it fails as well.
        if self.is_closed.get() && self.held.borrow().is_some() {
            return Err(not_stored());
        }
        if let Some((number, update)) = self.held.take() {
            self.push(Some(number), update);
        }
        Ok(())
    }

    /// Adds an update for which there is no delta.
    pub(super) fn add(&self, update: PositionUpdate) {
        self.push(None, update);
    }

    fn push(&self, delta: Option<u64>, update: PositionUpdate) {
        if !matches!(*self.destination.borrow(), Destination::WithConsumer) {
            self.unstored.borrow_mut().push(delta, update);
        }
    }

    /// Waits until so much is stored that the next delta may be given. Errors: those of the store; they end the run.
    pub(super) fn make_room(&self) -> LocalBoxFuture<'_, Result<(), Error>> {
        self.store(Enough::AtMost(if self.has_written.get() { MOST_UNSTORED } else { 0 }))
    }

    /// Waits until all is stored. Errors: those of the store; they end the run.
    pub(super) fn store_all(&self) -> LocalBoxFuture<'_, Result<(), Error>> {
        self.store(Enough::All)
    }

    /// Tells of a write that has failed. Errors: those of the store; they end the run.
    pub(super) fn ensure_stores(&self) -> LocalBoxFuture<'_, Result<(), Error>> {
        self.store(Enough::AtMost(usize::MAX))
    }

    /// Waits until enough is stored. If a commit was told that a write has failed, it is made again first. Errors: those of
    /// the store; they end the run.
    fn store(&self, enough: Enough) -> LocalBoxFuture<'_, Result<(), Error>> {
        async move {
            if self.succeeds() && enough.is_met(&self.unstored.borrow()) {
                return Ok(());
            }
            let _turn = self.turns.enter().await;
            let enough = if self.succeeds() { enough } else { Enough::All };
            let written = self.write_until(enough).await;
            if written.is_err() {
                self.writes.replace(Writes::Ended);
            }
            written
        }
        .boxed_local()
    }

    /// Aborted once a write in the background has failed.
    pub(super) fn alarm(&self) -> Abort {
        self.alarm.borrow().clone()
    }

    /// What writes in the background, to be run as a task of its own; `None` if there is nothing to write, or such a task
    /// is under way.
    pub(super) fn writer(self: &Rc<Self>) -> Option<impl Future<Output = ()> + 'static> {
        let is_needed = self.succeeds() && !self.unstored.borrow().is_empty();
        if !is_needed || self.has_writer.replace(true) {
            return None;
        }
        let committer = self.clone();
        Some(async move {
            committer.write_in_background().await;
            committer.has_writer.set(false);
        })
    }

    async fn write_in_background(&self) {
        loop {
            // Others have their turn between two updates.
            let _turn = self.turns.enter().await;
            if !self.succeeds() || self.is_closed.get() {
                return;
            }
            match self.write_next().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    self.writes.replace(Writes::Failed(error));
                    self.alarm.borrow().abort();
                    return;
                }
            }
        }
    }

    /// Stores all that consumers are done with, and lets no other write begin. Nothing more is written after a failure
    /// that ends the run. Errors: those of the store, unless the run was told already.
    pub(super) async fn close(&self) -> (Lane, Result<(), Error>) {
        self.is_closed.set(true);
        let turn = self.turns.enter().await;
        let has_ended = matches!(*self.writes.borrow(), Writes::Ended);
        let stored = if has_ended { Ok(()) } else { self.write_until(Enough::All).await };
        self.writes.replace(Writes::Ended);
        (turn, stored)
    }

    fn is_held(&self, number: u64) -> bool {
        self.held.borrow().as_ref().is_some_and(|(own, _)| *own == number)
    }

    fn succeeds(&self) -> bool {
        matches!(*self.writes.borrow(), Writes::Succeed)
    }

    /// Writes until it is enough. If the background has failed, that is told first. Only for the task whose turn it is.
    async fn write_until(&self, enough: Enough) -> Result<(), Error> {
        while !enough.is_met(&self.unstored.borrow()) {
            if let Some(error) = self.take_failure() {
                return Err(error);
            }
            if !self.write_next().await? {
                // A write was given up in the middle.
                return Err(not_stored());
            }
        }
        Ok(())
    }

    /// What the background has failed with, or that nothing more is written.
    fn take_failure(&self) -> Option<Error> {
        match self.writes.replace(Writes::Doubtful) {
            Writes::Failed(error) => {
                self.alarm.take();
                Some(error)
            }
            Writes::Ended => {
                self.writes.replace(Writes::Ended);
                Some(not_stored())
            }
            going @ (Writes::Succeed | Writes::Doubtful) => {
                self.writes.replace(going);
                None
            }
        }
    }

    /// Stores what comes next; it stays unstored if that fails. Returns whether there was anything. Only for the task whose
    /// turn it is.
    ///
    /// Boxed, as several futures wait for it, of which each would have a copy of its own otherwise.
    fn write_next(&self) -> LocalBoxFuture<'_, Result<bool, Error>> {
        async move {
            let begun = self.unstored.borrow_mut().begin();
            let Some(mut update) = begun else { return Ok(false) };
            let written = self.write(&mut update).await;
            let mut unstored = self.unstored.borrow_mut();
            if written.is_ok() {
                unstored.stored();
                self.has_written.set(true);
                self.writes.replace(Writes::Succeed);
            } else {
                unstored.put_back(update);
                self.writes.replace(Writes::Doubtful);
            }
            written.map(|()| true)
        }
        .boxed_local()
    }

    /// Slots go first. If the position is not written after them, their marks still describe records that were
    /// delivered. An update whose writing fails can be written again.
    async fn write(&self, update: &mut PositionUpdate) -> Result<(), Error> {
        let locked = match &*self.destination.borrow() {
            Destination::WithConsumer => return Ok(()),
            Destination::NotLocked => return Err(not_stored()),
            Destination::Locked(locked) => locked.clone(),
        };
        // A store that has lost the lock may be one that cannot be reached.
        locked.ensure_held()?;
        update.fill_slots();
        let PositionUpdate { keys, position, mark_slots, .. } = update;
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
