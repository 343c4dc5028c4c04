//! What all tracks of a run share.

use super::span::LONGEST;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Accept, Call, Client, Event, Tally, Transport, Warning};
use crate::query::{AppPath, BatchType, Query, QueryInit};
use std::cell::{Cell, OnceCell};
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
    /// The wall clock of this host when the run was begun, in seconds.
    began: i64,
    ceiling: OnceCell<i64>,
}

/// The warnings of a run.
pub struct Warnings;

impl Warnings {
    /// The server's clock cannot be read.
    pub const CLOCK_HIDDEN: &'static Warning = &Warning {
        code: "clock-hidden",
        message: "the answers show no Date (in a web page: the server does not expose it), so the run ends a minute before this \
                  machine's clock; if that is ahead by more, what is updated meanwhile may be missed",
    };
    /// The server's clock is behind a position.
    pub const POSITION_AHEAD: &'static Warning = &Warning {
        code: "position-ahead",
        message: "the server's clock is behind the stored position, so that one of the two was wrong; the run goes back to the \
                  clock, and what was updated before it while the clock was wrong may be missing: run with a new store to be sure",
    };
}

/// What a host's clock may be ahead of the server's, where that one cannot be read, in seconds.
const TRUST: i64 = 60;

impl<T: Transport, C: Clock> Job<T, C> {
    /// A job that has sent nothing yet.
    pub fn new(client: Rc<Client<T, C>>, path: AppPath, settings: Settings, abort: Abort) -> Self {
        let began = client.clock().now().div_euclid(1000);
        Self {
            client,
            path,
            settings,
            abort,
            tally: Rc::default(),
            pages_each: Rc::new(Cell::new(1)),
            began,
            ceiling: OnceCell::new(),
        }
    }

    /// The server's clock when the run was begun, in seconds: everything that was updated before it can be read now. To be
    /// asked for when an answer has come.
    pub fn ceiling(&self) -> i64 {
        *self.ceiling.get_or_init(|| {
            self.tally.server_clock().unwrap_or_else(|| {
                self.client.tell(|| Event::Warning(Warnings::CLOCK_HIDDEN));
                self.began.saturating_sub(TRUST)
            })
        })
    }

    /// Where the run ends, in seconds. To be asked for when an answer has come.
    pub fn end(&self) -> i64 {
        let ceiling = self.ceiling();
        self.settings.until.map_or(ceiling, |until| until.min(ceiling))
    }

    /// Where a type begins of which nothing is delivered. Where its user did not say it, the server's clock does.
    pub async fn beginning(&self, batch_type: BatchType) -> Result<i64, Error> {
        if let Some(since) = self.settings.since {
            return Ok(since);
        }
        if self.ceiling.get().is_none() && self.tally.server_clock().is_none() {
            let query = Query::new(QueryInit { limit: Some(1.0), ..QueryInit::default() })?;
            let url = self.client.base().url(&self.path.batch(batch_type), &query.to_query_string());
            let call = Call::get(url, Accept::Json).counted(Some(self.tally.clone()));
            self.client.call(call, &self.abort).await?;
        }
        Ok(self.ceiling().saturating_sub(LONGEST))
    }
}
