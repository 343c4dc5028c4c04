//! A window that is being walked.

use super::TypeSync;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::AGREE;
use crate::pages::{ListQuery, ListTransport, Page, RecordKey, Walk, WalkDoubt};
use crate::sync::position::UnfinishedWindow;
use crate::sync::run_context::RunContext;
use crate::sync::window::Window;

/// The window, and the walk over its list.
pub struct OpenWindow<T: ListTransport, C: Clock> {
    pub window: Window,
    /// Set if an earlier run began it: it is complete only for what was updated before this.
    earlier_until: Option<i64>,
    /// See [`UnfinishedWindow::doubt`].
    doubt: Option<i64>,
    /// Nothing after this window is delivered.
    pub is_latest: bool,
    /// No page has come yet, in this run or an earlier one.
    pub is_fresh: bool,
    /// The total on the first page.
    pub total: Option<u64>,
    /// A record has no id. In the list of one person, it is known by its place, which another record may take.
    pub has_nameless: bool,
    /// The records so far, delivered before or not.
    pub records: u64,
    pub walk: Walk<T, C>,
}

impl<T: ListTransport, C: Clock> OpenWindow<T, C> {
    /// The window is complete for what was updated before this: the server's clock at the beginning of the run that began
    /// it. A later clock would not do, even if the window was begun later: a record that became visible after the window
    /// before was read must be within the overlap of the next run.
    pub fn until(&self, context: &RunContext<T, C>) -> i64 {
        let ceiling = context.ceiling();
        self.earlier_until.map_or(ceiling, |until| until.min(ceiling))
    }

    /// Whether an earlier run began it.
    pub fn is_resumed(&self) -> bool {
        self.earlier_until.is_some()
    }

    /// Whether records may have been missed, once the walk is over. A total may be wrong for good; but with a list that
    /// changed meanwhile, it is believed.
    pub fn proves_nothing(&self) -> bool {
        let may_be_short = self.has_nameless || self.walk.doubt() == Some(WalkDoubt::CountShort);
        self.walk.has_given_up() || may_be_short && !self.walk.was_still()
    }

    /// Notes what a page shows.
    pub fn note(&mut self, page: &Page<T::Records>) {
        if self.is_fresh {
            (self.is_fresh, self.total) = (false, page.total_count);
        }
        self.has_nameless |= page.keys.iter().any(|key| matches!(key, RecordKey::Content(_)));
        self.records = self.records.saturating_add(u64::try_from(page.keys.len()).unwrap_or(u64::MAX));
    }
}

impl<T: ListTransport, C: Clock> TypeSync<T, C> {
    /// Opens the window to walk next, after its last page if an earlier run has left it.
    pub(super) fn open_next_window(&mut self) -> Result<Option<OpenWindow<T, C>>, Error> {
        let left = self.position.unfinished.clone();
        if left.is_none() {
            self.close_more();
        }
        let found = match &left {
            Some(unfinished) => Some((unfinished.window, false)),
            None => self.next_window(),
        };
        let Some((window, is_latest)) = found else { return Ok(None) };
        let list = |cursor| self.sync_type.list(window, &self.context.options.conditions, cursor);
        // A cursor that cannot be used, such as one of another version, is dropped: the window is walked from its
        // start.
        let cursor = left.as_ref().map(|unfinished| unfinished.cursor.as_str());
        let list: Result<ListQuery, Error> = list(cursor).or_else(|_| list(None)).map_err(Error::from);
        let context = &self.context;
        let walk = Walk::new(context.client.clone(), list?, context.abort.clone())
            .counted(&context.tally)
            .prefetch_at_most(&context.pages_each);
        Ok(Some(OpenWindow {
            window,
            doubt: left.as_ref().and_then(|unfinished| unfinished.doubt),
            is_fresh: left.is_none(),
            earlier_until: left.map(|unfinished| unfinished.until),
            is_latest,
            total: None,
            has_nameless: false,
            records: 0,
            walk,
        }))
    }

    /// Whether it is certain up to when a window is complete.
    pub(super) fn is_sure_of(&self, open: &OpenWindow<T, C>) -> bool {
        let (_, ahead) = self.context.server_began();
        let agrees = |doubt: i64| doubt.saturating_sub(ahead).saturating_abs() <= AGREE / 1000;
        self.context.is_certain() && open.doubt.is_none_or(agrees)
    }

    /// A window that is delivered up to a cursor.
    pub(super) fn unfinished_at(
        &self,
        open: &OpenWindow<T, C>,
        complete: i64,
        cursor: String,
    ) -> UnfinishedWindow {
        let (began, ahead) = self.context.server_began();
        let (until, doubt) = match open.earlier_until {
            _ if self.context.is_certain() => (complete, None),
            Some(until) => (until, open.doubt),
            None => (began, Some(ahead)),
        };
        UnfinishedWindow { window: open.window, until, cursor, doubt }
    }
}
