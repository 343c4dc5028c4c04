//! One run over all types, from the lock to the report.

use super::job::{Job, Settings};
use super::keeper::Keeper;
use super::keys::{Scope, Scopes};
use super::mailbox::Mailbox;
use super::progress::{Progress, Report, Reported};
use super::span::{self, Span};
use super::track::{Step, Track};
use crate::api::{AppPath, BatchType};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Client};
use crate::pages::ListTransport;
use crate::store::{Lock, Store};
use futures_util::FutureExt;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

/// A page's worth of what is new.
pub struct Delta<R> {
    /// Of which type.
    pub batch_type: BatchType,
    /// Its place among all deltas of the run, from 1: what [`Keeper::commit`] takes.
    pub number: u64,
    /// The stretch of update time that it is of.
    pub span: Span,
    /// The records.
    pub records: R,
}

impl<R> Delta<R> {
    /// Bounds of its span, as RFC 3339 writes them.
    pub fn window(&self) -> [String; 2] {
        [span::text(self.span.since), span::text(self.span.before)]
    }
}

/// Is told how it goes. What it fails with ends the run.
pub type Listener = Box<dyn Fn(&Progress) -> Result<(), Error>>;

/// One run. It holds the lock of its app from the first [`Run::next`] to its end; dropped, it gives it back at once.
pub struct Run<T: ListTransport, C: Clock, S: Store> {
    job: Rc<Job<T, C>>,
    store: Rc<S>,
    scopes: Scopes,
    /// The one of the two that is this server's, once the run has begun.
    scope: Scope,
    keeper: Rc<Keeper<S>>,
    listener: Option<Listener>,
    lock: Option<S::Lock>,
    state: State,
    /// Types that are still to be begun.
    waiting: VecDeque<BatchType>,
    under_way: usize,
    mailbox: Rc<Mailbox<Mail<T, C>>>,
    /// Ends the tasks of all tracks, and the wait for them.
    stop: Abort,
    /// The first error of a type. The others go on.
    failure: Option<Error>,
    delivered: u64,
    /// What is told of the delta that is with its consumer when it comes back.
    told_later: Option<Progress>,
    report: Report,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Running,
    Over,
}

/// What a track has made, and the track, for its next step.
struct Mail<T: ListTransport, C: Clock> {
    batch_type: BatchType,
    made: Result<Made<T, C>, Error>,
}

type Made<T, C> = (Track<T, C>, Step<<T as ListTransport>::Records>);

impl<T: ListTransport, C: Clock, S: Store> Run<T, C, S> {
    /// A run that has sent nothing yet, of the app that the API knows as `client_id`.
    pub fn new(
        client: Rc<Client<T, C>>,
        path: AppPath,
        client_id: &str,
        store: Rc<S>,
        settings: Settings,
        abort: Abort,
    ) -> Self {
        let scopes = Scopes::new(client_id, client.base().own());
        let types = settings.types.iter();
        let report = Report {
            types: types.map(|&batch_type| Reported { batch_type, records: 0, until: None }).collect(),
            ..Report::default()
        };
        Self {
            waiting: settings.types.iter().copied().collect(),
            job: Rc::new(Job::new(client, path, settings, abort)),
            keeper: Rc::new(Keeper::new(store.clone())),
            store,
            scope: scopes.own.clone(),
            scopes,
            listener: None,
            lock: None,
            state: State::Fresh,
            under_way: 0,
            mailbox: Rc::default(),
            stop: Abort::new(),
            failure: None,
            delivered: 0,
            told_later: None,
            report,
        }
    }

    /// The same run, which tells `listener` of each delta that its consumer is done with, and of each span.
    #[must_use]
    pub fn telling(mut self, listener: Option<Listener>) -> Self {
        self.listener = listener;
        self
    }

    /// Ends the run, also while [`Run::next`] is under way, which gives `None` then; what is being written is written. To be
    /// followed by [`Run::end`].
    pub fn stopping(&self) -> Abort {
        self.stop.clone()
    }

    /// Keeps positions of deltas.
    pub fn keeper(&self) -> Rc<Keeper<S>> {
        self.keeper.clone()
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
        self.state = State::Over;
        self.stop.abort();
        self.waiting.clear();
        // A write under way is not left behind the lock.
        let _turn = self.keeper.close().await;
        match self.lock.take() {
            Some(lock) => lock.release().await,
            None => Ok(()),
        }
    }

    /// What it came to.
    pub fn report(&self) -> Report {
        let tally = &self.job.tally;
        Report { requests: tally.requests.get(), retries: tally.retries.get(), ..self.report.clone() }
    }

