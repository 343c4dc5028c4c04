//! One client: its settings, and the way of a call through secret, lane, pause, timeout and retries. What an answer
//! means is decided in `response`.

use super::base_url::BaseUrl;
use super::credential::{Credential, SHORTEST_SECRET, SecretInUse};
use super::lanes::Lanes;
use super::limiter::{Limiter, SharedLane};
use super::pause::{self, OverlongPause, Pause};
use super::response::{AttemptError, Reply, is_presentable, later};
use super::retry::{self, Budget};
use super::timeout;
use super::{Abort, Call, Event, Reason, Request, RetryPolicy, Transport, TransportError, Warning};
use crate::clock::Clock;
use crate::error::{self, ApiError, ConnectionError, Error};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

static PAUSE_NOT_SHARED: Warning = Warning {
    code: "pause-not-shared",
    message: "the server has asked for a pause, and `limiter` failed to keep it: this client waits, but others that share the limiter \
              may send before the pause is over; see why its `pause` fails",
};

/// The settings of a client.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the API is.
    pub base: BaseUrl,
    /// Sent with every request, besides the library's own.
    pub headers: Vec<(String, String)>,
    /// The longest time that one attempt may take, body included, in milliseconds.
    pub timeout: u64,
    /// Attempts after the first.
    pub max_retries: u32,
    /// The longest pause that the client waits out by itself, in milliseconds.
    pub max_retry_delay: u64,
    /// Requests in flight at once, at least 1.
    pub concurrency: usize,
}

/// Sends calls and retries them, within what the server can take.
pub struct Client<T: Transport, C: Clock> {
    transport: T,
    pub(super) clock: C,
    pub(super) config: Config,
    credential: Credential,
    lanes: Lanes,
    pub(super) pause: Pause,
    budget: Budget,
    closed: Abort,
    next_id: Cell<u32>,
    largest: RefCell<Vec<(String, u64)>>,
    listener: Option<Box<dyn Fn(Event)>>,
    limiter: Option<Box<dyn Limiter>>,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A client with its own transport, clock and secret.
    pub fn new(
        transport: T,
        clock: C,
        config: Config,
        credential: Credential,
        listener: Option<Box<dyn Fn(Event)>>,
    ) -> Self {
        let lanes = Lanes::new(config.concurrency.max(1));
        Self {
            transport,
            clock,
            config,
            credential,
            lanes,
            pause: Pause::default(),
            budget: Budget::default(),
            closed: Abort::new(),
            next_id: Cell::new(1),
            largest: RefCell::default(),
            listener,
            limiter: None,
        }
    }

    /// Sends nothing without a lane of `limiter`, if there is one.
    #[must_use]
    pub fn with_limiter(self, limiter: Option<Box<dyn Limiter>>) -> Self {
        Self { limiter, ..self }
    }

    /// Where this client's API is.
    pub fn base(&self) -> &BaseUrl {
        &self.config.base
    }

    /// This client's clock.
    pub fn clock(&self) -> &C {
        &self.clock
    }

    /// How many requests this client may have in flight.
    pub fn concurrency(&self) -> usize {
        self.config.concurrency
    }

    /// Remembers how many records a page of the list at `path` had, and gives the most that an earlier page of it had.
    pub fn largest_page(&self, path: &str, records: u64) -> u64 {
        let mut largest = self.largest.borrow_mut();
        let Some((_, most)) = largest.iter_mut().find(|(known, _)| known == path) else {
            largest.push((path.to_owned(), records));
            return 0;
        };
        let before = *most;
        *most = before.max(records);
        before
    }

