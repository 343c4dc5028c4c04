//! Where a run begins and ends.

use super::marks::LONGEST_TICK;
use super::run_context::RunContext;
use super::sync_type::SyncType;
use super::window::Window;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{CLOCKS_END, Transport};

/// For how long marks are kept at least, in seconds, so that a later run may have a longer overlap.
const MIN_MEMORY: i64 = 86_400;

impl<T: Transport, C: Clock> RunContext<T, C> {
    /// How far a run reaches back, in seconds. A clock that ticks by the minute stamps a record up to a minute before
    /// the time of its update.
    pub fn reach(&self) -> i64 {
        self.options.overlap.saturating_add(LONGEST_TICK)
    }

    /// How far before the end of a run marks are kept, in seconds.
    pub fn memory(&self) -> i64 {
        self.reach().max(MIN_MEMORY)
    }

    /// Where the run ends, in seconds since the epoch.
    pub fn end(&self) -> i64 {
        let ceiling = self.ceiling();
        self.options.until.map_or(ceiling, |until| until.min(ceiling))
    }

    /// The option `since`. Nothing of one person is before the beginning of everything.
    pub fn since(&self, sync_type: &SyncType) -> Option<i64> {
        let earliest = if sync_type.default_span().is_some() { i64::MIN } else { Window::BEGINNING };
        self.options.since.map(|since| since.max(earliest))
    }

    /// Where a type begins of which nothing is delivered. Without `since`, that may depend on the server's clock.
    pub async fn beginning(&self, sync_type: &SyncType) -> Result<i64, Error> {
        match (self.since(sync_type), sync_type.default_span()) {
            (Some(since), _) => Ok(since),
            (None, Some(span)) => Ok(self.clock(sync_type).await?.saturating_sub(span)),
            (None, None) => Ok(Window::BEGINNING),
        }
    }

    /// Whether a time, in seconds since the epoch, is ahead of this machine's clock or of every clock that can be
    /// believed.
    pub fn looks_ahead(&self, time: i64) -> bool {
        time > self.clock_estimator.host_seconds() || time >= CLOCKS_END
    }

    /// Where a type begins whose position begins at `began`: there, or where a first run would begin if the server's
    /// clock has not reached `began`. The clock was wrong when the position was stored, and nothing before it would
    /// ever be read.
    pub async fn beginning_before(&self, began: i64, sync_type: &SyncType) -> Result<i64, Error> {
        let clock = self.clock(sync_type).await?;
        Ok(if began <= clock { began } else { self.beginning_by_clock(sync_type) })
    }

    /// Where a first run would begin by the clock as it is known. Warns that the position is ahead of it.
    pub fn beginning_by_clock(&self, sync_type: &SyncType) -> i64 {
        self.warn_position_ahead();
        match sync_type.default_span() {
            Some(span) => self.known_clock().saturating_sub(span),
            None => Window::BEGINNING,
        }
    }
}
