//! One run over all types, from the lock to the report.

use super::checkpoint::CheckpointScope;
use super::committer::Committer;
use super::delta::{Delta, SyncListener};
use super::position_keeper::{PositionKeeper, TypeKeys};
use super::queue::Queue;
use super::report::{SyncProgress, SyncReport, TypeReport};
use super::run_context::{RunContext, SyncOptions};
use super::sync_owner::{PositionKeys, SyncOwner, conditions_fingerprint};
use super::sync_type::SyncType;
use super::type_sync::{TypeStep, TypeSync};
use crate::clock::Clock;
use crate::error::{Error, OptionError};
use crate::http::{Abort, Client};
use crate::pages::{ListTransport, RecordList};
use crate::store::{LockedStore, Store};
use futures_util::FutureExt;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

/// One run. With a store it holds its owner's lock from the first [`Run::next`] to its end. When dropped, it releases the
/// lock as soon as a write in the background, if there is one, has ended.
pub struct Run<T: ListTransport, C: Clock, S: Store> {
    context: Rc<RunContext<T, C>>,
    keeper: PositionKeeper<S>,
    owner: SyncOwner,
    /// Those of the owner's keys that this server uses, known once the run has begun.
    keys: PositionKeys,
    committer: Rc<Committer<S>>,
    listener: Option<Box<dyn SyncListener>>,
    locked: Option<Rc<LockedStore<S>>>,
    state: RunState,
    /// Types that are not begun yet.
    waiting: VecDeque<SyncType>,
    under_way: usize,
    queue: Rc<Queue<StepResult<T, C>>>,
    /// Ends the tasks of all types, and the wait for them.
    stop: Abort,
    /// The first error of a type. The other types go on.
    failure: Option<Error>,
    delivered: u64,
    /// The progress to report once the consumer is done with its delta.
    unreported: Option<SyncProgress>,
    report: SyncReport,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RunState {
    Fresh,
    Running,
    Over,
}

/// A step of a type, and the type, which makes the next one.
struct StepResult<T: ListTransport, C: Clock> {
    name: &'static str,
    result: Result<TypeAndStep<T, C>, Error>,
}

type TypeAndStep<T, C> = (TypeSync<T, C>, TypeStep<<T as ListTransport>::Records>);

impl<T: ListTransport, C: Clock, S: Store> Run<T, C, S> {
    /// A run that has sent nothing yet: of what `owner` has, with positions that `keeper` keeps. Errors: conditions that
    /// [`Query::new`](crate::api::Query::new) refuses.
    pub fn new(
        client: &Rc<Client<T, C>>,
        owner: SyncOwner,
        keeper: PositionKeeper<S>,
        options: SyncOptions,
        abort: Abort,
    ) -> Result<Self, OptionError> {
        let conditions = conditions_fingerprint(&options.conditions)?;
        let of_type = |one: &SyncType| TypeReport { name: one.name, records: 0, until: None, pages: 0 };
        let report =
            SyncReport { types: options.types.iter().map(of_type).collect(), ..SyncReport::default() };
        Ok(Self {
            waiting: options.types.iter().cloned().collect(),
            context: Rc::new(RunContext::new(client.clone(), options, conditions, abort)),
            committer: Rc::new(match &keeper {
                PositionKeeper::Store(_) => Committer::of_store(),
                PositionKeeper::Consumer(_) => Committer::of_consumer(),
            }),
            keeper,
            keys: owner.own.clone(),
            owner,
            listener: None,
            locked: None,
            state: RunState::Fresh,
            under_way: 0,
            queue: Rc::default(),
            stop: Abort::new(),
            failure: None,
            delivered: 0,
            unreported: None,
            report,
        })
    }

    /// Reports progress to `listener` after each delta that the consumer is done with, and after each window.
    #[must_use]
    pub fn with_listener(mut self, listener: Option<Box<dyn SyncListener>>) -> Self {
        self.listener = listener;
        self
    }

    /// Ends the run when aborted. A [`Run::next`] in progress finishes what it is writing and returns `None`.
    /// [`Run::end`] must follow.
    pub fn stopping(&self) -> Abort {
        self.stop.clone()
    }

    /// Stores the positions of deltas.
    pub fn committer(&self) -> Rc<Committer<S>> {
        self.committer.clone()
    }

