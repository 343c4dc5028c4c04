//! What all tracks of a run share.

use super::mark_slots::MarkCapacity;
use super::marks::{LONGEST_TICK, ServerTime};
use super::server_clock::ClockEstimator;
use super::window::{LONGEST_WINDOW, Window};
use crate::api::{AppPath, BatchType, Path, QueryInit};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{AGREE, Abort, Accept, CLOCKS_END, Call, Client, Event, Lanes, Tally, Transport, Warning};
use crate::pages::ReadAt;
use std::cell::Cell;
use std::rc::Rc;

/// What the user of a run may set.
#[derive(Clone, Debug)]
pub struct SyncOptions {
    /// Which types, each once.
    pub types: Vec<BatchType>,
    /// Where the first run of a type begins, in seconds since the epoch, rounded down. Absent: 31 days ago.
    pub since: Option<i64>,
    /// Where the run ends, in seconds, rounded up. Absent: at the server's clock.
    pub until: Option<i64>,
    /// How far a run reaches back before the end of the last one, in seconds, rounded up.
    pub overlap: i64,
    /// How much of what was delivered is remembered.
    pub mark_capacity: MarkCapacity,
}

/// What all tracks of a run share.
pub struct RunContext<T: Transport, C: Clock> {
    /// Sends the requests.
    pub client: Rc<Client<T, C>>,
    /// Where the app is.
    pub path: AppPath,
    /// What was asked for.
    pub options: SyncOptions,
    /// What ends it.
    pub abort: Abort,
    /// Its requests.
    pub tally: Rc<Tally>,
    /// How many pages a walk may ask for at a time: the lanes are shared by the types that are under way.
    pub pages_each: Rc<Cell<usize>>,
    clock_estimator: ClockEstimator,
    /// One asks for the server's clock at a time.
    turns: Lanes,
    /// How often it was asked for alone.
    clock_requests: Cell<u32>,
    warned: WarningFlags,
}

/// What was told already.
#[derive(Default)]
struct WarningFlags {
    hidden: Cell<bool>,
    host: Cell<bool>,
    odd: Cell<bool>,
    ahead: Cell<bool>,
}

/// The warnings of a run.
pub struct Warnings;

impl Warnings {
    /// The server's clock cannot be read.
    pub const CLOCK_HIDDEN: &'static Warning = &Warning {
        code: "clock-hidden",
        message: "the answers show no Date that a clock can mean (in a web page: the server does not expose it), so the run ends a minute before this \
                  machine's clock; if that is ahead by more, what is updated meanwhile may be missed",
    };
    /// The server's clock and this machine's differ.
    pub const CLOCK_DIFFERS: &'static Warning = &Warning {
        code: "clock-differs",
        message: "the server's Date and this machine's clock differ by more than the overlap; the run ends at the earlier of the \
                  two or, if they differ by more than a day, at the server's; set this machine's clock",
    };
    /// An answer has a date that no other has.
    pub const DATE_ODD: &'static Warning = &Warning {
        code: "clock-differs",
        message: "the Date of an answer differs from that of the others by more than a minute, and was set aside",
    };
    /// The server's clock is behind a position.
    pub const POSITION_AHEAD: &'static Warning = &Warning {
        code: "position-ahead",
        message: "the server's clock is behind the stored position, so that one of the two was wrong; the position stays, and the \
                  run also reads what was updated from that clock on; what was updated before it while the clock was wrong may be \
                  missing: run once with an overlap that reaches back to then",
    };
}

/// How often the server's clock is asked for alone where what is known of it does not agree.
pub const MAX_CLOCK_REQUESTS: u32 = 4;
/// So long what was delivered is remembered at least, as far as there is room: for a later run with a longer overlap.
const MIN_MEMORY: i64 = 86_400;

impl<T: Transport, C: Clock> RunContext<T, C> {
    /// A job that has sent nothing yet.
    pub fn new(client: Rc<Client<T, C>>, path: AppPath, options: SyncOptions, abort: Abort) -> Self {
        let clock_estimator =
            ClockEstimator::new(client.clock().now(), client.clock().monotonic(), options.overlap);
        Self {
            client,
            path,
            options,
            abort,
            tally: Rc::default(),
            pages_each: Rc::new(Cell::new(1)),
            clock_estimator,
            turns: Lanes::new(1),
            clock_requests: Cell::new(0),
            warned: WarningFlags::default(),
        }
    }

    /// How far a run reaches back, in seconds. A record may be stamped by a clock that ticks by the minute: then it has an
    /// earlier time than that at which it was updated.
    pub fn reach(&self) -> i64 {
        self.options.overlap.saturating_add(LONGEST_TICK)
    }

    /// For how long before the end of a run it is remembered what was delivered, in seconds.
    pub fn memory(&self) -> i64 {
        self.reach().max(MIN_MEMORY)
    }

    /// Whether it is certain what the server's clock says.
    pub fn is_certain(&self) -> bool {
        self.clock_estimator.is_certain(&self.tally.dates())
    }

    /// What the server's clock said when the run began, and how far it was ahead of this machine's. In seconds.
    pub fn server_began(&self) -> (i64, i64) {
        self.clock_estimator.server_began(&self.tally.dates())
    }

    /// Everything that was updated before this can be read now, in seconds: the earliest clock that can be believed, when the run was
    /// begun. It becomes surer with every answer.
    pub fn ceiling(&self) -> i64 {
        self.clock_estimator.ceiling(&self.tally.dates())
    }

    /// What the server's clock says now, in seconds.
    pub fn server_seconds(&self) -> i64 {
        self.clock_estimator.server_seconds(&self.tally.dates(), self.client.clock().monotonic())
    }

