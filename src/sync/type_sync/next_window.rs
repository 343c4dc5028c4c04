//! Which window of a type is walked next: first the gaps that earlier runs left, then the latest updates.

use super::{LatestUpdates, OpenWindow, TypeSync};
use crate::api::QueryInit;
use crate::clock::Clock;
use crate::error::Error;
use crate::pages::{ListQuery, ListTransport, Paging, Walk};
use crate::sync::window::{SHARED_SECONDS, Window};

impl<T: ListTransport, C: Clock> TypeSync<T, C> {
    /// Opens the window to walk next, at its checkpoint if it has one.
    pub(super) fn open_next_window(&mut self) -> Result<Option<OpenWindow<T, C>>, Error> {
        let left = self.position.checkpoint.clone();
        let found = match &left {
            Some(checkpoint) => Some((checkpoint.window, false)),
            None => self.next_window(),
        };
        let Some((window, is_latest)) = found else { return Ok(None) };
        let listing = |cursor| {
            let query = window.query(&QueryInit::default())?;
            let path = self.context.path.batch(self.batch_type);
            Ok(ListQuery::new(path, query, Paging::Pages, cursor)?.of_many_people())
        };
        // A cursor that cannot be used, such as one of another version, is dropped: the window is walked from its
        // start.
        let left_at = left.as_ref().map(|checkpoint| checkpoint.cursor.as_str());
        let listing: Result<ListQuery, Error> = listing(left_at).or_else(|_: Error| listing(None));
        let context = &self.context;
        let walk = Walk::new(context.client.clone(), listing?, context.abort.clone())
            .counted(&context.tally)
            .prefetch_at_most(&context.pages_each);
        let doubt = left.as_ref().and_then(|checkpoint| checkpoint.doubt);
        Ok(Some(OpenWindow {
            window,
            until: left.map(|checkpoint| checkpoint.until),
            doubt,
            is_latest,
            walk,
        }))
    }

    /// The first window that is not delivered, and whether nothing after it is.
    pub(super) fn next_window(&self) -> Option<(Window, bool)> {
        let until = self.context.options.until;
        let mut gap = self.position.coverage.gap(self.gaps_read_until);
        // Gaps ahead of every clock need not be read: a position may be decades ahead.
        while let (start, Some(end)) = gap
            && self.context.is_to_come(start)
        {
            gap = self.position.coverage.gap(end);
        }
        let (start, end) = gap;
        if end.is_some() {
            let end = [end, until].into_iter().flatten().min();
            return end
                .filter(|end| start < *end)
                .map(|_| (Window::first(start.saturating_sub(SHARED_SECONDS), end), false));
        }
        let start = match self.latest {
            LatestUpdates::Done => return None,
            LatestUpdates::NotBegun => {
                let start = self.position.frontier.map_or(start, |frontier| frontier.min(start));
                start.saturating_sub(self.context.reach()).max(self.from)
            }
            LatestUpdates::FromServerClock => {
                self.context.ceiling().saturating_sub(self.context.reach()).max(self.from)
            }
            LatestUpdates::ReadUpTo(read) => read,
        };
        if until.is_some_and(|until| until <= start) {
            return None;
        }
        Some((Window::first(start.saturating_sub(SHARED_SECONDS), until), true))
    }

    /// How many windows are left in the run, the current one included.
    pub(super) fn windows_left(&self) -> u64 {
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
                left += Window::count(start.saturating_sub(SHARED_SECONDS), to);
            }
            match gap_end {
                Some(gap_end) => from = gap_end,
                None => return left,
            }
        }
    }
}
