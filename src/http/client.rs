//! One client: its settings, and the way of a call through secret, lane, pause, timeout and retries.

use super::base::Base;
use super::credential::{Credential, SecretText, Used};
use super::dates::server_clock;
use super::lanes::Lanes;
use super::patience;
use super::pause::{Pause, TooLong};
use super::{
    Abort, Accept, Body, Broken, Call, Event, Headers, Reason, Repeat, Request, Response, Transport,
};
use crate::clock::Clock;
use crate::error::{self, ApiError, ConnectionError, Error, ProtocolError};
use crate::retry::{self, Budget, parse_retry_after};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

static NOT_JSON: ProtocolError = ProtocolError {
    code: "not-json",
    message: "the answer is not JSON though its status says that all is well; is `baseUrl` the API's?",
};
static TOO_LARGE: ProtocolError = ProtocolError {
    code: "too-large",
    message: "the answer has more bytes, uncompressed, than `maxResponseBytes` allows, and was not read to its end; ask \
              for fewer records at a time (`limit`), or raise the option if answers may be that large",
};
static NOT_ACKNOWLEDGED: ProtocolError = ProtocolError {
    code: "not-acknowledged",
    message: "the answer does not acknowledge the request: its status is another 2xx than the one that the API is known to give, or it \
              says that something failed, or that nothing was accepted; is `baseUrl` the API's?",
};
static REDIRECT: ProtocolError = ProtocolError {
    code: ProtocolError::REDIRECT,
    message: "the answer is a redirect, which is not followed, so that the secret goes nowhere else; set `baseUrl` to \
              where the API is",
};

/// What the user of a client may set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the API is.
    pub base: Base,
    /// Sent with every request, besides the library's own.
    pub headers: Vec<(String, String)>,
    /// Longest time for one attempt, body included, in milliseconds.
    pub timeout: u64,
    /// Attempts after the first.
    pub max_retries: u32,
    /// Longest wait that the client sits out by itself, in milliseconds.
    pub max_retry_delay: u64,
    /// Requests in flight at once, at least 1.
    pub concurrency: usize,
}

/// An answer with a status of 2xx.
#[derive(Debug)]
pub struct Reply<D> {
    /// The fields that the library reads.
    pub headers: Headers,
    /// The content.
    pub body: Body<D>,
    /// The secret that was used: to keep it out of what is shown.
    pub secret: SecretText,
}

/// Sends calls, retries them, and keeps the peace with the server.
pub struct Client<T: Transport, C: Clock> {
    transport: T,
    clock: C,
    config: Config,
    credential: Credential,
    lanes: Lanes,
    pause: Pause,
    budget: Budget,
    closed: Abort,
    next_id: Cell<u32>,
    largest: RefCell<Vec<(String, u64)>>,
    listener: Option<Box<dyn Fn(Event)>>,
}

/// Why an attempt did not bring what was asked for.
enum Failure {
    /// Another attempt may do better.
    Retryable { error: Error, reason: Reason, wait: Option<u64> },
    /// The secret was refused.
    Unauthorized { error: Error, used: Used },
    /// It will not get better.
    Final(Error),
}

