//! Which window of a type is walked next: first the gaps that earlier runs left, then the latest updates.

use super::whole::WHOLE;
use super::{LatestUpdates, TypeSync};
use crate::clock::Clock;
use crate::pages::ListTransport;
use crate::sync::window::{SHARED_SECONDS, Window};

impl<T: ListTransport, C: Clock> TypeSync<T, C> {
    /// The first window that is not delivered, and whether nothing after it is.
    pub(super) fn next_window(&self) -> Option<(Window, bool)> {
        if let Some(window) = self.context.options.only_window {
            let (start, _) = self.position.coverage.gap(window.since.saturating_add(SHARED_SECONDS));
            return (start < window.before).then_some((window, false));
        }
        if self.is_read_whole() {
            return (self.latest != LatestUpdates::Done).then_some((WHOLE, true));
        }
        let until = self.context.options.until;
        let mut gap = self.position.coverage.gap(self.gaps_read_until);
        // Gaps ahead of every clock need not be read: a position may be decades ahead.
        while let (start, Some(end)) = gap
            && self.context.is_to_come(start)
        {
            gap = self.position.coverage.gap(end);
        }
        let (start, end) = gap;
        if let Some(end) = end {
            let end = until.map_or(end, |until| until.min(end));
            if start < end {
                return Some((self.window_from(start, Some(end)), false));
            }
            // The gap begins after the run ends. Before it, all is delivered but for what a wrong clock has claimed.
            self.position.frontier?;
        }
        let start = match self.latest {
            LatestUpdates::Done => return None,
            LatestUpdates::NotBegun => {
                let start = self.position.frontier.map_or(start, |frontier| frontier.min(start));
                start.saturating_sub(self.context.reach()).max(self.from)
            }
            LatestUpdates::ReadUpTo(read) => read,
        };
        if until.is_some_and(|until| until <= start) {
            return None;
        }
        Some((self.window_from(start, until), true))
    }

    /// The window that has everything from `start` on, as far as `end` allows: in the closed part, no longer than its
    /// records allow; after it the rest, which is still filling, with dates in the future.
    fn window_from(&self, start: i64, end: Option<i64>) -> Window {
        match self.closed.end_after(start) {
            Some(closed) => self.division.window(start, Some(end.map_or(closed, |end| end.min(closed)))),
            None => Window::first(start.saturating_sub(SHARED_SECONDS), end, self.sync_type.longest_window()),
        }
    }

    /// How many windows are left in the run, the current one included.
    pub(super) fn windows_left(&self) -> u64 {
        if self.is_read_whole() {
            return u64::from(self.latest != LatestUpdates::Done);
        }
        let end = self.context.end();
        let mut coverage = self.position.coverage.clone();
        let mut left = 0;
        if let Some(open) = &self.open_window {
            coverage.add(open.window, end);
            left = 1;
        }
        let mut from = self.gaps_read_until;
        loop {
            let (start, gap_end) = match (coverage.gap(from), self.latest) {
                ((start, None), LatestUpdates::ReadUpTo(read)) => (start.min(read), None),
                (gap, _) => gap,
            };
            let to = gap_end.map_or(end, |gap_end| gap_end.min(end));
            if start < to {
                left += Window::count(start.saturating_sub(SHARED_SECONDS), to, self.division.length());
            }
            match gap_end {
                Some(gap_end) => from = gap_end,
                None => return left,
            }
        }
    }
}
