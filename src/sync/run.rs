//! One run over all types, from the lock to the report.

use super::committer::Committer;
use super::options::SyncOptions;
use super::position_keys::{KeyCandidates, PositionKeys};
use super::queue::Queue;
use super::report::{SyncProgress, SyncReport, TypeReport};
use super::run_context::RunContext;
use super::type_sync::{TypeStep, TypeSync};
use super::window::{self, Window};
use crate::api::{AppPath, BatchType};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Client};
use crate::pages::Lists;
use crate::store::{Lock, Store};
use futures_util::FutureExt;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

/// A page's worth of what is new.
pub struct Delta<R> {
    /// Of which type.
    pub batch_type: BatchType,
    /// Its place among all deltas of the run, from 1: what [`Committer::commit`] takes.
    pub number: u64,
    /// The stretch of update time that it is of.
    pub window: Window,
    /// The records.
    pub records: R,
}

impl<R> Delta<R> {
    /// Bounds of its window, as RFC 3339 writes them.
    pub fn window_text(&self) -> [String; 2] {
        [window::rfc3339(self.window.since), window::rfc3339(self.window.before)]
    }
}

/// Is told how it goes. What it fails with ends the run.
pub type SyncListener = Box<dyn Fn(&SyncProgress) -> Result<(), Error>>;