impl Failure {
    fn error(&self) -> &Error {
        match self {
            Self::Retryable { error, .. } | Self::Unauthorized { error, .. } | Self::Final(error) => error,
        }
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A client with a transport, a clock and a secret of its own.
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
        }
    }

    /// Where this client's API is.
    pub fn base(&self) -> &Base {
        &self.config.base
    }

    /// The clock that this client goes by.
    pub fn clock(&self) -> &C {
        &self.clock
    }

    /// How many requests this client may have in flight.
    pub fn concurrency(&self) -> usize {
        self.config.concurrency
    }

    /// Remembers how many records a list's page had, and gives the most that one of the list at this path had before.
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

    /// Tells the listener, if there is one; `event` is only made then.
    pub fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(listener) = &self.listener {
            listener(event());
        }
    }

    /// Ends every call in flight, and refuses all that follow.
    pub fn close(&self) {
        self.closed.abort();
    }

    /// `future`, or [`Error::Closed`] as soon as the client is closed.
    ///
    /// # Errors
    /// Those of `future`.
    pub async fn while_open<O>(&self, future: impl Future<Output = Result<O, Error>>) -> Result<O, Error> {
        self.closed.guard(future).await.unwrap_or(Err(Error::Closed))
    }

    /// Sends `call`, with retries, until there is an answer of 2xx or an error.
    ///
    /// # Errors
    /// [`Error::Aborted`] as soon as `abort` is set, at whatever point the call is; else as [`Error`] says.
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
                    // What it took to find the size that the server can give is no sign of an outage.
                    (0..=made_smaller).for_each(|_| self.budget.give_back());
                    return Ok(reply);
                }
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Unauthorized { error, used }) => {
                    // Not a retry of the same request: once a call, and outside the retry budget.
                    if asked_again || !self.credential.refused(&used) {
                        return Err(error);
                    }
                    asked_again = true;
                    self.tell_retry(id, attempt, 0, Reason::Secret);
                    attempt = attempt.saturating_add(1);
                    continue;
                }
                Err(Failure::Retryable { error, reason, wait }) => (error, reason, wait),
            };
            if call.repeat == Repeat::WhereNotActedOn && error.leaves_outcome_unknown() {
                return Err(error);
            }
            // A Retry-After of no time at all is no reason to hammer the server: the backoff holds then.
            let asked_for = wait.filter(|&wait| wait > 0);
            let most = self.config.max_retry_delay;
            // The server's wait is never shortened; the library's own may be.
            // What is asked for anew and smaller is another request, and need not wait ever longer.
            let doublings = retries.min(self.config.max_retries);
            let backoff = || match reason {
                // The server is well: only its answer was too large.
                Reason::Size => 0,
                _ => retry::delay(doublings, self.clock.chance()).min(most),
            };
            let delay = asked_for.unwrap_or_else(backoff);
            let too_long = delay > most;
            // Many failures pass by themselves: the first one is no reason yet to ask for less, unless it took its time. Who wants no
            // retries wants no smaller request in their place, either.
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
            // A wait that the server asked for is a pause of every lane, this one's too: the next attempt sits it out.
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
    ) -> Result<Reply<T::Document>, Failure> {
        self.credential.current(&self.clock).await.map_err(Failure::Final)?;
        let _lane = self.lanes.enter().await;
        let most = self.config.max_retry_delay;
        self.pause
            .sit_out(&self.clock, most)
            .await
            .map_err(|pause| Failure::Final(self.still_paused(call, path, pause)))?;

        // Once more: while this call waited for its turn, another may have found the secret refused.
        let used = self.credential.current(&self.clock).await.map_err(Failure::Final)?;
        self.tell(|| Event::Request { id, method: call.method, path: path.clone(), attempt });
        let began = self.clock.monotonic();
        call.count(attempt);
        let sending = pin!(self.transport.send(self.request(call, &used)));
        let Some(answer) = patience::wait(&self.clock, sending, self.config.timeout).await else {
            let timeout = Some(self.config.timeout);
            let broken = Broken { sent: true, cause: None };
            return Err(Self::broken(call, path, broken, timeout, Reason::Timeout));
        };
        let mut response =
            answer.map_err(|broken| Self::broken(call, path, broken, None, Reason::Connection))?;
        response.headers.request_id = response.headers.request_id.filter(|id| presentable(id, &used));
        let duration = self.clock.monotonic().saturating_sub(began);
        self.tell(|| Event::Response {
            id,
            status: response.status,
            duration,
            request_id: response.headers.request_id.clone(),
        });
        call.answered(began, self.clock.monotonic(), self.server_seconds(&response.headers));
        self.judge(call, path, response, used)
    }

    fn request(&self, call: &Call, used: &Used) -> Request {
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
            secret: used.text.clone(),
        }
    }

    fn judge(
        &self,
        call: &Call,
        path: &Rc<str>,
        response: Response<T::Document>,
        used: Used,
    ) -> Result<Reply<T::Document>, Failure> {
        let Response { status, headers, body } = response;
        if (200..=299).contains(&status) {
            match body {
                Body::NotJson => return Err(Failure::Final(Error::Protocol(&NOT_JSON))),
                Body::TooLarge => {
                    let error = Error::Protocol(&TOO_LARGE);
                    return Err(if call.can_be_halved() {
                        Failure::Retryable { error, reason: Reason::Size, wait: None }
                    } else {
                        Failure::Final(error)
                    });
                }
                Body::Empty | Body::Document(_) => {}
            }
            if let Accept::Acknowledgement(statuses) = call.accept
                && !(statuses.contains(&status) && acknowledges::<T>(&body))
            {
                return Err(Failure::Final(Error::Protocol(&NOT_ACKNOWLEDGED)));
            }
            return Ok(Reply { headers, body, secret: used.text });
        }
        if status == 0 || (300..=399).contains(&status) && status != 304 {
            return Err(Failure::Final(Error::Protocol(&REDIRECT)));
        }
        let retryable = matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504);
        let wait = if retryable { self.wait_asked_for(&headers) } else { None };
        if let Some(wait) = wait {
            self.pause.begin(&self.clock, wait, status);
        }
        let error = Error::Api(Box::new(ApiError {
            status,
            method: call.method,
            path: path.clone(),
            request_id: headers.request_id,
            retry_at: wait.map(|wait| later(self.clock.now(), wait)),
            body: T::foreign(body),
            pause: match wait {
                Some(wait) if wait > self.config.max_retry_delay => error::Pause::TooLong,
                _ => error::Pause::None,
            },
        }));
        Err(match status {
            401 => Failure::Unauthorized { error, used },
            _ if retryable => Failure::Retryable { error, reason: Reason::Status(status), wait },
            _ => Failure::Final(error),
        })
    }

    /// RFC 9110 §10.2.3. A date is read by the server's own clock where its `Date` field is there: the two came
    /// together, while this host's clock may be off by hours.
    fn wait_asked_for(&self, headers: &Headers) -> Option<u64> {
        let value = headers.retry_after.as_deref()?;
        let seconds = self.server_seconds(headers);
        let now = seconds.map_or_else(|| self.clock.now(), |seconds| seconds.saturating_mul(1000));
        parse_retry_after(value, now)
    }

    /// The server's clock when it answered, in seconds since the epoch.
    pub(crate) fn server_seconds(&self, headers: &Headers) -> Option<i64> {
        server_clock(headers.date.as_deref()?, self.clock.now() / 1000)
    }

    fn still_paused(&self, call: &Call, path: &Rc<str>, pause: TooLong) -> Error {
        Error::Api(Box::new(ApiError {
            status: pause.status,
            method: call.method,
            path: path.clone(),
            request_id: None,
            retry_at: Some(later(self.clock.now(), pause.left)),
            body: None,
            pause: error::Pause::Held,
        }))
    }

    fn broken(call: &Call, path: &Rc<str>, broken: Broken, timeout: Option<u64>, reason: Reason) -> Failure {
        let error = Error::Connection(Box::new(ConnectionError {
            sent: broken.sent,
            timeout,
            method: call.method,
            path: path.clone(),
            cause: broken.cause,
        }));
        Failure::Retryable { error, reason, wait: None }
    }
}

/// Whether nothing in it says that something failed.
fn acknowledges<T: Transport>(body: &Body<T::Document>) -> bool {
    match body {
        Body::Empty => true,
        Body::Document(document) => !T::says_failed(document),
        Body::NotJson | Body::TooLarge => false,
    }
}

fn later(now: i64, wait: u64) -> i64 {
    now.saturating_add(i64::try_from(wait).unwrap_or(i64::MAX))
}

/// A request id goes into logs: only what looks like one, and nothing that repeats the secret.
fn presentable(id: &str, used: &Used) -> bool {
    !id.is_empty()
        && id.len() <= 128
        && id.bytes().all(|byte| byte.is_ascii_graphic())
        && !used.text.is_in_short(id)
}
