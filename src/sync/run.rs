//! One run over all types, from the lock to the report.

use super::app::App;
use super::committer::Committer;
use super::position_keys::{KeyCandidates, PositionKeys};
use super::queue::Queue;
use super::report::{SyncProgress, SyncReport, TypeReport};
use super::run_context::{RunContext, SyncOptions};
use super::type_sync::{TypeStep, TypeSync};
use super::window::{self, Window};
use crate::api::BatchType;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::Abort;
use crate::pages::ListTransport;
use crate::store::{Lock, Store};
use futures_util::FutureExt;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

/// The new records of a page.
pub struct Delta<R> {
    /// Their type.
    pub batch_type: BatchType,
    /// Counts the deltas of the run from 1; [`Committer::commit`] takes it.
    pub number: u64,
    /// The window that they were read from.
    pub window: Window,
    /// The records.
    pub records: R,
}

impl<R> Delta<R> {
    /// The bounds of the window, in the form of RFC 3339.
    pub fn window_text(&self) -> [String; 2] {
        [window::rfc3339(self.window.since), window::rfc3339(self.window.before)]
    }
}

/// Called with the progress of types. An error that it returns ends the run.
pub trait SyncListener {
    /// Called after each delta that the consumer is done with, and after each window.
    fn progress(&self, progress: &SyncProgress) -> Result<(), Error>;

