//! A query over any stretch of update time, cut into windows.

use super::window::{LONGEST_WINDOW, SHARED_SECONDS, Window};
use crate::api::{OFFSET, Path, Query, QueryInit, UPDATED_SINCE};
use crate::error::OptionError;
use crate::pages::{ListQuery, Paging};

/// A query over a stretch of update time, checked.
#[derive(Clone, Debug)]
pub struct WindowedQuery {
    pub(super) path: Path,
    init: QueryInit,
    first: Window,
    pub(super) until: Option<i64>,
    /// The number of the window to begin in, and the cursor to begin after.
    pub(super) cursor: Option<(u64, String)>,
}

impl WindowedQuery {
    /// The records at `path` that `init` selects, from its `updated_since` to its `updated_before`, or to now. Errors:
    /// an option that [`Query::new`] refuses; no `updatedSince`; an `offset` with a stretch that takes more than one
    /// query; a cursor that does not belong to this query.
    pub fn new(path: Path, init: QueryInit, cursor: Option<&str>) -> Result<Self, OptionError> {
        Query::new(init.clone())?;
        let Some(since) = init.updated_since else {
            return Err(OptionError::new(
                UPDATED_SINCE,
                "`updatedSince` is missing: a batch query says from when on; without it the API gives the \
                 last 24 hours only",
            ));
        };
        let until = init
            .updated_before
            .map(|before| before.unix_seconds().saturating_add(i64::from(before.subsec_nanos() > 0)));
        let first = Window::first(since.unix_seconds(), until, LONGEST_WINDOW);
        if init.offset.is_some() && until != Some(first.before) {
            return Err(OptionError::new(
                OFFSET,
                "`offset` counts in one list, and a stretch of more than 31 days, or one without \
                 `updatedBefore`, is read as several; leave it out, give `updatedBefore`, or go on with \
                 `cursor`",
            ));
        }
        let cursor = cursor.map(|text| numbered(text).ok_or_else(unknown_cursor)).transpose()?;
        let query = Self { path, init, first, until, cursor };
        // A wrong cursor is refused here, not on first use.
        if let Some((number, cursor)) = &query.cursor {
            let window = query.nth_window(*number).ok_or_else(unknown_cursor)?;
            query.listing(window, Some(cursor))?;
        }
        Ok(query)
    }

    /// The window of this number, counted from 0.
    pub(super) fn nth_window(&self, number: u64) -> Option<Window> {
        if number == 0 {
            return Some(self.first);
        }
        let step = LONGEST_WINDOW - SHARED_SECONDS;
        let since = self.first.since.checked_add(step.checked_mul(i64::try_from(number).ok()?)?)?;
        self.until
            .is_none_or(|until| since < until - SHARED_SECONDS)
            .then(|| Window::first(since, self.until, LONGEST_WINDOW))
    }

    pub(super) fn listing(&self, window: Window, cursor: Option<&str>) -> Result<ListQuery, OptionError> {
        let query = window.query(&self.init, true, true)?;
        Ok(ListQuery::new(self.path.clone(), query, Paging::Pages, cursor)?.of_many_people())
    }
}

/// The cursor of the first window stands alone; the others have the number of their window in front.
fn numbered(text: &str) -> Option<(u64, String)> {
    match text.split_once('.') {
        None => Some((0, text.to_owned())),
        Some((number, cursor)) if number.len() <= 5 && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some((number.parse().ok()?, cursor.to_owned()))
        }
        Some(_) => None,
    }
}

fn unknown_cursor() -> OptionError {
    OptionError::new(
        "cursor",
        "`cursor` is damaged, or not of this query; give `Page.cursor` as it was, with the same query",
    )
}
