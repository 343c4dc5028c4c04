//! Seams: how a page is joined to what was read before, by the record that both share.

use super::fetch::FetchedPage;
use super::history::History;
use super::{ListTransport, RecordKey, Walk};
use crate::api::Limit;
use crate::clock::Clock;
use crate::error::Error;

/// A page that shares no record with what was read, or is still to be looked at.
pub struct Candidate<R> {
    /// The page.
    pub page: FetchedPage<R>,
    /// How many pages had been joined when it came.
    pub since: u64,
    /// It was asked for when everything before it had come.
    pub in_turn: bool,
}

impl<T: ListTransport, C: Clock> Walk<T, C> {
    /// The next page that joins on to what was read.
    pub(super) async fn next_joinable_page(&mut self) -> Result<FetchedPage<T::Records>, Error> {
        loop {
            let Some(candidate) = self.candidates.pop() else {
                let page = self.next_candidate().await?;
                self.candidates.push(page);
                continue;
            };
            let is_fresh = candidate.since == self.pages_joined;
            if self.one_at_a_time && is_fresh && candidate.page.len() > 1 && candidate.page.has_ids() {
                // It has become well again: from here on pages overlap.
                self.one_at_a_time = false;
                self.drop_prefetched();
                self.fetch_again().await?;
                continue;
            }
            if self.can_join(&candidate) {
                self.step_back = 1;
                return Ok(candidate.page);
            }
            if !candidate.in_turn && self.history.agrees_with(&candidate.page) == Some(false) {
                self.drop_prefetched();
                self.pass.note_movement();
                self.fetch_again().await?;
                continue;
            }
            if !is_fresh && self.end >= candidate.page.end() {
                // The walk has come past it by pages that do join: it is a moment that nobody needs any more.
                continue;
            }
            let (start, size) = if !is_fresh || !candidate.in_turn || self.end <= candidate.page.start {
                self.step_back = 1;
                (self.overlapping_start(self.end), self.page_size.asked())
            } else {
                self.pass.note_movement();
                let start = candidate.page.start.saturating_sub(self.step_back).max(self.origin);
                let size =
                    self.page_size.asked().saturating_add(self.step_back).min(u64::from(Limit::MAX.get()));
                self.step_back = self.step_back.saturating_mul(2);
                (start, size)
            };
            self.candidates.push(candidate);
            let page = self.fetch(start, size).await?;
            self.candidates.push(Candidate { page, since: self.pages_joined, in_turn: true });
        }
    }

    /// Whether nothing can be missing between what was read and a page.
    fn can_join(&self, candidate: &Candidate<T::Records>) -> bool {
        let page = &candidate.page;
        if page.start <= self.origin && (candidate.in_turn || self.end <= self.origin) {
            return true;
        }
        if self.one_at_a_time {
            return page.start == self.end;
        }
        if !candidate.in_turn {
            return self.history.agrees_with(page) == Some(true);
        }
        self.request.is_opaque()
            || self.history.has_seam_in(page)
            || self.history.goes_on_in(page, self.end)
            || !self.history.has_ids() && !page.has_ids()
    }

    /// Asks for the next page anew, now that everything before it has come.
    async fn fetch_again(&mut self) -> Result<(), Error> {
        self.step_back = 1;
        let page = self.fetch(self.overlapping_start(self.end), self.page_size.asked()).await?;
        self.candidates.push(Candidate { page, since: self.pages_joined, in_turn: true });
        Ok(())
    }

    /// Pages asked for ahead are moments that need not follow one another: a record that moves within the list may stand
    /// in one of them where it was before it was read elsewhere, and would make a false seam. So they count only as long
    /// as the list stands still; the first sign of movement, and all that are under way are given up.
    pub(super) fn drop_prefetched(&mut self) {
        self.prefetched.clear();
        self.candidates.retain(|candidate| candidate.in_turn);
    }

    /// The position from which a page is asked for that goes on at `end`.
    pub(super) fn overlapping_start(&self, end: u64) -> u64 {
        // A link that tells no offset cannot be set back.
        let overlap = u64::from(!self.request.is_opaque() && !self.one_at_a_time);
        end.saturating_sub(overlap).max(self.origin)
    }