    /// Tells the listener, if there is one; `event` is called only then.
    pub fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(listener) = &self.listener {
            listener(event());
        }
    }

    /// Ends every call in flight, and refuses all that follow.
    pub fn close(&self) {
        self.closed.abort();
    }

    /// Runs `future`; ends with [`Error::Closed`] as soon as the client is closed.
    pub async fn while_open<O>(&self, future: impl Future<Output = Result<O, Error>>) -> Result<O, Error> {
        self.closed.guard(future).await.unwrap_or(Err(Error::Closed))
    }

    /// Sends `call`, with retries, until there is an answer of 2xx or an error. Errors: [`Error::Aborted`] as soon as
    /// `abort` is set, wherever the call is then; otherwise as [`Error`] says.
    pub async fn call(&self, call: Call, abort: &Abort) -> Result<Reply<T::Document>, Error> {
        abort.guard(self.while_open(self.attempts(&call))).await.unwrap_or(Err(Error::Aborted))
    }

    async fn attempts(&self, call: &Call) -> Result<Reply<T::Document>, Error> {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        let path = call.path();
        let mut attempt: u32 = 1;
        let mut retries: u32 = 0;
        let mut made_smaller: u32 = 0;
        let mut asked_again = false;
        loop {
            let outcome = self.attempt(call, &path, id, attempt).await;
            call.ended(matches!(&outcome, Err(failure) if failure.error().leaves_outcome_unknown()));
            let (error, reason, wait) = match outcome {
                Ok(reply) => {
                    // Retries that were needed to find a size that the server can give are no sign of an outage.
                    (0..=made_smaller).for_each(|_| self.budget.give_back());
                    return Ok(reply);
                }
                Err(AttemptError::Final(error)) => return Err(error),
                Err(AttemptError::Unauthorized { error, used }) => {
                    // Another secret makes another request: once per call, and outside the retry budget.
                    if asked_again || !self.credential.refused(&used) {
                        return Err(error);
                    }
                    asked_again = true;
                    self.tell_retry(id, attempt, 0, Reason::Secret);
                    attempt = attempt.saturating_add(1);
                    continue;
                }
                Err(AttemptError::Retryable { error, reason, wait }) => (error, reason, wait),
            };
            if call.retry_policy == RetryPolicy::UnlessActedOn && error.leaves_outcome_unknown() {
                return Err(error);
            }
            // `Retry-After: 0` is no reason to hammer the server: the backoff applies.
            let asked_for = wait.filter(|&wait| wait > 0);
            let most = self.config.max_retry_delay;
            // The server's wait is never shortened; the library's own may be. A smaller page is another request, and
            // does not have to wait longer and longer.
            let doublings = retries.min(self.config.max_retries);
            let backoff = || match reason {
                // Only the answer was too large; the server is well.
                Reason::Size => 0,
                _ => retry::delay(doublings, self.clock.chance()).min(most),
            };
            let delay = asked_for.unwrap_or_else(backoff);
            let too_long = delay > most;
            // Many failures pass by themselves, so the first one is no reason to ask for less yet, unless it was a
            // timeout. A user who wants no retries wants no smaller requests in their place either.
            let is_first = retries == 0 && !matches!(reason, Reason::Timeout | Reason::Size);
            let may_ask_for_less = self.config.max_retries > 0 && !is_first;
            let is_less =
                may_ask_for_less && (reason == Reason::Size || error.may_come_of_size()) && call.halve();
            if too_long || retries >= self.config.max_retries && !is_less || !self.budget.try_take() {
                return Err(error);
            }
            self.tell_retry(id, attempt, delay, reason);
            retries = retries.saturating_add(1);
            made_smaller = made_smaller.saturating_add(u32::from(is_less));
            attempt = attempt.saturating_add(1);
            // A wait that the server asked for is a pause of all lanes, and the next attempt waits it out.
            if asked_for.is_none() {
                self.clock.sleep(delay).await;
            }
        }
    }

    fn tell_retry(&self, id: u32, attempt: u32, delay: u64, reason: Reason) {
        self.tell(|| Event::Retry { id, attempt, delay, reason });
    }

    async fn attempt(
        &self,
        call: &Call,
        path: &Rc<str>,
        id: u32,
        attempt: u32,
    ) -> Result<Reply<T::Document>, AttemptError> {
        self.credential.current(&self.clock).await.map_err(AttemptError::Final)?;
        let _lane = self.lanes.enter().await;
        let (used, _shared) = self.turn(call, path).await.map_err(AttemptError::Final)?;
        self.tell(|| Event::Request { id, method: call.method, path: path.clone(), attempt });
        let began = self.clock.monotonic();
        call.count(attempt);
        let sending = pin!(self.transport.send(self.request(call, &used)));
        let Some(answer) = timeout::wait(&self.clock, sending, self.config.timeout).await else {
            let timeout = Some(self.config.timeout);
            let broken = TransportError { sent: true, cause: None };
            return Err(Self::broken(call, path, broken, timeout, Reason::Timeout));
        };
        let mut response =
            answer.map_err(|broken| Self::broken(call, path, broken, None, Reason::Connection))?;
        let request_id = response.headers.request_id;
        response.headers.request_id = request_id.filter(|id| is_presentable(id, &used, &self.config.headers));
        let duration = self.clock.monotonic().saturating_sub(began);
        self.tell(|| Event::Response {
            id,
            status: response.status,
            duration,
            request_id: response.headers.request_id.clone(),
        });
        call.answered(began, self.clock.monotonic(), self.server_seconds(&response.headers));
        let judged = self.judge(call, path, response, used);
        if let (Some(limiter), Some(wait)) =
            (&self.limiter, judged.as_ref().err().and_then(AttemptError::pause))
        {
            // Before the shared lane is given back: whoever gets it is to know of the pause.
            let until = later(self.clock.now(), pause::believed(wait));
            if limiter.pause(until).await.is_err() {
                self.tell(|| Event::Warning(&PAUSE_NOT_SHARED));
            }
        }
        judged
    }

    /// Waits until a request may be sent. Returns the secret for it, and its lane of the limiter, if there is one.
    async fn turn(&self, call: &Call, path: &Rc<str>) -> Result<(SecretInUse, Option<SharedLane>), Error> {
        loop {
            let paused = self.pause.sit_out(&self.clock, self.config.max_retry_delay).await;
            paused.map_err(|pause| self.still_paused(call, path, pause))?;
            // Once more: while this call waited for its lane, the secret may have been refused to another one.
            let used = self.credential.current(&self.clock).await?;
            let Some(limiter) = &self.limiter else { return Ok((used, None)) };
            let shared = limiter.enter().await?;
            // The same may have happened while it waited for the limiter, and so may a pause.
            if !self.pause.is_on() && self.credential.is_current(&used) {
                return Ok((used, Some(shared)));
            }
        }
    }

    fn request(&self, call: &Call, used: &SecretInUse) -> Request {
        let mut headers = self.config.headers.clone();
        headers.push(("accept".to_owned(), call.accept.media_type().to_owned()));
        headers.push(("authorization".to_owned(), used.text.authorization()));
        if let Some(content) = &call.content {
            headers.push(("content-type".to_owned(), content.media_type.to_owned()));
        }
        Request {
            method: call.method,
            url: call.target(),
            headers,
            accept: call.accept,
            content: call.content.clone(),
            redaction: used.text.redaction(SHORTEST_SECRET, &self.config.headers),
        }
    }

    fn still_paused(&self, call: &Call, path: &Rc<str>, pause: OverlongPause) -> Error {
        Error::Api(Box::new(ApiError {
            status: pause.status,
            method: call.method,
            path: path.clone(),
            request_id: None,
            retry_at: Some(later(self.clock.now(), pause.left)),
            body: None,
            pause: error::PauseEffect::Held,
        }))
    }

    fn broken(
        call: &Call,
        path: &Rc<str>,
        broken: TransportError,
        timeout: Option<u64>,
        reason: Reason,
    ) -> AttemptError {
        let error = Error::Connection(Box::new(ConnectionError {
            sent: broken.sent,
            timeout,
            method: call.method,
            path: path.clone(),
            cause: broken.cause,
        }));
        AttemptError::Retryable { error, reason, wait: None }
    }
}
