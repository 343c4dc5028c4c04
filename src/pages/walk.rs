//! The engine of a walk: fetches pages in order, joins each to what was read before, and decides what to do after it.
//! How these steps work together is drawn in the documentation of the module `pages`.

use super::cursor::PassSummary;
use super::fetch::{FetchContext, FetchedPage, fetch};
use super::history::History;
use super::list_end::{Contribution, EndEvidence};
use super::next_link::NextLink;
use super::no_progress::{NO_PROGRESS, Standstill};
use super::page_request::PageRequest;
use super::page_size::PageSize;
use super::pass::{Pass, WalkDoubt};
use super::prefetch::Prefetch;
use super::seam::Candidate;
use super::{Cursor, ListQuery, ListTransport, Page, PageCursor, Paging, RecordList};
use crate::api::{Limit, Offset};
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::http::{Abort, Client, Event, ShrinkingSize, Tally, Warning};
use std::cell::Cell;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

/// A walk over all pages of a list. Dropping it cancels the requests in flight.
pub struct Walk<T: ListTransport, C: Clock> {
    pub(super) context: FetchContext<T, C>,
    pub(super) list: ListQuery,
    pub(super) state: WalkState,
    pub(super) history: History,
    pub(super) pass: Pass,
    /// Where the list begins for this walk.
    pub(super) origin: u64,
    /// The position after the last page that was joined.
    pub(super) end: u64,
    /// How many pages were asked for.
    pages_asked: Cell<u64>,
    /// How many pages have been joined.
    pub(super) pages_joined: u64,
    pub(super) page_size: PageSize,
    /// The last page had a single record, as all pages of this server may have: an overlapping page would add nothing.
    pub(super) one_at_a_time: bool,
    /// The total that the server reported last.
    pub(super) latest_total: Option<u64>,
    pub(super) request: PageRequest,
    /// Why the server's next link cannot be followed.
    pub(super) refusal: Option<&'static ProtocolError>,
    /// Pages requested ahead of their turn, in order.
    pub(super) prefetched: VecDeque<Prefetch<FetchedPage<T::Records>>>,
    /// How many of them there may be.
    pub(super) max_prefetch: Rc<Cell<usize>>,
    /// The expected position after the last page requested.
    pub(super) planned_end: u64,
    /// Pages that are not joined yet; the nearest is the last one.
    pub(super) candidates: Vec<Candidate<T::Records>>,
    /// How far the next step back goes.
    pub(super) step_back: u64,
    /// Pages in a row without anything new.
    pub(super) standstill: Standstill,
    /// How many records the caller wants, if not all.
    pub(super) max_records: Option<u64>,
    /// How many records this walk has delivered.
    pub(super) delivered: u64,
    /// What earlier walks counted up to the cursor with which this walk began.
    pub(super) earlier: PassSummary,
    /// While only the front of the list is read again: the cursor at the end of the list, where a later walk goes on.
    pub(super) cursor_at_end: Option<Cursor>,
    pub(super) is_resumed: bool,
    /// Set at the end if records may have been missed.
    pub(super) doubt: Option<WalkDoubt>,
    /// Set at the end if the list would have been read again, had it not been read often enough.
    pub(super) gave_up: bool,
    /// No pass that has ended shows a change of the list.
    pub(super) was_still: bool,
}

/// How far a walk has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WalkState {
    /// It has not sent anything.
    Fresh,
    /// It may have more pages.
    Walking,
    /// It has no more pages.
    Ended,
}

impl<T: ListTransport, C: Clock> Walk<T, C> {
    /// A walk that has sent nothing yet.
    pub fn new(client: Rc<Client<T, C>>, list: ListQuery, abort: Abort) -> Self {
        let (origin, end, earlier) = match &list.cursor {
            Some(cursor) => (cursor.origin, cursor.end, cursor.pass),
            None => {
                let offset = list.query.offset().map_or(0, Offset::get);
                (offset, offset, PassSummary { delivered: Some(0), ..PassSummary::default() })
            }
        };
        let is_resumed = list.cursor.is_some();
        let limit = u64::from(list.query.limit().get());
        let max_prefetch = Rc::new(Cell::new(client.concurrency()));
        Self {
            context: FetchContext { client, abort, tally: None, people: list.people },
            list,
            state: WalkState::Fresh,
            history: History::default(),
            pass: Pass::first(earlier),
            origin,
            end,
            pages_asked: Cell::new(0),
            pages_joined: 0,
            page_size: PageSize::new(limit.saturating_add(1).min(u64::from(Limit::MAX.get()))),
            one_at_a_time: false,
            latest_total: None,
            request: PageRequest::OwnQuery,
            refusal: None,
            prefetched: VecDeque::new(),
            max_prefetch,
            planned_end: end,
            candidates: Vec::new(),
            step_back: 1,
            standstill: Standstill::default(),
            max_records: None,
            delivered: 0,
            earlier,
            cursor_at_end: None,
            is_resumed,
            doubt: None,
            gave_up: false,
            was_still: true,
        }
    }

