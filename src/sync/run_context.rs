//! What the types of a run share: client, options, and the server's clock.

use super::clock_request::{MAX_CLOCK_REQUESTS, request_clock};
use super::mark_slots::MarkCapacity;
use super::server_clock::{ClockEstimator, ServerTime};
use super::sync_type::SyncType;
use super::window::Window;
use crate::api::QueryInit;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{AGREE, Abort, Client, Event, Lanes, Tally, Transport, Warning};
use crate::pages::AnswerTime;
use std::cell::Cell;
use std::rc::Rc;

/// The options of a run.
#[derive(Clone, Debug)]
pub struct SyncOptions {
    /// The types, each once.
    pub types: Vec<SyncType>,
    /// Further conditions of all queries, and the size of their pages; without times.
    pub conditions: QueryInit,
    /// Where the first run of a type begins, in seconds since the epoch, rounded down. Default:
    /// [`SyncType::default_span`] ago.
    pub since: Option<i64>,
    /// Where the run ends, in seconds since the epoch, rounded up. Default: at the server's clock.
    pub until: Option<i64>,
    /// How far a run reaches back before the end of the last one, in seconds, rounded up.
    pub overlap: i64,
    /// Windows with more records than this are halved before they are walked.
    pub window_records: u64,
    /// Set if only this window is walked, and not what lies before or after it.
    pub only_window: Option<Window>,
    /// How many marks of delivered records are stored.
    pub mark_capacity: MarkCapacity,
}

/// What the types of a run share.
pub struct RunContext<T: Transport, C: Clock> {
    /// Sends the requests.
    pub client: Rc<Client<T, C>>,
    /// The options of the run.
    pub options: SyncOptions,
    /// The fingerprint of its conditions.
    pub conditions: u64,
    /// Aborts the run.
    pub abort: Abort,
    /// Counts its requests and notes their dates.
    pub tally: Rc<Tally>,
    /// How many pages a walk may request at a time: the types in progress share the lanes.
    pub pages_each: Rc<Cell<usize>>,
    pub(super) clock_estimator: ClockEstimator,
    /// Only one type requests the server's clock at a time.
    turns: Lanes,
    /// How many requests were sent only for the clock.
    clock_requests: Cell<u32>,
    warned: WarningFlags,
}

/// The warnings that were given already.
#[derive(Default)]
struct WarningFlags {
    hidden: Cell<bool>,
    host: Cell<bool>,
    odd: Cell<bool>,
    ahead: Cell<bool>,
    ignored: Cell<bool>,
}

impl<T: Transport, C: Clock> RunContext<T, C> {
    /// The context of a run that has sent nothing yet. `conditions` is the fingerprint of those of the options.
    pub fn new(client: Rc<Client<T, C>>, options: SyncOptions, conditions: u64, abort: Abort) -> Self {
        let clock = client.clock();
        let clock_estimator = ClockEstimator::new(clock.now(), clock.monotonic(), options.overlap);
        Self {
            client,
            options,
            conditions,
            abort,
            tally: Rc::default(),
            pages_each: Rc::new(Cell::new(1)),
            clock_estimator,
            turns: Lanes::new(1),
            clock_requests: Cell::new(0),
            warned: WarningFlags::default(),
        }
    }

    /// Whether the server's clock is known for certain.
    pub fn is_certain(&self) -> bool {
        self.clock_estimator.is_certain(&self.tally.dates())
    }

    /// The server's clock when the run began, and how far it was ahead of this machine's. In seconds.
    pub fn server_began(&self) -> (i64, i64) {
        self.clock_estimator.server_began(&self.tally.dates())
    }

    /// Everything updated before this can be read, in seconds since the epoch: the earliest believable clock at the time
    /// when the run began. Each answer makes it more certain.
    pub fn ceiling(&self) -> i64 {
        self.clock_estimator.ceiling(&self.tally.dates())
    }

    /// The same at a later moment on the monotonic clock.
    pub fn ceiling_at(&self, moment: u64) -> i64 {
        self.clock_estimator.ceiling_at(&self.tally.dates(), moment)
    }

    /// The server's clock now, in seconds since the epoch.
    pub fn server_seconds(&self) -> i64 {
        self.clock_estimator.server_seconds(&self.tally.dates(), self.client.clock().monotonic())
    }

    /// Whether a time, in seconds since the epoch, is known to lie ahead of the server's clock. Without a bound, a run
    /// would walk on and on through the time between two clocks.
    pub fn is_to_come(&self, time: i64) -> bool {
        let is_known = if self.tally.dates().is_empty() {
            self.warned.hidden.get()
        } else {
            self.is_certain() || self.clock_requests.get() >= MAX_CLOCK_REQUESTS
        };
        is_known && time > self.server_seconds().saturating_add(AGREE / 1000)
    }

