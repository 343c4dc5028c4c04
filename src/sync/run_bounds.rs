//! Where a run begins and ends.

use super::marks::LONGEST_TICK;
use super::run_context::RunContext;
use super::window::LONGEST_WINDOW;
use crate::api::BatchType;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{CLOCKS_END, Transport};

/// So long what was delivered is remembered at least, as far as there is room: for a later run with a longer overlap.
const MIN_MEMORY: i64 = 86_400;

impl<T: Transport, C: Clock> RunContext<T, C> {
    /// How far a run reaches back, in seconds. A record may be stamped by a clock that ticks by the minute: then it has an
    /// earlier time than that at which it was updated.
    pub fn reach(&self) -> i64 {
        self.options.overlap.saturating_add(LONGEST_TICK)
    }

    /// For how long before the end of a run it is remembered what was delivered, in seconds.
    pub fn memory(&self) -> i64 {
        self.reach().max(MIN_MEMORY)
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
}
