//! What all tracks of a run share.

use super::clocks::Clocks;
use super::seen::{ServerTime, TICK};
use super::shelf::Room;
use super::span::{LONGEST, Span};
use crate::api::{AppPath, BatchType, Path, QueryInit};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{AGREE, Abort, Accept, CLOCKS_END, Call, Client, Event, Lanes, Tally, Transport, Warning};
use crate::pages::AnswerTime;
use std::cell::Cell;
use std::rc::Rc;

/// What the user of a run may set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which types, each once.
    pub types: Vec<BatchType>,
    /// Where the first run of a type begins, in seconds since the epoch, rounded down. Absent: 31 days ago.
    pub since: Option<i64>,
    /// Where the run ends, in seconds, rounded up. Absent: at the server's clock.
    pub until: Option<i64>,
    /// How far a run reaches back before the end of the last one, in seconds, rounded up.
    pub overlap: i64,
    /// How much of what was delivered is remembered.
    pub room: Room,
}

/// What all tracks of a run share.
pub struct Job<T: Transport, C: Clock> {
    /// Sends the requests.
    pub client: Rc<Client<T, C>>,
    /// Where the app is.
    pub path: AppPath,
    /// What was asked for.
    pub settings: Settings,
    /// What ends it.
    pub abort: Abort,
    /// Its requests.
    pub tally: Rc<Tally>,
    /// How many pages a walk may ask for at a time: the lanes are shared by the types that are under way.
    pub pages_each: Rc<Cell<usize>>,
    clocks: Clocks,
    /// One asks for the server's clock at a time.
    turns: Lanes,
    /// How often it was asked for alone.
    asked: Cell<u32>,
    told: Told,
}

/// What was told already.
#[derive(Default)]
struct Told {
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
pub const ASK_AT_MOST: u32 = 4;
/// So long what was delivered is remembered at least, as far as there is room: for a later run with a longer overlap.
const REMEMBERED: i64 = 86_400;

impl<T: Transport, C: Clock> Job<T, C> {
    /// A job that has sent nothing yet.
    pub fn new(client: Rc<Client<T, C>>, path: AppPath, settings: Settings, abort: Abort) -> Self {
        let clocks = Clocks::new(client.clock().now(), client.clock().monotonic(), settings.overlap);
        Self {
            client,
            path,
            settings,
            abort,
            tally: Rc::default(),
            pages_each: Rc::new(Cell::new(1)),
            clocks,
            turns: Lanes::new(1),
            asked: Cell::new(0),
            told: Told::default(),
        }
    }

    /// How far a run reaches back, in seconds. A record may be stamped by a clock that ticks by the minute: then it has an
    /// earlier time than that at which it was updated.
    pub fn reach(&self) -> i64 {
        self.settings.overlap.saturating_add(TICK)
    }

    /// For how long before the end of a run it is remembered what was delivered, in seconds.
    pub fn memory(&self) -> i64 {
        self.reach().max(REMEMBERED)
    }

    /// Whether it is certain what the server's clock says.
    pub fn is_certain(&self) -> bool {
        self.clocks.is_certain(&self.tally.dates())
    }

    /// What the server's clock said when the run began, and how far it was ahead of this machine's. In seconds.
    pub fn server_began(&self) -> (i64, i64) {
        self.clocks.server_began(&self.tally.dates())
    }

    /// Everything that was updated before this can be read now, in seconds: the earliest clock that can be believed, when the run was
    /// begun. It becomes surer with every answer.
    pub fn ceiling(&self) -> i64 {
        self.clocks.ceiling(&self.tally.dates())
    }

    /// What the server's clock says now, in seconds.
    pub fn server_seconds(&self) -> i64 {
        self.clocks.server_seconds(&self.tally.dates(), self.client.clock().monotonic())
    }

    /// Whether the server's clock has not come to a time, in seconds, as far as that can be known: what lies between the clocks is
    /// not walked for ever.
    pub fn is_to_come(&self, time: i64) -> bool {
        let is_known = if self.tally.dates().is_empty() {
            self.told.hidden.get()
        } else {
            self.is_certain() || self.asked.get() >= ASK_AT_MOST
        };
        is_known && time > self.server_seconds().saturating_add(AGREE / 1000)
    }

    /// What the server's clock can have been when it read a page.
    pub fn server_time(&self, page: AnswerTime) -> ServerTime {
        self.clocks.server_time(&self.tally.dates(), page, self.client.clock().monotonic())
    }

