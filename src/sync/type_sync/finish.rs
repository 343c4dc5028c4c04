//! What the end of a window changes: what is delivered, and where the run goes on.

use super::open_window::OpenWindow;
use super::{LatestUpdates, TypeSync};
use crate::clock::Clock;
use crate::http::AGREE;
use crate::pages::ListTransport;

impl<T: ListTransport, C: Clock> TypeSync<T, C> {
    /// Ends a window that is complete for everything updated before `until`.
    pub(super) fn finish(&mut self, open: &OpenWindow<T, C>, until: i64) {
        self.position.unfinished = None;
        self.unmarked.clear();
        self.position.coverage.add(open.window, until);
        self.windows_done = self.windows_done.saturating_add(1);
        self.division.learn(open.window, open.total, open.records);
        if !open.is_latest {
            if !open.is_resumed() {
                // It is not walked a second time, even if the clock says that it is incomplete.
                self.gaps_read_until = self.gaps_read_until.max(open.window.before);
            }
            return;
        }
        let ceiling = self.context.ceiling();
        let end = self.context.options.until.unwrap_or(i64::MAX).min(open.until(&self.context));
        let delivered = self.position.coverage.end();
        let is_behind = |end: Option<i64>| {
            end.is_some_and(|end| self.context.server_seconds() < end.saturating_sub(AGREE / 1000))
        };
        if self.context.options.since.is_none() && is_behind(Some(self.from)) {
            // This machine's clock was ahead as well, so nothing had shown the mistake before.
            self.from = self.context.beginning_by_clock(&self.sync_type);
            self.gaps_read_until = self.from;
            return;
        }
        let is_closed = self.is_closed(open.window);
        let is_delivered_ahead = is_behind(delivered);
        let is_ahead =
            self.latest == LatestUpdates::NotBegun && is_behind(self.position.end()) && self.from < ceiling;
        self.latest = if is_ahead {
            // Updates from now on have to be read, though the position says that they are delivered.
            self.context.warn_position_ahead();
            LatestUpdates::FromServerClock
        } else if is_closed || open.window.before < end {
            // After a clock that was wrong, all is read again up to where the position says that it is delivered: nobody
            // knows which part of it was updated since it was read, by the wrong clock or by the right one.
            LatestUpdates::ReadUpTo(open.window.before)
        } else {
            match is_delivered_ahead {
                true if end > self.from => self.position.frontier = Some(end),
                true => {}
                false => self.position.frontier = None,
            }
            LatestUpdates::Done
        };
    }
}