    /// Notices whether the list has moved before `page`, and whether something may have slipped through.
    pub(super) fn note_movement(&mut self, page: &FetchedPage<T::Records>) {
        let has_shrunk = page.total.is_some_and(|total| self.pass.note_total(total));
        if !self.history.resumes_cleanly(page) {
            self.pass.doubt();
        }
        if self.request.is_opaque() || page.start <= self.origin {
            return;
        }
        if self.one_at_a_time {
            // Nothing overlaps, so nothing but a total shows whether the list has moved; of a single record, not even the page after it.
            let is_alone = self.pages_joined == 1 && !self.is_resumed && page.total.is_none();
            // An empty page is no end where the server can bear no more than one record, or where the list has become shorter since.
            let is_odd_end = has_shrunk || self.page_size.asked() == 1;
            if page.len() > 0 || is_alone || is_odd_end {
                self.pass.doubt();
            }
            return;
        }
        if !self.history.stands_still_in(page, self.end) {
            self.pass.note_movement();
        }
        if self.history.has_ids() && !self.history.joins_cleanly(page) {
            self.pass.doubt();
        }
    }
}

impl History {
    /// Whether `page`, asked for when all before it had come, holds a record that shows where in it the known part of the list
    /// ends.
    ///
    /// That is one of the page at the edge. Any other that was read may have been moved down, or its id stands in the list twice: it
    /// counts only in a page without news, which joins whatever it shows, and in one that begins with what was read.
    pub fn has_seam_in<R>(&self, page: &FetchedPage<R>) -> bool {
        let mut ids = page.keys.iter().filter(|key| matches!(key, RecordKey::Id(_))).peekable();
        let begins_with_known = ids.peek().is_some_and(|key| self.knows(key));
        let any_known = || page.keys.iter().any(|key| self.knows(key));
        let brings_news = page.keys.iter().any(|key| self.is_unread(key));
        begins_with_known
            || ids.any(|key| self.edge.contains(key))
            || !brings_news && any_known()
            || self.after_seams(page) > 0
    }

    /// Whether everything new in `page` stands right after the last record at the edge, and before that one stands what was read
    /// before it: then nothing can have slipped through between the two pages.
    pub fn joins_cleanly<R>(&self, page: &FetchedPage<R>) -> bool {
        let Some(last) = self.edge.last() else { return true };
        let Some(first_new) = page.keys.iter().position(|key| self.is_unread(key)) else { return true };
        let known = page.keys.get(..first_new).unwrap_or_default();
        let Some(at) = known.iter().rposition(|key| key == last) else { return false };
        let (before, after) = known.split_at(at.saturating_add(1));
        // What has an id and stands after it was read before it: the order has changed.
        !after.iter().any(|key| matches!(key, RecordKey::Id(_)))
            && before.iter().rev().zip(self.edge.iter().rev()).all(|(now, then)| now == then)
    }

    /// Whether the last record read at the edge stands in `page`: the page reaches as far as this pass has come.
    pub fn reaches_edge<R>(&self, page: &FetchedPage<R>) -> bool {
        self.edge.last().is_none_or(|last| page.keys.contains(last))
    }

    /// Whether `page` holds nothing after the last record at the edge, though there was room for more, also by a bound of the server's
    /// own: a list that moves down by a page at a time shows that record at the end of each.
    pub fn ends_at_edge<R>(&self, page: &FetchedPage<R>) -> bool {
        page.len() < page.asked.min(page.largest)
            && self.edge.last().is_some_and(|last| page.keys.last() == Some(last))
    }

    /// Whether `page` begins with the last record read, where the list has it if it stands still; `end` is the position after it.
    pub fn stands_still_in<R>(&self, page: &FetchedPage<R>, end: u64) -> bool {
        page.start >= end || page.start.saturating_add(1) == end && page.keys.first() == self.last.last()
    }

    /// Whether the last page and `page` hold the same records at the positions that both cover; `None` where there is no
    /// such position.
    pub fn agrees_with<R>(&self, page: &FetchedPage<R>) -> Option<bool> {
        let ahead = usize::try_from(page.start.checked_sub(self.last_start)?).ok()?;
        let both = self.last.get(ahead..).filter(|both| !both.is_empty())?;
        Some(!page.keys.is_empty() && (page.keys.starts_with(both) || both.starts_with(&page.keys)))
    }

    /// Whether `page` begins with the record without an id that the last page ended with, where it is expected: at
    /// `end` less one. A seam by position, and all that such a record allows.
    pub fn goes_on_in<R>(&self, page: &FetchedPage<R>, end: u64) -> bool {
        let first = page.keys.first().filter(|key| matches!(key, RecordKey::Content(_)));
        first.is_some() && first == self.last.last() && page.start.saturating_add(1) == end
    }
}
