//! What the end of a window changes: what is delivered, and where the run goes on.

use super::open_window::OpenWindow;
use super::{LatestUpdates, TypeSync};
use crate::clock::Clock;
use crate::http::AGREE;
use crate::pages::ListTransport;
use crate::sync::window::SHARED_SECONDS;

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
            self.position.beginning = Some(self.from);
            self.gaps_read_until = self.from;
            return;
        }
        let is_closed = self.is_closed(open.window);
        if until == i64::MIN {
            let start = open.window.since.saturating_add(SHARED_SECONDS);
            self.unproven_from = Some(self.unproven_from.map_or(start, |first| first.min(start)));
        }
        let is_ahead =
            self.latest == LatestUpdates::NotBegun && is_behind(self.position.end()) && self.from < ceiling;
        self.latest = if is_ahead {
            // Updates from now on have to be read, though the position says that they are delivered.
            self.context.warn_position_ahead();
            self.position.frontier = Some(ceiling);
            LatestUpdates::NotBegun
        } else if is_closed || open.window.before < end {
            LatestUpdates::ReadUpTo(open.window.before)
        } else {
            let unproven = self.unproven_from.unwrap_or(i64::MAX);
            match is_behind(delivered) {
                true if end > self.from => self.position.frontier = Some(end.min(unproven)),
                true => {}
                // The position says that it is delivered, by a wrong clock or by an earlier run.
                false => self.position.frontier = Some(unproven).filter(|from| Some(*from) < delivered),
            }
            LatestUpdates::Done
        };
    }
}