    /// The same walk, for at most so many records: it requests no more pages than they need.
    #[must_use]
    pub fn at_most(mut self, records: u64) -> Self {
        self.max_records = Some(records);
        self
    }

    /// The same walk, which counts its requests in `tally`.
    #[must_use]
    pub fn counted(mut self, tally: &Rc<Tally>) -> Self {
        self.context.tally = Some(tally.clone());
        self
    }

    /// The same walk, which prefetches no more pages at a time than `pages` says at that time, but at least one.
    #[must_use]
    pub fn prefetch_at_most(mut self, pages: &Rc<Cell<usize>>) -> Self {
        self.max_prefetch = pages.clone();
        self
    }

    /// Whether there is certainly no further page.
    pub fn is_over(&self) -> bool {
        self.state == WalkState::Ended
    }

    /// Whether the walk has ended although the list should be read again: it changed in each of many passes, or may have
    /// changed between the walks that read it.
    pub fn has_given_up(&self) -> bool {
        self.gave_up
    }

    /// Why records may have been missed, if the walk is over and there is a reason to think so.
    pub fn doubt(&self) -> Option<WalkDoubt> {
        self.doubt
    }

    /// Whether the walk has seen no sign that the list changed meanwhile. It proves nothing if the server shows no totals.
    pub fn was_still(&self) -> bool {
        self.was_still
    }

    /// How many pages were asked for, those ahead of their turn and those that turned out to be of no use included.
    pub fn pages_asked(&self) -> u64 {
        self.pages_asked.get()
    }

    /// The next page with new records, or `None` after the last one. A list without records has one page, which is
    /// empty. Errors: those of [`Client::call`], and [`Error::Protocol`] if the server's links or answers cannot be
    /// followed. The walk is over then; another one can go on after the cursor of the last page.
    pub async fn next(&mut self) -> Result<Option<Page<T::Records>>, Error> {
        let abort = self.context.abort.clone();
        let page = abort.guard(self.advance()).await.unwrap_or(Err(Error::Aborted));
        if !matches!(page, Ok(Some(_))) {
            self.finish();
        }
        page
    }

    fn finish(&mut self) {
        self.state = WalkState::Ended;
        self.prefetched.clear();
        self.candidates.clear();
    }

    async fn advance(&mut self) -> Result<Option<Page<T::Records>>, Error> {
        let mut only = None;
        if self.state == WalkState::Fresh && self.max_records != Some(0) {
            self.state = WalkState::Walking;
            let page = self.first_page().await?;
            match self.join(page)? {
                JoinOutcome::NewRecords(page) => return Ok(Some(page)),
                JoinOutcome::NothingNew(page) => only = Some(page),
            }
        }
        while self.state == WalkState::Walking && self.max_records.is_none_or(|most| self.delivered < most) {
            let page = self.next_joinable_page().await?;
            if self.history.repeats(&page) && self.offset_is_ignored(&page).await? {
                break;
            }
            if let JoinOutcome::NewRecords(page) = self.join(page)? {
                return Ok(Some(page));
            }
        }
        self.finish();
        Ok(only)
    }

    /// The first page: from the offset of the query, or where the cursor leads.
    async fn first_page(&mut self) -> Result<FetchedPage<T::Records>, Error> {
        if let Some(cursor) = self.list.cursor.take() {
            self.history.resume_after(&cursor);
            return self.resume_at(&cursor).await;
        }
        let limit = u64::from(self.list.query.limit().get());
        let size = match (self.max_records, self.list.query.given_limit()) {
            (Some(most), None) => limit.min(most.max(1)),
            _ => limit,
        };
        let page = self.fetch(self.origin, size).await?;
        if page.total.is_none()
            && page.next.is_hidden()
            && page.len() > 0
            && self.list.paging == Paging::Pages
        {
            self.context.client.tell(|| Event::Warning(&PAGING_HIDDEN));
        }
        Ok(page)
    }