    async fn advance(&mut self) -> Result<Option<Delta<T::Records>>, Error> {
        if self.state == State::Fresh {
            self.state = State::Running;
            self.enter().await?;
        }
        // What writes is not cut short: it would go on behind the lock.
        self.keeper.commit_pending().await?;
        if let Some(progress) = self.told_later.take() {
            self.account(progress)?;
        }
        while self.state == State::Running {
            self.begin_types();
            if self.under_way == 0 {
                break;
            }
            let mailbox = self.mailbox.clone();
            let mail = self.guarded(async move { Ok(mailbox.take().await) }).await?;
            if let Some(delta) = self.receive(mail).await? {
                return Ok(Some(delta));
            }
        }
        self.failure.take().map_or(Ok(None), Err)
    }

    /// Waits for the lock. Positions of an early version become this server's before that, where they are nobody's.
    async fn enter(&mut self) -> Result<(), Error> {
        let places = self.scopes.places();
        let server = self.job.client.base().own();
        let mut home = self.guarded(places.find(&*self.store, server)).await?;
        if home.is_unclaimed {
            // A lock for no more than this: whoever finds them taken need not wait for a run of who has them.
            let lock = self.guarded(self.store.lock(&places.key())).await?;
            home = self.guarded(places.find(&*self.store, server)).await?;
            if home.is_unclaimed {
                // Not cut short: it would happen behind the lock.
                places.claim(&*self.store, server).await?;
            }
            lock.release().await?;
        }
        if home.is_early {
            self.scope = self.scopes.early.clone();
        }
        let lock = self.store.lock(self.scope.lock());
        self.lock = Some(self.guarded(lock).await?);
        Ok(())
    }

    /// As many types as there are lanes are under way at a time: more would only wait in memory.
    fn begin_types(&mut self) {
        let lanes = self.job.client.concurrency();
        while self.under_way < lanes
            && let Some(batch_type) = self.waiting.pop_front()
        {
            self.under_way = self.under_way.saturating_add(1);
            let opened = Track::open(self.job.clone(), batch_type, self.store.clone(), self.scope.clone());
            self.start(batch_type, opened);
        }
        self.job.pages_each.set(lanes.checked_div(self.under_way).unwrap_or(lanes));
    }

    /// Makes a track's next step in a task of its own: it goes on while the consumer is busy.
    fn start(
        &self,
        batch_type: BatchType,
        track: impl Future<Output = Result<Track<T, C>, Error>> + 'static,
    ) {
        let (mailbox, stop) = (self.mailbox.clone(), self.stop.clone());
        let task = async move {
            let stepped = async {
                let mut track = track.await?;
                let step = track.step().await?;
                Ok((track, step))
            };
            if let Ok(made) = stop.guard(stepped.boxed_local()).await {
                mailbox.put(Mail { batch_type, made });
            }
        };
        self.job.client.clock().spawn(task.boxed_local());
    }

    async fn receive(&mut self, mail: Mail<T, C>) -> Result<Option<Delta<T::Records>>, Error> {
        let Mail { batch_type, made } = mail;
        let (track, step) = match made {
            Ok(made) => made,
            Err(error) => {
                self.under_way = self.under_way.saturating_sub(1);
                if concerns_all(&error) {
                    return Err(error);
                }
                self.failure.get_or_insert(error);
                return Ok(None);
            }
        };
        let Step { delivery, milestone, progress, is_last } = step;
        if is_last {
            self.under_way = self.under_way.saturating_sub(1);
        } else {
            self.start(batch_type, async { Ok(track) });
        }
        // A position may be ahead of the clock; what was updated since is not delivered.
        let until = milestone.position.end();
        if let Some(reported) = self.report.types.iter_mut().find(|own| own.batch_type == batch_type) {
            reported.until = until;
        }
        let Some((records, span)) = delivery else {
            self.keeper.keep(&milestone).await?;
            self.account(progress)?;
            return Ok(None);
        };
        self.delivered = self.delivered.saturating_add(1);
        self.keeper.hand_out(self.delivered, milestone);
        self.told_later = Some(progress);
        Ok(Some(Delta { batch_type, number: self.delivered, span, records }))
    }

    /// Takes down how far a type is, and tells it.
    fn account(&mut self, progress: Progress) -> Result<(), Error> {
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
        let guarded = self.job.client.while_open(future);
        let guarded = self.job.abort.guard(guarded);
        self.stop.guard(guarded).await.flatten().unwrap_or(Err(Error::Aborted))
    }
}

impl<T: ListTransport, C: Clock, S: Store> Drop for Run<T, C, S> {
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