    /// The next delta, or `None` when all types are up to date, and all positions stored. The call says that the consumer
    /// is done with the last delta, so its position is stored meanwhile. Errors: those of the store, and
    /// [`Error::Aborted`], end the run. If one type fails, the others are finished first.
    pub async fn next(&mut self) -> Result<Option<Delta<T::Records>>, Error> {
        let outcome = match self.advance().await {
            Err(Error::Aborted) if self.stop.is_aborted() => Ok(None),
            outcome => outcome,
        };
        if !matches!(outcome, Ok(Some(_))) {
            let is_complete = outcome.is_ok() && !self.stop.is_aborted();
            let (stored, released) = self.finish().await;
            // Whoever ends the run does not know of it.
            if matches!(outcome, Ok(_) | Err(Error::Aborted | Error::Closed)) {
                stored?;
            }
            if outcome.is_ok() {
                released?;
            }
            if is_complete && let Some(listener) = &self.listener {
                listener.outcome()?;
            }
        }
        outcome
    }

    /// Ends the run where it stands, once the positions of all deltas are stored that its consumer is done with. That of a
    /// delta that the consumer still has is not. Errors: those of the store.
    pub async fn end(&mut self) -> Result<(), Error> {
        let (stored, released) = self.finish().await;
        stored.and(released)
    }

    async fn finish(&mut self) -> (Result<(), Error>, Result<(), Error>) {
        self.state = RunState::Over;
        self.stop.abort();
        self.waiting.clear();
        // Nothing may be written after the lock is released.
        let (_turn, stored) = self.committer.close().await;
        let released = match self.locked.take() {
            Some(locked) => locked.release().await,
            None => Ok(()),
        };
        (stored, released)
    }

    /// The result so far.
    pub fn report(&self) -> SyncReport {
        let tally = &self.context.tally;
        SyncReport { requests: tally.requests.get(), retries: tally.retries.get(), ..self.report.clone() }
    }

    async fn advance(&mut self) -> Result<Option<Delta<T::Records>>, Error> {
        if self.state == RunState::Fresh {
            self.state = RunState::Running;
            self.enter().await?;
        }
        self.committer.release()?;
        // Writing is not cancelled: it would go on after the lock is released.
        self.committer.make_room().await?;
        self.write_in_background();
        if let Some(progress) = self.unreported.take() {
            self.account(progress)?;
        }
        while self.state == RunState::Running {
            self.begin_types();
            if self.under_way == 0 {
                break;
            }
            let (queue, alarm) = (self.queue.clone(), self.committer.alarm());
            let popped = self.guarded(async move { Ok(alarm.guard(queue.pop()).await) }).await?;
            let Ok(step_result) = popped else {
                self.committer.ensure_stores().await?;
                continue;
            };
            if let Some(delta) = self.receive(step_result).await? {
                return Ok(Some(delta));
            }
        }
        self.committer.store_all().await?;
        self.failure.take().map_or(Ok(None), Err)
    }

    /// Takes the owner's lock. Before that, claims the positions of an early version if no server owns them.
    async fn enter(&mut self) -> Result<(), Error> {
        let PositionKeeper::Store(store) = &self.keeper else { return Ok(()) };
        if let Some(prefixes) = self.owner.prefixes() {
            let server = self.context.client.base().own();
            let mut ownership = self.guarded(prefixes.ownership(&**store, server)).await?;
            if ownership.is_unclaimed {
                // This lock is held for the claim only, so a server that finds them owned does not wait for the
                // owner's run.
                let name = prefixes.owner_key();
                let entering = LockedStore::enter(store.clone(), &name);
                let locked = self.guarded(entering).await?;
                ownership = self.guarded(prefixes.ownership(&**store, server)).await?;
                if ownership.is_unclaimed {
                    // Not cancelled: the write would go on after the lock is released.
                    prefixes.claim(&locked, server).await?;
                }
                locked.release().await?;
            }
            if ownership.is_early
                && let Some(early) = &self.owner.early
            {
                self.keys = early.clone();
            }
        }
        let entering = LockedStore::enter(store.clone(), self.keys.lock());
        let locked = Rc::new(self.guarded(entering).await?);
        self.committer.locked(locked.clone());
        self.locked = Some(locked);
        Ok(())
    }

    /// Begins as many types as there are lanes. More would only hold pages in memory.
    fn begin_types(&mut self) {
        let lanes = self.context.client.concurrency();
        while self.under_way < lanes
            && let Some(sync_type) = self.waiting.pop_front()
        {
            self.under_way = self.under_way.saturating_add(1);
            let keys = TypeKeys {
                owner: self.keys.clone(),
                name: sync_type.name,
                conditions: self.context.conditions,
            };
            let name = sync_type.name;
            self.start(name, TypeSync::open(self.context.clone(), sync_type, self.keeper.clone(), keys));
        }
        self.context.pages_each.set(lanes.checked_div(self.under_way).unwrap_or(lanes));
    }