/// One run. It holds the lock of its app from the first [`Run::next`] to its end; dropped, it gives it back at once.
pub struct Run<T: Lists, C: Clock, S: Store> {
    context: Rc<RunContext<T, C>>,
    store: Rc<S>,
    candidates: KeyCandidates,
    /// The one of the two that is this server's, once the run has begun.
    keys: PositionKeys,
    committer: Rc<Committer<S>>,
    listener: Option<SyncListener>,
    lock: Option<S::Lock>,
    state: RunState,
    /// Types that are still to be begun.
    waiting: VecDeque<BatchType>,
    under_way: usize,
    queue: Rc<Queue<StepResult<T, C>>>,
    /// Ends the tasks of all tracks, and the wait for them.
    stop: Abort,
    /// The first error of a type. The others go on.
    failure: Option<Error>,
    delivered: u64,
    /// What is told of the delta that is with its consumer when it comes back.
    unreported: Option<SyncProgress>,
    report: SyncReport,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RunState {
    Fresh,
    Running,
    Over,
}

/// What a type has come to, with the type for its next step.
struct StepResult<T: Lists, C: Clock> {
    batch_type: BatchType,
    result: Result<TypeAndStep<T, C>, Error>,
}

type TypeAndStep<T, C> = (TypeSync<T, C>, TypeStep<<T as Lists>::Records>);

impl<T: Lists, C: Clock, S: Store> Run<T, C, S> {
    /// A run that has sent nothing yet, of the app that the API knows as `client_id`.
    pub fn new(
        client: Rc<Client<T, C>>,
        path: AppPath,
        client_id: &str,
        store: Rc<S>,
        options: SyncOptions,
        abort: Abort,
    ) -> Self {
        let candidates = KeyCandidates::new(client_id, client.base().own());
        let types = options.types.iter();
        let report = SyncReport {
            types: types.map(|&batch_type| TypeReport { batch_type, records: 0, until: None }).collect(),
            ..SyncReport::default()
        };
        Self {
            waiting: options.types.iter().copied().collect(),
            context: Rc::new(RunContext::new(client, path, options, abort)),
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

    /// The same run, which tells `listener` of each delta that its consumer is done with, and of each window.
    #[must_use]
    pub fn with_listener(mut self, listener: Option<SyncListener>) -> Self {
        self.listener = listener;
        self
    }

    /// Ends the run, also while [`Run::next`] is under way, which gives `None` then; what is being written is written. To be
    /// followed by [`Run::end`].
    pub fn stopping(&self) -> Abort {
        self.stop.clone()
    }

    /// Keeps positions of deltas.
    pub fn committer(&self) -> Rc<Committer<S>> {
        self.committer.clone()
    }

    /// The next delta; asking for it says that the consumer is done with the last one, whose position is kept first. None
    /// when all types are up to date.
    ///
    /// # Errors
    /// Those of the store, and [`Error::Aborted`], end the run. An error of one type does not keep the others from
    /// coming to their end; it is given then.
    pub async fn next(&mut self) -> Result<Option<Delta<T::Records>>, Error> {
        let outcome = match self.advance().await {
            Err(Error::Aborted) if self.stop.is_aborted() => Ok(None),
            outcome => outcome,
        };
        if !matches!(outcome, Ok(Some(_))) {
            let released = self.end().await;
            if outcome.is_ok() {
                released?;
            }
        }
        outcome
    }

    /// Ends the run where it stands. What is with the consumer is not kept.
    ///
    /// # Errors
    /// Those of the store, giving back the lock.
    pub async fn end(&mut self) -> Result<(), Error> {
        self.state = RunState::Over;
        self.stop.abort();
        self.waiting.clear();
        // A write under way is not left behind the lock.
        let _turn = self.committer.close().await;
        match self.lock.take() {
            Some(lock) => lock.release().await,
            None => Ok(()),
        }
    }

    /// What it came to.
    pub fn report(&self) -> SyncReport {
        let tally = &self.context.tally;
        SyncReport { requests: tally.requests.get(), retries: tally.retries.get(), ..self.report.clone() }
    }

    async fn advance(&mut self) -> Result<Option<Delta<T::Records>>, Error> {
        if self.state == RunState::Fresh {
            self.state = RunState::Running;
            self.enter().await?;
        }
        // What writes is not cut short: it would go on behind the lock.
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

    /// Waits for the lock. Positions of an early version become this server's before that, where they are nobody's.
    async fn enter(&mut self) -> Result<(), Error> {
        let prefixes = self.candidates.prefixes();
        let server = self.context.client.base().own();
        let mut ownership = self.guarded(prefixes.ownership(&*self.store, server)).await?;
        if ownership.is_unclaimed {
            // A lock for no more than this: whoever finds them taken need not wait for a run of who has them.
            let lock = self.guarded(self.store.lock(&prefixes.owner_key())).await?;
            ownership = self.guarded(prefixes.ownership(&*self.store, server)).await?;
            if ownership.is_unclaimed {
                // Not cut short: it would happen behind the lock.
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

    /// As many types as there are lanes are under way at a time: more would only wait in memory.
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

    /// Makes a type_sync's next step in a task of its own: it goes on while the consumer is busy.
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
        // A position may be ahead of the clock; what was updated since is not delivered.
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

    /// Takes down how far a type is, and tells it.
    fn account(&mut self, progress: SyncProgress) -> Result<(), Error> {
        if let Some(reported) = self.report.types.iter_mut().find(|own| own.batch_type == progress.batch_type)
        {
            let more = progress.records.saturating_sub(reported.records);
            self.report.records = self.report.records.saturating_add(more);
            reported.records = progress.records;
        }
        self.listener.as_ref().map_or(Ok(()), |listener| listener(&progress))
    }

    /// `future`, unless the caller aborts or the client is closed before its end.
    async fn guarded<O>(&self, future: impl Future<Output = Result<O, Error>>) -> Result<O, Error> {
        let guarded = self.context.client.while_open(future);
        let guarded = self.context.abort.guard(guarded);
        self.stop.guard(guarded).await.flatten().unwrap_or(Err(Error::Aborted))
    }
}

impl<T: Lists, C: Clock, S: Store> Drop for Run<T, C, S> {
    fn drop(&mut self) {
        self.stop.abort();
    }
}

/// Whether an error of one type is one of all: the others would come to nothing else.
fn concerns_all(error: &Error) -> bool {
    match error {
        Error::Api(error) => error.status == 401,
        Error::Connection(_) | Error::Protocol(_) => false,
        Error::Option(_) | Error::Store(_) | Error::Aborted | Error::Closed | Error::Thrown(_) => true,
    }
}