    /// What the server's clock can have been when it read a page.
    pub fn server_time(&self, page: AnswerTime) -> ServerTime {
        self.clock_estimator.server_time(&self.tally.dates(), page, self.client.clock().monotonic())
    }

    /// Warns that the server's clock is behind a position.
    pub fn warn_position_ahead(&self) {
        self.warn(&self.warned.ahead, &POSITION_AHEAD);
    }

    /// Warns that a list ignores `updated_since`.
    pub fn warn_updates_ignored(&self) {
        self.warn(&self.warned.ignored, &UPDATES_IGNORED);
    }

    /// The server's clock when the run began, in seconds since the epoch. Requests it if no answer had a date yet.
    pub(super) async fn clock(&self, sync_type: &SyncType) -> Result<i64, Error> {
        let is_open = || self.tally.dates().is_empty() && !self.warned.hidden.get();
        if is_open() {
            let _turn = self.turns.enter().await;
            if is_open() {
                self.request_clock(sync_type).await?;
            }
        }
        self.confirm_clock(sync_type).await?;
        Ok(self.known_clock())
    }

    pub(super) fn known_clock(&self) -> i64 {
        // While clocks disagree, the one with most votes: another one might mean decades to read.
        if self.is_certain() { self.ceiling() } else { self.server_began().0 }
    }

    /// Requests the server's clock until the dates agree, and warns if clocks are wrong. Called after an answer. A
    /// clock that cannot be had is no error: then the earliest one counts.
    pub async fn confirm_clock(&self, sync_type: &SyncType) -> Result<(), Error> {
        while !self.is_certain() && self.clock_requests.get() < MAX_CLOCK_REQUESTS {
            let _turn = self.turns.enter().await;
            if self.is_certain() {
                break;
            }
            self.clock_requests.set(self.clock_requests.get().saturating_add(1));
            let asked = self.request_clock(sync_type).await;
            if let Err(error @ (Error::Aborted | Error::Closed)) = asked {
                return Err(error);
            }
        }
        match self.clock_estimator.estimate(&self.tally.dates()) {
            None => self.warn(&self.warned.hidden, &CLOCK_HIDDEN),
            Some(estimate) => {
                if estimate.host_differs {
                    self.warn(&self.warned.host, &CLOCK_DIFFERS);
                }
                if estimate.has_odd {
                    self.warn(&self.warned.odd, &DATE_ODD);
                }
            }
        }
        Ok(())
    }

    /// Gives a warning once.
    fn warn(&self, flag: &Cell<bool>, warning: &'static Warning) {
        if !flag.replace(true) {
            self.client.tell(|| Event::Warning(warning));
        }
    }

    async fn request_clock(&self, sync_type: &SyncType) -> Result<(), Error> {
        let now = self.clock_estimator.host_seconds();
        request_clock(&self.client, &sync_type.path, now, &self.tally, &self.abort).await
    }
}

/// No answer has a usable `Date`.
static CLOCK_HIDDEN: Warning = Warning {
    code: "clock-hidden",
    message: "the answers show no Date that a clock can mean (in a web page: the server does not expose it), \
              so the run ends a minute before this machine's clock; if that is ahead by more, what is \
              updated meanwhile may be missed",
};
/// The server's clock and this machine's differ.
static CLOCK_DIFFERS: Warning = Warning {
    code: "clock-differs",
    message: "the server's Date and this machine's clock differ by more than the overlap; the run ends at \
              the earlier of the two or, if they differ by more than a day, at the server's; set this \
              machine's clock",
};
/// One answer has a date that no other has.
static DATE_ODD: Warning = Warning {
    code: "clock-differs",
    message: "the Date of an answer differs from that of the others by more than a minute, and was set aside",
};
/// A list of one person does not know updates.
static UPDATES_IGNORED: Warning = Warning {
    code: "updates-ignored",
    message: "a list ignores `updated_since`, so each run reads all of it; records that were delivered in the same state \
              are not delivered again, unless you keep the positions with `from`",
};
/// The server's clock is behind a position.
static POSITION_AHEAD: Warning = Warning {
    code: "position-ahead",
    message: "the server's clock is behind the stored position, so that one of the two was wrong; the \
              position stays, and the run also reads what was updated from that clock on; what was updated \
              before it while the clock was wrong may be missing: run once with an overlap that reaches back \
              to then",
};