    /// Where the run ends, in seconds.
    pub fn end(&self) -> i64 {
        let ceiling = self.ceiling();
        self.settings.until.map_or(ceiling, |until| until.min(ceiling))
    }

    /// Where a type begins of which nothing is delivered. Where its user did not say it, the server's clock does.
    ///
    /// # Errors
    /// Those of asking for it.
    pub async fn beginning(&self, batch_type: BatchType) -> Result<i64, Error> {
        match self.settings.since {
            Some(since) => Ok(since),
            None => Ok(self.clock(batch_type).await?.saturating_sub(LONGEST)),
        }
    }

    /// Whether something lies ahead of this machine's clock, or of all that can be believed. In seconds.
    pub fn looks_ahead(&self, time: i64) -> bool {
        time > self.clocks.host_seconds() || time >= CLOCKS_END
    }

    /// Where a type begins whose position begins at `began`: there, or where a first run would begin if that has not come yet. The
    /// clock was wrong then, and would keep everything that comes from being read.
    ///
    /// # Errors
    /// Those of asking for the server's clock.
    pub async fn beginning_before(&self, began: i64, batch_type: BatchType) -> Result<i64, Error> {
        let clock = self.clock(batch_type).await?;
        Ok(if began <= clock { began } else { self.beginning_behind() })
    }

    /// Where a first run would begin, by what is known of the clock, and a warning that the position is ahead of it.
    pub fn beginning_behind(&self) -> i64 {
        self.tell_position_ahead();
        self.known_clock().saturating_sub(LONGEST)
    }

    /// Tells that the server's clock is behind a position.
    pub fn tell_position_ahead(&self) {
        self.tell(&self.told.ahead, Warnings::POSITION_AHEAD);
    }

    /// What the server's clock said when the run began, in seconds; it is asked for where no answer has told it.
    ///
    /// # Errors
    /// Those of asking.
    async fn clock(&self, batch_type: BatchType) -> Result<i64, Error> {
        let is_open = || self.tally.dates().is_empty() && !self.told.hidden.get();
        if is_open() {
            let _turn = self.turns.enter().await;
            if is_open() {
                self.ask(batch_type).await?;
            }
        }
        self.make_sure(batch_type).await?;
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
    pub async fn make_sure(&self, batch_type: BatchType) -> Result<(), Error> {
        while !self.is_certain() && self.asked.get() < ASK_AT_MOST {
            let _turn = self.turns.enter().await;
            if self.is_certain() {
                break;
            }
            self.asked.set(self.asked.get().saturating_add(1));
            let asked = self.ask(batch_type).await;
            if let Err(error @ (Error::Aborted | Error::Closed)) = asked {
                return Err(error);
            }
        }
        match self.clocks.judge(&self.tally.dates()) {
            None => self.tell(&self.told.hidden, Warnings::CLOCK_HIDDEN),
            Some(known) => {
                if known.host_differs {
                    self.tell(&self.told.host, Warnings::CLOCK_DIFFERS);
                }
                if known.has_odd {
                    self.tell(&self.told.odd, Warnings::DATE_ODD);
                }
            }
        }
        Ok(())
    }

    /// Tells a warning once.
    fn tell(&self, told: &Cell<bool>, warning: &'static Warning) {
        if !told.replace(true) {
            self.client.tell(|| Event::Warning(warning));
        }
    }

    async fn ask(&self, batch_type: BatchType) -> Result<(), Error> {
        let path = self.path.batch(batch_type);
        ask(&self.client, &path, self.clocks.host_seconds(), &self.tally, &self.abort).await
    }
}

/// Asks for a single record, for the sake of the answer's `Date`. As every batch query it says from when on.
pub async fn ask<T: Transport, C: Clock>(
    client: &Client<T, C>,
    path: &Path,
    now: i64,
    tally: &Rc<Tally>,
    abort: &Abort,
) -> Result<(), Error> {
    let init = QueryInit { limit: Some(1.0), ..QueryInit::default() };
    let span = Span::first(now.saturating_sub(LONGEST), Some(now));
    // A clock may say what cannot be written.
    let query = span.query(&init).or_else(|_| Span::first(0, None).query(&init))?;
    let url = client.base().url(path, &query.to_query_string());
    client.call(Call::get(url, Accept::Json).counted(Some(tally.clone())), abort).await.map(|_| ())
}
