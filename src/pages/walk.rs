//! The engine: pages in order, ahead of their reader, each joined to the one before by a seam; and over the list again where
//! something may have slipped through.

use super::cursor::PassSummary;
use super::fetch::{FetchContext, FetchedPage, fetch};
use super::history::History;
use super::list_end::{Contribution, EndEvidence};
use super::next_link::NextLink;
use super::no_progress::{DRYNESS, EDGE_PAGES_SHOW_END, MAX_IDLE_PAGES, NO_PROGRESS};
use super::page_request::PageRequest;
use super::page_size::PageSize;
use super::pass::{Pass, PassKind, PassOutcome, RepeatPolicy};
use super::prefetch::Prefetch;
use super::seam::Candidate;
use super::{Cursor, ListQuery, ListTransport, Page, Paging, RecordList};
use crate::api::{Limit, Offset};
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::http::{Abort, Client, Event, Halving, Tally, Warning};
use std::cell::Cell;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

/// A walk over all pages of a list. Dropping it cancels what is in flight.
pub struct Walk<T: ListTransport, C: Clock> {
    pub(super) context: FetchContext<T, C>,
    pub(super) list: ListQuery,
    state: WalkState,
    pub(super) history: History,
    pub(super) pass: Pass,
    /// Where the list begins for this walk.
    pub(super) origin: u64,
    /// The position after the last page that was joined.
    pub(super) end: u64,
    /// How many pages have been joined.
    pub(super) pages_joined: u64,
    pub(super) page_size: PageSize,
    /// The server gives one record at a time, or has done so once: a page that overlaps would bring nothing.
    pub(super) one_at_a_time: bool,
    /// The latest total.
    pub(super) latest_total: Option<u64>,
    pub(super) request: PageRequest,
    /// Why the server's next link cannot be followed.
    pub(super) refusal: Option<&'static ProtocolError>,
    /// Pages asked for ahead of their turn, in order.
    pub(super) prefetched: VecDeque<Prefetch<FetchedPage<T::Records>>>,
    /// How many they may be.
    pub(super) max_prefetch: Rc<Cell<usize>>,
    /// The position after the last page asked for.
    pub(super) planned_end: u64,
    /// Pages that share no record with what was read, the nearest last.
    pub(super) candidates: Vec<Candidate<T::Records>>,
    /// How far the next step back goes.
    pub(super) step_back: u64,
    /// Joined pages in a row that brought nothing that this pass had not read.
    pub(super) idle: u32,
    /// Those of them that ended with the last record of the list that is known, though there was room for more.
    pub(super) at_edge: u32,
    /// Those of them that held no record at all, or no more than their seam, by [`DRYNESS`].
    pub(super) dry: u32,
    /// Records wanted, if not all.
    pub(super) max_records: Option<u64>,
    pub(super) delivered: u64,
    /// What was counted before the cursor with which this walk began.
    pub(super) earlier: PassSummary,
    /// After the last page of a list that is read as a whole: where to go on from a page that was found at the front thereafter.
    pub(super) cursor_at_end: Option<Cursor>,
    pub(super) is_resumed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WalkState {
    Fresh,
    Walking,
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
            idle: 0,
            at_edge: 0,
            dry: 0,
            max_records: None,
            delivered: 0,
            earlier,
            cursor_at_end: None,
            is_resumed,
        }
    }

    /// The same walk, for at most so many records: it asks for no page more than they need.
    #[must_use]
    pub fn at_most(mut self, records: u64) -> Self {
        self.max_records = Some(records);
        self
    }

    /// The same walk, whose requests are counted in `tally`.
    #[must_use]
    pub fn counted(mut self, tally: &Rc<Tally>) -> Self {
        self.context.tally = Some(tally.clone());
        self
    }

    /// The same walk, which at any time asks for no more pages than `pages` says then, and at least for one.
    #[must_use]
    pub fn prefetch_at_most(mut self, pages: &Rc<Cell<usize>>) -> Self {
        self.max_prefetch = pages.clone();
        self
    }

    /// Whether there is certainly no page after the last one.
    pub fn is_over(&self) -> bool {
        self.state == WalkState::Ended
    }

    /// The next page that brings something new, or `None` after the last one. A list without records has one page,
    /// an empty one.
    ///
    /// # Errors
    /// Those of [`Client::call`], and [`Error::Protocol`] where the server's links or answers cannot be followed.
    /// The walk is over then; the cursor of the last page goes on from there.
    pub async fn next(&mut self) -> Result<Option<Page<T::Records>>, Error> {
        let abort = self.context.abort.clone();
        let page = abort.guard(self.advance()).await.unwrap_or(Err(Error::Aborted));
        if !matches!(page, Ok(Some(_))) {
            self.end();
        }
        page
    }

    fn end(&mut self) {
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
        self.end();
        Ok(only)
    }

    /// The page to begin with.
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

    /// Takes `page` as read.
    fn join(&mut self, page: FetchedPage<T::Records>) -> Result<JoinOutcome<T::Records>, Error> {
        self.note_movement(&page);
        let mut new = self.history.new_records_in(&page, self.end);
        let (mut end, mut length) = (page.end(), page.keys.len());
        if let Some(most) = self.max_records {
            let wanted = usize::try_from(most.saturating_sub(self.delivered)).unwrap_or(usize::MAX);
            // The cursor goes on with the first record that is left out.
            if let Some(&left_out) = new.get(wanted) {
                length = left_out;
                end = page.start.saturating_add(u64::try_from(left_out).unwrap_or(u64::MAX));
            }
            new.truncate(wanted);
        }
        let gives = !new.is_empty();
        let was_known = self.history.has_delivered_any_of(&page);
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
        // Whoever stops in the middle of the look at the front has to go over the list again.
        cursor.pass.doubtful |= self.cursor_at_end.is_some() && self.state != WalkState::Ended;

        let all = new.len() == page.keys.len();
        let keys = new.iter().filter_map(|&index| page.keys.get(index).copied()).collect();
        let page = Page {
            records: if all { page.records } else { page.records.select(&new) },
            keys,
            end,
            offset,
            total_count: page.total,
            links: page.links,
            cursor: cursor.to_text(),
            answer_time: page.answer_time,
        };
        Ok(if gives { JoinOutcome::NewRecords(page) } else { JoinOutcome::NothingNew(page) })
    }

    /// This place in the list.
    fn cursor(&self) -> Cursor {
        Cursor::after(
            self.list.fingerprint(),
            self.origin,
            self.end,
            self.pass_summary(),
            self.history.order(),
        )
    }

    /// What is counted up to this place in the list, as a cursor tells it.
    fn pass_summary(&self) -> PassSummary {
        self.pass.summary(if self.pass.is_first_of_walk() {
            self.delivered_in_all()
        } else {
            Some(self.history.read_in_pass())
        })
    }

    /// How many records were given in all.
    fn delivered_in_all(&self) -> Option<u64> {
        if self.is_resumed && !self.pass.is_first_of_walk() {
            // What was given before the cursor has come once more, and counts once.
            return Some(self.history.delivered_count());
        }
        self.earlier.delivered.map(|before| before.saturating_add(self.delivered))
    }

    /// Decides what comes after `page`: the next one, another pass, or the end.
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
        let (empty, seam_only, dry_at_most) = DRYNESS;
        self.idle = if brings_news { 0 } else { self.idle.saturating_add(1) };
        self.dry = match contribution {
            Contribution::Nothing => self.dry.saturating_add(empty),
            Contribution::SeamOnly => self.dry.saturating_add(seam_only),
            Contribution::Records => 0,
        };
        let is_at_edge = !brings_news
            && contribution == Contribution::Records
            && evidence.allows_end()
            && self.history.ends_at_edge(page);
        self.at_edge = if is_at_edge { self.at_edge.saturating_add(1) } else { 0 };
        let ends = evidence.shows_end() || self.at_edge >= EDGE_PAGES_SHOW_END;
        if ends || self.pass.is_front_only() && was_known {
            // The end of the list, but not where this pass has come to: what it ends with stood higher up before, or stands in it twice.
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
        if self.idle >= MAX_IDLE_PAGES || self.dry >= dry_at_most {
            return Err(Error::Protocol(&NO_PROGRESS));
        }
        self.page_size.learn(page);
        match page.len() {
            // The next page is asked for after this one: one that overlaps would bring its seam only.
            1 => self.one_at_a_time = page.wanted > 1 || self.page_size.asked() == 1,
            0 => {}
            _ => self.one_at_a_time = self.page_size.asked() == 1,
        }
        self.refusal = self.request.follow(&page.next, page.start).err();
        Ok(())
    }

    /// The end of the list was reached.
    fn end_pass(&mut self) {
        // Records without an id would come again: they cannot be recognised.
        let repeat = match (self.history.has_only_ids(), self.is_resumed) {
            (false, _) => RepeatPolicy::Never,
            // What was given before the cursor is not known one by one, and would come again.
            (true, true) => RepeatPolicy::IfNeeded,
            (true, false) => RepeatPolicy::Freely,
        };
        let delivered = self.delivered_in_all();
        match self.pass.outcome(delivered, self.origin, repeat) {
            PassOutcome::Again(kind) => self.begin_pass(kind),
            PassOutcome::End { short_of, in_doubt } => {
                self.state = WalkState::Ended;
                if let (Some(total), Some(delivered)) = (short_of, delivered) {
                    self.context.client.tell(|| Event::CountShort { given: delivered, total });
                } else if in_doubt && self.is_resumed {
                    self.context.client.tell(|| Event::Warning(&ORDER_CHANGES));
                }
            }
        }
    }

    fn begin_pass(&mut self, kind: PassKind) {
        self.cursor_at_end = (kind == PassKind::Front).then(|| self.cursor());
        self.pass = self.pass.next(kind);
        self.history.begin_pass();
        self.drop_prefetched();
        self.candidates.clear();
        self.request = PageRequest::OwnQuery;
        self.refusal = None;
        self.one_at_a_time = false;
        self.end = self.origin;
        self.planned_end = self.origin;
        (self.step_back, self.idle, self.at_edge, self.dry) = (1, 0, 0, 0);
    }

    pub(super) fn fetch(
        &self,
        start: u64,
        size: u64,
    ) -> impl Future<Output = Result<FetchedPage<T::Records>, Error>> + 'static + use<T, C> {
        let url = self.request.url(self.context.client.base(), &self.list, self.origin, start, size);
        let halves =
            self.request.has_sizes(&self.list, self.origin, start).then(|| Rc::new(Halving::of(size)));
        fetch(self.context.clone(), url, start, size, halves, self.request.is_opaque())
    }
}

/// What a page brought to the walk.
enum JoinOutcome<R> {
    NewRecords(Page<R>),
    /// Only records that were given before.
    NothingNew(Page<R>),
}

static ORDER_CHANGES: Warning = Warning {
    code: "order-changes",
    message: "the list was read in pieces, and its order may have changed or its pages did not overlap, so that records may be \
              missing; read it once more from its beginning, without `cursor`",
};
static PAGING_HIDDEN: Warning = Warning {
    code: "paging-hidden",
    message: "the answer shows neither Link nor X-Total-Count (in a web page: the server does not expose them to it); all \
              records are read all the same, one page after the other",
};