    /// Makes the next step of a type in a task of its own, so that it goes on while the consumer is busy.
    fn start(
        &self,
        name: &'static str,
        type_sync: impl Future<Output = Result<TypeSync<T, C>, Error>> + 'static,
    ) {
        let (queue, stop) = (self.queue.clone(), self.stop.clone());
        let task = async move {
            let stepped = async {
                let mut type_sync = type_sync.await?;
                let step = type_sync.step().await?;
                Ok((type_sync, step))
            };
            if let Ok(result) = stop.guard(stepped.boxed_local()).await {
                queue.push(StepResult { name, result });
            }
        };
        self.context.client.clock().spawn(task.boxed_local());
    }

    async fn receive(&mut self, step_result: StepResult<T, C>) -> Result<Option<Delta<T::Records>>, Error> {
        let StepResult { name, result } = step_result;
        let (type_sync, step) = match result {
            Ok(result) => result,
            Err(error) => {
                self.under_way = self.under_way.saturating_sub(1);
                if concerns_all(&error) {
                    return Err(error);
                }
                self.failure.get_or_insert(error);
                return Ok(None);
            }
        };
        let TypeStep { delivery, before_delivery, update, window, pages, progress, moves, is_last } = step;
        if is_last {
            self.under_way = self.under_way.saturating_sub(1);
        } else {
            self.start(name, async { Ok(type_sync) });
        }
        // If the position is ahead of the clock, what was updated since then is not delivered.
        let until = update.position.end();
        if let Some(reported) = self.report.types.iter_mut().find(|own| own.name == name) {
            reported.until = until;
            reported.pages = pages;
        }
        if let Some(before_delivery) = before_delivery {
            self.committer.add(before_delivery);
            self.committer.store_all().await?;
        }
        let (records, window) = match delivery {
            Some((records, window)) => (records, window),
            // A consumer who keeps positions is told of the last one.
            None if moves && self.keeper.store().is_none() => (T::Records::none(), window),
            None => {
                self.committer.add(update);
                self.write_in_background();
                self.account(progress)?;
                return Ok(None);
            }
        };
        self.committer.ensure_stores().await?;
        if let Some(locked) = &self.locked {
            locked.ensure_held()?;
        }
        let conditions = self.context.conditions;
        let scope = CheckpointScope { owner: self.owner.fingerprint(), name, conditions };
        let checkpoint = scope.to_text(&update.position);
        self.delivered = self.delivered.saturating_add(1);
        self.committer.hold(self.delivered, update);
        self.unreported = Some(progress);
        Ok(Some(Delta { name, number: self.delivered, window, records, checkpoint }))
    }

    /// Writes positions in a task of its own, so that the run goes on, and the writing while the consumer is busy.
    fn write_in_background(&self) {
        if let Some(writer) = self.committer.writer() {
            self.context.client.clock().spawn(writer.boxed_local());
        }
    }

    /// Adds the progress of a type to the report, and tells the listener.
    fn account(&mut self, progress: SyncProgress) -> Result<(), Error> {
        if let Some(reported) = self.report.types.iter_mut().find(|own| own.name == progress.name) {
            let more = progress.records.saturating_sub(reported.records);
            self.report.records = self.report.records.saturating_add(more);
            reported.records = progress.records;
        }
        self.listener.as_ref().map_or(Ok(()), |listener| listener.progress(&progress))
    }

    /// `future`, unless the caller aborts, the client is closed, or the lock is lost first.
    async fn guarded<O>(&self, future: impl Future<Output = Result<O, Error>>) -> Result<O, Error> {
        let guarded = self.context.client.while_open(async {
            match &self.locked {
                Some(locked) => locked.while_held(future).await,
                None => future.await,
            }
        });
        let guarded = self.context.abort.guard(guarded);
        self.stop.guard(guarded).await.flatten().unwrap_or(Err(Error::Aborted))
    }
}

impl<T: ListTransport, C: Clock, S: Store> Drop for Run<T, C, S> {
    fn drop(&mut self) {
        self.stop.abort();
    }
}

/// Whether the other types would fail in the same way, so that the run ends.
fn concerns_all(error: &Error) -> bool {
    match error {
        Error::Api(error) => error.status == 401,
        Error::Connection(_) | Error::Protocol(_) => false,
        Error::Option(_) | Error::Store(_) | Error::Aborted | Error::Closed | Error::Thrown(_) => true,
    }
}