    /// Called once all types are up to date: the failure of an earlier call that has only become known now, if any.
    fn outcome(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl<F: Fn(&SyncProgress) -> Result<(), Error>> SyncListener for F {
    fn progress(&self, progress: &SyncProgress) -> Result<(), Error> {
        self(progress)
    }
}

/// One run. It holds its app's lock from the first [`Run::next`] to its end, and releases it at once when dropped.
pub struct Run<T: ListTransport, C: Clock, S: Store> {
    context: Rc<RunContext<T, C>>,
    store: Rc<S>,
    candidates: KeyCandidates,
    /// The candidate that this server uses, known once the run has begun.
    keys: PositionKeys,
    committer: Rc<Committer<S>>,
    listener: Option<Box<dyn SyncListener>>,
    lock: Option<S::Lock>,
    state: RunState,
    /// Types that are not begun yet.
    waiting: VecDeque<BatchType>,
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
    batch_type: BatchType,
    result: Result<TypeAndStep<T, C>, Error>,
}

type TypeAndStep<T, C> = (TypeSync<T, C>, TypeStep<<T as ListTransport>::Records>);

impl<T: ListTransport, C: Clock, S: Store> Run<T, C, S> {
    /// A run of `app` that has sent nothing yet, whose position `store` keeps.
    pub fn new(app: &App<T, C>, store: Rc<S>, options: SyncOptions, abort: Abort) -> Self {
        let candidates = KeyCandidates::new(&app.client_id, app.client.base().own());
        let types = options.types.iter();
        let report = SyncReport {
            types: types.map(|&batch_type| TypeReport { batch_type, records: 0, until: None }).collect(),
            ..SyncReport::default()
        };
        Self {
            waiting: options.types.iter().copied().collect(),
            context: Rc::new(RunContext::new(app, options, abort)),
            committer: Rc::new(Committer::new(store.clone())),
            store,
            keys: candidates.own.clone(),
            candidates,
            listener: None,
            lock: None,
            state: RunState::Fresh,
            under_way: 0,
            queue: Rc::default(),
            stop: Abort::new(),
            failure: None,
            delivered: 0,
            unreported: None,
            report,
        }
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

    /// The next delta, or `None` when all types are up to date. The call says that the consumer is done with the last
    /// delta, so its position is stored first. Errors: those of the store, and [`Error::Aborted`], end the run. If one
    /// type fails, the others are finished first.
    pub async fn next(&mut self) -> Result<Option<Delta<T::Records>>, Error> {
        let outcome = match self.advance().await {
            Err(Error::Aborted) if self.stop.is_aborted() => Ok(None),
            outcome => outcome,
        };
        if !matches!(outcome, Ok(Some(_))) {
            let is_complete = outcome.is_ok() && !self.stop.is_aborted();
            let released = self.end().await;
            if outcome.is_ok() {
                released?;
            }
            if is_complete && let Some(listener) = &self.listener {
                listener.outcome()?;
            }
        }
        outcome
    }

    /// Ends the run where it stands. The position of a delta that the consumer still has is not stored.
    pub async fn end(&mut self) -> Result<(), Error> {
        self.state = RunState::Over;
        self.stop.abort();
        self.waiting.clear();
        // Nothing may be written after the lock is released.
        let _turn = self.committer.close().await;
        match self.lock.take() {
            Some(lock) => lock.release().await,
            None => Ok(()),
        }
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
        // Writing is not cancelled: it would go on after the lock is released.
        self.committer.commit_pending().await?;
        if let Some(progress) = self.unreported.take() {
            self.account(progress)?;
        }
        while self.state == RunState::Running {
            self.begin_types();
            if self.under_way == 0 {
                break;
            }
            let queue = self.queue.clone();
            let step_result = self.guarded(async move { Ok(queue.pop().await) }).await?;
            if let Some(delta) = self.receive(step_result).await? {
                return Ok(Some(delta));
            }
        }
        self.failure.take().map_or(Ok(None), Err)
    }

    /// Takes the app's lock. Before that, claims the positions of an early version if no server owns them.
    async fn enter(&mut self) -> Result<(), Error> {
        let prefixes = self.candidates.prefixes();
        let server = self.context.client.base().own();
        let mut ownership = self.guarded(prefixes.ownership(&*self.store, server)).await?;
        if ownership.is_unclaimed {
            // This lock is held for the claim only, so a server that finds them owned does not wait for the owner's
            // run.
            let lock = self.guarded(self.store.lock(&prefixes.owner_key())).await?;
            ownership = self.guarded(prefixes.ownership(&*self.store, server)).await?;
            if ownership.is_unclaimed {
                // Not cancelled: the write would go on after the lock is released.
                prefixes.claim(&*self.store, server).await?;
            }
            lock.release().await?;
        }
        if ownership.is_early {
            self.keys = self.candidates.early.clone();
        }
        let lock = self.store.lock(self.keys.lock());
        self.lock = Some(self.guarded(lock).await?);
        Ok(())
    }

    /// Begins as many types as there are lanes. More would only hold pages in memory.
    fn begin_types(&mut self) {
        let lanes = self.context.client.concurrency();
        while self.under_way < lanes
            && let Some(batch_type) = self.waiting.pop_front()
        {
            self.under_way = self.under_way.saturating_add(1);
            let opened =
                TypeSync::open(self.context.clone(), batch_type, self.store.clone(), self.keys.clone());
            self.start(batch_type, opened);
        }
        self.context.pages_each.set(lanes.checked_div(self.under_way).unwrap_or(lanes));
    }

    /// Makes the next step of a type in a task of its own, so that it goes on while the consumer is busy.
    fn start(
        &self,
        batch_type: BatchType,
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
                queue.push(StepResult { batch_type, result });
            }
        };
        self.context.client.clock().spawn(task.boxed_local());
    }

    async fn receive(&mut self, step_result: StepResult<T, C>) -> Result<Option<Delta<T::Records>>, Error> {
        let StepResult { batch_type, result } = step_result;
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
        let TypeStep { delivery, update, progress, is_last } = step;
        if is_last {
            self.under_way = self.under_way.saturating_sub(1);
        } else {
            self.start(batch_type, async { Ok(type_sync) });
        }
        // If the position is ahead of the clock, what was updated since then is not delivered.
        let until = update.position.end();
        if let Some(reported) = self.report.types.iter_mut().find(|own| own.batch_type == batch_type) {
            reported.until = until;
        }
        let Some((records, window)) = delivery else {
            self.committer.store_now(&update).await?;
            self.account(progress)?;
            return Ok(None);
        };
        self.delivered = self.delivered.saturating_add(1);
        self.committer.hold(self.delivered, update);
        self.unreported = Some(progress);
        Ok(Some(Delta { batch_type, number: self.delivered, window, records }))
    }

    /// Adds the progress of a type to the report, and tells the listener.
    fn account(&mut self, progress: SyncProgress) -> Result<(), Error> {
        if let Some(reported) = self.report.types.iter_mut().find(|own| own.batch_type == progress.batch_type)
        {
            let more = progress.records.saturating_sub(reported.records);
            self.report.records = self.report.records.saturating_add(more);
            reported.records = progress.records;
        }
        self.listener.as_ref().map_or(Ok(()), |listener| listener.progress(&progress))
    }

    /// `future`, unless the caller aborts or the client is closed first.
    async fn guarded<O>(&self, future: impl Future<Output = Result<O, Error>>) -> Result<O, Error> {
        let guarded = self.context.client.while_open(future);
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