    /// Joins `page` to what was read, and decides what follows it.
    fn join(&mut self, page: FetchedPage<T::Records>) -> Result<JoinOutcome<T::Records>, Error> {
        self.note_movement(&page);
        // A list may be given up after its first page, as too long for one walk.
        if self.pages_joined == 1 {
            let left = page.total.unwrap_or_default().saturating_sub(page.start);
            self.history.make_room_for(self.max_records.map_or(left, |most| most.min(left)));
        }
        let (mut new, was_known) = self.history.take_in(&page, self.end);
        let (mut end, mut length) = (page.end(), page.keys.len());
        if let Some(most) = self.max_records {
            let wanted = usize::try_from(most.saturating_sub(self.delivered)).unwrap_or(usize::MAX);
            // The cursor must go on with the first record that is left out.
            if let Some(&left_out) = new.get(wanted) {
                length = left_out;
                end = page.start.saturating_add(u64::try_from(left_out).unwrap_or(u64::MAX));
            }
            new.truncate(wanted);
        }
        let has_new = !new.is_empty();
        let brings_news = self.history.add_page(&page, length, &new);
        self.pages_joined = self.pages_joined.saturating_add(1);
        self.end = end;
        let first_new = new.first().and_then(|&index| u64::try_from(index).ok());
        let offset = first_new.map_or(page.end(), |index| page.start.saturating_add(index));
        let count = u64::try_from(new.len()).unwrap_or(u64::MAX);
        self.delivered = self.delivered.saturating_add(count);
        self.pass.add_new_records(count);
        let mut cursor = self.cursor_at_end.clone().unwrap_or_else(|| self.cursor());
        self.decide_next(&page, brings_news, was_known)?;
        // If the caller stops while only the front is read again, records there may be missed: the list must be read
        // again.
        cursor.pass.doubtful |= self.cursor_at_end.is_some() && self.state != WalkState::Ended;

        let all = new.len() == page.keys.len();
        let keys = if all {
            page.keys
        } else {
            new.iter().filter_map(|&index| page.keys.get(index).copied()).collect()
        };
        let page = Page {
            records: if all { page.records } else { page.records.select(&new) },
            keys,
            end,
            offset,
            total_count: page.total,
            links: page.links,
            cursor: PageCursor { cursor, list: 0 },
            answer_time: page.answer_time,
        };
        Ok(if has_new { JoinOutcome::NewRecords(page) } else { JoinOutcome::NothingNew(page) })
    }

    /// The cursor after what was read so far.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor::after(
            self.list.fingerprint(),
            self.origin,
            self.end,
            self.pass_summary(),
            self.history.order(),
        )
    }

    /// What a cursor says of this pass.
    fn pass_summary(&self) -> PassSummary {
        self.pass.summary(if self.pass.is_first_of_walk() {
            self.delivered_in_all()
        } else {
            Some(self.history.read_in_pass())
        })
    }

    /// How many records were delivered, by earlier walks up to the cursor too, if that is known.
    pub(super) fn delivered_in_all(&self) -> Option<u64> {
        if self.is_resumed && !self.pass.is_first_of_walk() {
            // Records delivered before the cursor were delivered again in this pass. They count once.
            return Some(self.history.delivered_count());
        }
        self.earlier.delivered.map(|before| before.saturating_add(self.delivered))
    }

    /// Decides what follows `page`: the next page, another pass, or the end.
    fn decide_next(
        &mut self,
        page: &FetchedPage<T::Records>,
        brings_news: bool,
        was_known: bool,
    ) -> Result<(), Error> {
        self.latest_total = page.total.or(self.latest_total);
        let overlaps = u64::from(!self.one_at_a_time);
        let contribution = match page.len() {
            0 => Contribution::Nothing,
            length if !brings_news && length <= overlaps => Contribution::SeamOnly,
            _ => Contribution::Records,
        };
        let by_links_only = self.request.is_opaque() || matches!(page.next, NextLink::Opaque(_));
        let evidence = EndEvidence::of(page, contribution, self.list.paging, by_links_only);
        let is_at_edge = !brings_news
            && contribution == Contribution::Records
            && evidence.allows_end()
            && self.history.ends_at_edge(page);
        self.standstill.count(brings_news, contribution, is_at_edge);
        let ends = evidence.shows_end() || self.standstill.shows_end();
        if ends || self.pass.is_front_only() && was_known {
            // The list ends, but not where this pass has come to: its last record was higher up before, or its id is in
            // it twice.
            if page.has_ids()
                && !self.pass.is_front_only()
                && !self.request.is_opaque()
                && !self.history.reaches_edge(page)
            {
                self.pass.doubt();
            }
            self.end_pass();
            return Ok(());
        }
        if self.standstill.is_endless() {
            return Err(Error::Protocol(&NO_PROGRESS));
        }
        self.page_size.learn(page);
        match page.len() {
            // The next page begins after this one: one that overlaps would hold only its seam.
            1 => self.one_at_a_time = page.wanted > 1 || self.page_size.asked() == 1,
            0 => {}
            _ => self.one_at_a_time = self.page_size.asked() == 1,
        }
        self.refusal = self.request.follow(&page.next, page.start).err();
        Ok(())
    }

    pub(super) fn fetch(
        &self,
        start: u64,
        size: u64,
    ) -> impl Future<Output = Result<FetchedPage<T::Records>, Error>> + 'static + use<T, C> {
        self.pages_asked.set(self.pages_asked.get().saturating_add(1));
        let url = self.request.url(self.context.client.base(), &self.list, self.origin, start, size);
        let page_size =
            self.request.has_sizes(&self.list, self.origin, start).then(|| Rc::new(ShrinkingSize::of(size)));
        fetch(self.context.clone(), url, start, size, page_size, self.request.is_opaque())
    }
}

/// What came of joining a page.
enum JoinOutcome<R> {
    /// Records to deliver.
    NewRecords(Page<R>),
    /// No record that was not delivered before.
    NothingNew(Page<R>),
}

static PAGING_HIDDEN: Warning = Warning {
    code: "paging-hidden",
    message: "the answer shows neither Link nor X-Total-Count (in a web page: the server does not expose them to it); \
              all records are read all the same, one page after the other",
};