    /// Whether the server's clock has not come to a time, in seconds, as far as that can be known: what lies between the clocks is
    /// not walked for ever.
    pub fn is_to_come(&self, time: i64) -> bool {
        let is_known = if self.tally.dates().is_empty() {
            self.warned.hidden.get()
        } else {
            self.is_certain() || self.clock_requests.get() >= MAX_CLOCK_REQUESTS
        };
        is_known && time > self.server_seconds().saturating_add(AGREE / 1000)
    }

    /// What the server's clock can have been when it read a page.
    pub fn server_time(&self, page: ReadAt) -> ServerTime {
        self.clock_estimator.server_time(&self.tally.dates(), page, self.client.clock().monotonic())
    }

    /// Where the run ends, in seconds.
    pub fn end(&self) -> i64 {
        let ceiling = self.ceiling();
        self.options.until.map_or(ceiling, |until| until.min(ceiling))
    }

    /// Where a type begins of which nothing is delivered. Where its user did not say it, the server's clock does.
    ///
    /// # Errors
    /// Those of asking for it.
    pub async fn beginning(&self, batch_type: BatchType) -> Result<i64, Error> {
        match self.options.since {
            Some(since) => Ok(since),
            None => Ok(self.clock(batch_type).await?.saturating_sub(LONGEST_WINDOW)),
        }
    }

    /// Whether something lies ahead of this machine's clock, or of all that can be believed. In seconds.
    pub fn looks_ahead(&self, time: i64) -> bool {
        time > self.clock_estimator.host_seconds() || time >= CLOCKS_END
    }

    /// Where a type begins whose position begins at `began`: there, or where a first run would begin if that has not come yet. The
    /// clock was wrong then, and would keep everything that comes from being read.
    ///
    /// # Errors
    /// Those of asking for the server's clock.
    pub async fn beginning_before(&self, began: i64, batch_type: BatchType) -> Result<i64, Error> {
        let clock = self.clock(batch_type).await?;
        Ok(if began <= clock { began } else { self.beginning_by_clock() })
    }

    /// Where a first run would begin, by what is known of the clock, and a warning that the position is ahead of it.
    pub fn beginning_by_clock(&self) -> i64 {
        self.warn_position_ahead();
        self.known_clock().saturating_sub(LONGEST_WINDOW)
    }

    /// Tells that the server's clock is behind a position.
    pub fn warn_position_ahead(&self) {
        self.warn(&self.warned.ahead, Warnings::POSITION_AHEAD);
    }

    /// What the server's clock said when the run began, in seconds; it is asked for where no answer has told it.
    ///
    /// # Errors
    /// Those of asking.
    async fn clock(&self, batch_type: BatchType) -> Result<i64, Error> {
        let is_open = || self.tally.dates().is_empty() && !self.warned.hidden.get();
        if is_open() {
            let _turn = self.turns.enter().await;
            if is_open() {
                self.request_clock(batch_type).await?;
            }
        }
        self.confirm_clock(batch_type).await?;
        Ok(self.known_clock())
    }

    fn known_clock(&self) -> i64 {
        // Where they do not agree, the one that most say: by another one there might be decades to read.
        if self.is_certain() { self.ceiling() } else { self.server_began().0 }
    }

    /// Asks for the server's clock until what is known of it agrees, and tells what is wrong with the clocks. To be called when
    /// an answer has come.
    ///
    /// # Errors
    /// The end of the run. That the clock cannot be had is none: then the earliest one counts.
    pub async fn confirm_clock(&self, batch_type: BatchType) -> Result<(), Error> {
        while !self.is_certain() && self.clock_requests.get() < MAX_CLOCK_REQUESTS {
            let _turn = self.turns.enter().await;
            if self.is_certain() {
                break;
            }
            self.clock_requests.set(self.clock_requests.get().saturating_add(1));
            let asked = self.request_clock(batch_type).await;
            if let Err(error @ (Error::Aborted | Error::Closed)) = asked {
                return Err(error);
            }
        }
        match self.clock_estimator.estimate(&self.tally.dates()) {
            None => self.warn(&self.warned.hidden, Warnings::CLOCK_HIDDEN),
            Some(estimate) => {
                if estimate.host_differs {
                    self.warn(&self.warned.host, Warnings::CLOCK_DIFFERS);
                }
                if estimate.has_odd {
                    self.warn(&self.warned.odd, Warnings::DATE_ODD);
                }
            }
        }
        Ok(())
    }

    /// Tells a warning once.
    fn warn(&self, flag: &Cell<bool>, warning: &'static Warning) {
        if !flag.replace(true) {
            self.client.tell(|| Event::Warning(warning));
        }
    }

    async fn request_clock(&self, batch_type: BatchType) -> Result<(), Error> {
        let path = self.path.batch(batch_type);
        request_clock(&self.client, &path, self.clock_estimator.host_seconds(), &self.tally, &self.abort)
            .await
    }
}

/// Asks for a single record, for the sake of the answer's `Date`. As every batch query it says from when on.
pub async fn request_clock<T: Transport, C: Clock>(
    client: &Client<T, C>,
    path: &Path,
    now: i64,
    tally: &Rc<Tally>,
    abort: &Abort,
) -> Result<(), Error> {
    let init = QueryInit { limit: Some(1.0), ..QueryInit::default() };
    let window = Window::first(now.saturating_sub(LONGEST_WINDOW), Some(now));
    // A clock may say what cannot be written.
    let query = window.query(&init).or_else(|_| Window::first(0, None).query(&init))?;
    let url = client.base().url(path, &query.to_query_string());
    client.call(Call::get(url, Accept::Json).counted(Some(tally.clone())), abort).await.map(|_| ())
}
