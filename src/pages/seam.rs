//! The seam: where a page is joined to what was read before, by a record that both share.
//!
//! A fetched page is a [`Candidate`] until it is joined. A page that was requested in turn, after everything before it
//! had arrived, is joined if it has a seam; otherwise the walk steps back. A prefetched page is joined only if it shows
//! the same records as the last page at the positions that both cover; otherwise it is requested again in turn.

use super::fetch::FetchedPage;
use super::history::History;
use super::{ListTransport, RecordKey, Walk};
use crate::api::Limit;
use crate::clock::Clock;
use crate::error::Error;

/// A page that is not joined yet.
pub struct Candidate<R> {
    /// The page.
    pub page: FetchedPage<R>,
    /// How many pages had been joined when it arrived.
    pub since: u64,
    /// It was requested after everything before it had arrived.
    pub in_turn: bool,
}

impl<T: ListTransport, C: Clock> Walk<T, C> {
    /// The next page that can be joined to what was read.
    pub(super) async fn next_joinable_page(&mut self) -> Result<FetchedPage<T::Records>, Error> {
        loop {
            let Some(candidate) = self.candidates.pop() else {
                let page = self.next_candidate().await?;
                self.candidates.push(page);
                continue;
            };
            let is_fresh = candidate.since == self.pages_joined;
            if self.one_at_a_time && is_fresh && candidate.page.len() > 1 && candidate.page.has_ids() {
                // The server sends more than one record again: from here on pages overlap.
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
                // Pages that were joined since reach as far as this one, so it is not needed any more.
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

    /// Whether no record can be missing between what was read and the candidate.
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

    /// Requests the next page again, now that everything before it has arrived.
    async fn fetch_again(&mut self) -> Result<(), Error> {
        self.step_back = 1;
        let page = self.fetch(self.overlapping_start(self.end), self.page_size.asked()).await?;
        self.candidates.push(Candidate { page, since: self.pages_joined, in_turn: true });
        Ok(())
    }

    /// Drops all prefetched pages, arrived or not: they are of use only while the list stands still.
    ///
    /// They need not show the list in the order in which they are read: a record that moves may be in a later page,
    /// read earlier, in the place that it had before, and would make a false seam.
    pub(super) fn drop_prefetched(&mut self) {
        self.prefetched.clear();
        self.candidates.retain(|candidate| candidate.in_turn);
    }

    /// Where a page begins that goes on at `end`: one record earlier, so that the two overlap.
    pub(super) fn overlapping_start(&self, end: u64) -> u64 {
        // A link without an offset cannot be moved back.
        let overlap = u64::from(!self.request.is_opaque() && !self.one_at_a_time);
        end.saturating_sub(overlap).max(self.origin)
    }

    /// Notes whether `page` shows that the list has changed, and whether a record may have been missed before it.
    pub(super) fn note_movement(&mut self, page: &FetchedPage<T::Records>) {
        let has_shrunk = page.total.is_some_and(|total| self.pass.note_total(total));
        if !self.history.resumes_cleanly(page) {
            self.pass.doubt();
        }
        if self.request.is_opaque() || page.start <= self.origin {
            return;
        }
        if self.one_at_a_time {
            // Pages do not overlap, so only a total can show that the list stood still. For a list of a single record
            // without a total not even the empty page after it does.
            let is_alone = self.pages_joined == 1 && !self.is_resumed && page.total.is_none();
            // An empty page does not prove the end if the server fails on pages of two records, or if the list became
            // shorter.
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
    /// Whether `page`, requested in turn, holds a record that shows where in it the known part of the list ends.
    ///
    /// Such a record is one of the page at the edge. Another record that was read may have moved down, or its id may be
    /// in the list twice. It counts only if the page begins with a record that was read, or has no unread record at
    /// all.
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

    /// Whether the unread records of `page` follow directly after the last record at the edge, and the records before
    /// that one are those that were read before it. Then no record can have been missed between the two pages.
    pub fn joins_cleanly<R>(&self, page: &FetchedPage<R>) -> bool {
        let Some(last) = self.edge.last() else { return true };
        let Some(first_new) = page.keys.iter().position(|key| self.is_unread(key)) else { return true };
        let known = page.keys.get(..first_new).unwrap_or_default();
        let Some(at) = known.iter().rposition(|key| key == last) else { return false };
        let (before, after) = known.split_at(at.saturating_add(1));
        // A record after the last one was read before it: the order has changed.
        !after.iter().any(|key| matches!(key, RecordKey::Id(_)))
            && before.iter().rev().zip(self.edge.iter().rev()).all(|(now, then)| now == then)
    }

    /// Whether `page` contains the last record at the edge, and thus reaches as far as this pass has read.
    pub fn reaches_edge<R>(&self, page: &FetchedPage<R>) -> bool {
        self.edge.last().is_none_or(|last| page.keys.contains(last))
    }

    /// Whether `page` ends with the last record at the edge although it has room for more. The server's own page size
    /// counts as full: in a list that moves down by a page at a time, full pages may end with that record again and
    /// again.
    pub fn ends_at_edge<R>(&self, page: &FetchedPage<R>) -> bool {
        page.len() < page.asked.min(page.largest)
            && self.edge.last().is_some_and(|last| page.keys.last() == Some(last))
    }

    /// Whether `page` begins with the last record read, as it does while the list stands still; `end` is the position
    /// after that record.
    pub fn stands_still_in<R>(&self, page: &FetchedPage<R>, end: u64) -> bool {
        page.start >= end || page.start.saturating_add(1) == end && page.keys.first() == self.last.last()
    }

    /// Whether the last page and `page` hold the same records at the positions that both cover; `None` if there is no
    /// such position.
    pub fn agrees_with<R>(&self, page: &FetchedPage<R>) -> Option<bool> {
        let offset = usize::try_from(page.start.checked_sub(self.last_start)?).ok()?;
        let both = self.last.get(offset..).filter(|both| !both.is_empty())?;
        Some(!page.keys.is_empty() && (page.keys.starts_with(both) || both.starts_with(&page.keys)))
    }

    /// Whether `page` begins with the record without an id that the last page ended with, at the position `end` - 1
    /// where it is expected. Records without an id allow no better seam than this one by position.
    pub fn goes_on_in<R>(&self, page: &FetchedPage<R>, end: u64) -> bool {
        let first = page.keys.first().filter(|key| matches!(key, RecordKey::Content(_)));
        first.is_some() && first == self.last.last() && page.start.saturating_add(1) == end
    }
}
