//! The engine: pages in order, ahead of their reader, each joined to the one before by a seam; and over the list again where
//! something may have slipped through.

use super::cursor::Count;
use super::fetch::{Asking, Fetched, fetch};
use super::history::Read;
use super::list_end::{Brought, Evidence, Verdict};
use super::next_link::Next;
use super::no_progress::{AT_EDGE_ENOUGH, DRYNESS, IDLE_AT_MOST, NO_PROGRESS};
use super::page_request::Form;
use super::page_size::PageSize;
use super::pass::{After, Kind, Pass, Repeat};
use super::prefetch::Ahead;
use super::seam::Loose;
use super::{Cursor, Listing, Lists, Page, Paging, Records};
use crate::api::{Limit, Offset};
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::http::{Abort, Client, Event, Halving, Tally, Warning};
use std::cell::Cell;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

/// A walk over all pages of a list. Dropping it cancels what is in flight.
pub struct Walk<T: Lists, C: Clock> {
    pub(super) asking: Asking<T, C>,
    pub(super) listing: Listing,
    state: State,
    pub(super) read: Read,
    pub(super) pass: Pass,
    /// Where the list begins for this walk.
    pub(super) origin: u64,
    /// The position after the last page that was joined.
    pub(super) end: u64,
    /// How many pages have been joined.
    pub(super) joined: u64,
    pub(super) size: PageSize,
    /// The server gives one record at a time, or has done so once: a page that overlaps would bring nothing.
    pub(super) one_at_a_time: bool,
    /// The latest total.
    pub(super) total: Option<u64>,
    pub(super) form: Form,
    /// Why the server's next link cannot be followed.
    pub(super) refusal: Option<&'static ProtocolError>,
    /// Pages asked for ahead of their turn, in order.
    pub(super) ahead: VecDeque<Ahead<Fetched<T::Records>>>,
    /// How many they may be.
    pub(super) ahead_at_most: Rc<Cell<usize>>,
    /// The position after the last page asked for.
    pub(super) planned: u64,
    /// Pages that share no record with what was read, the nearest last.
    pub(super) loose: Vec<Loose<T::Records>>,
    /// How far the next step back goes.
    pub(super) step: u64,
    /// Joined pages in a row that brought nothing that this pass had not read.
    pub(super) idle: u32,
    /// Those of them that ended with the last record of the list that is known, though there was room for more.
    pub(super) at_edge: u32,
    /// Those of them that held no record at all, or no more than their seam, by [`DRYNESS`].
    pub(super) dry: u32,
    /// Records wanted, if not all.
    pub(super) at_most: Option<u64>,
    pub(super) delivered: u64,
    /// What was counted before the cursor with which this walk began.
    pub(super) before: Count,
    /// After the last page of a list that is read as a whole: where to go on from a page that was found at the front thereafter.
    pub(super) settled: Option<Cursor>,
    pub(super) is_resumed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Walking,
    Ended,
}

impl<T: Lists, C: Clock> Walk<T, C> {
    /// A walk that has sent nothing yet.
    pub fn new(client: Rc<Client<T, C>>, listing: Listing, abort: Abort) -> Self {
        let (origin, end, before) = match &listing.cursor {
            Some(cursor) => (cursor.origin, cursor.end, cursor.count),
            None => {
                let offset = listing.query.offset().map_or(0, Offset::get);
                (offset, offset, Count { given: Some(0), ..Count::default() })
            }
        };
        let is_resumed = listing.cursor.is_some();
        let limit = u64::from(listing.query.limit().get());
        let ahead_at_most = Rc::new(Cell::new(client.concurrency()));
        Self {
            asking: Asking { client, abort, tally: None, people: listing.people },
            listing,
            state: State::Fresh,
            read: Read::default(),
            pass: Pass::first(before),
            origin,
            end,
            joined: 0,
            size: PageSize::new(limit.saturating_add(1).min(u64::from(Limit::MAX.get()))),
            one_at_a_time: false,
            total: None,
            form: Form::Query,
            refusal: None,
            ahead: VecDeque::new(),
            ahead_at_most,
            planned: end,
            loose: Vec::new(),
            step: 1,
            idle: 0,
            at_edge: 0,
            dry: 0,
            at_most: None,
            delivered: 0,
            before,
            settled: None,
            is_resumed,
        }
    }

    /// The same walk, for at most so many records: it asks for no page more than they need.
    #[must_use]
    pub fn at_most(mut self, records: u64) -> Self {
        self.at_most = Some(records);
        self
    }

    /// The same walk, whose requests are counted in `tally`.
    #[must_use]
    pub fn counted(mut self, tally: &Rc<Tally>) -> Self {
        self.asking.tally = Some(tally.clone());
        self
    }

    /// The same walk, which at any time asks for no more pages than `pages` says then, and at least for one.
    #[must_use]
    pub fn ahead_at_most(mut self, pages: &Rc<Cell<usize>>) -> Self {
        self.ahead_at_most = pages.clone();
        self
    }

    /// Whether there is certainly no page after the last one.
    pub fn is_over(&self) -> bool {
        self.state == State::Ended
    }

    /// The next page that brings something new, or `None` after the last one. A list without records has one page,
    /// an empty one.
    ///
    /// # Errors
    /// Those of [`Client::call`], and [`Error::Protocol`] where the server's links or answers cannot be followed.
    /// The walk is over then; the cursor of the last page goes on from there.
    pub async fn next(&mut self) -> Result<Option<Page<T::Records>>, Error> {
        let abort = self.asking.abort.clone();
        let page = abort.guard(self.advance()).await.unwrap_or(Err(Error::Aborted));
        if !matches!(page, Ok(Some(_))) {
            self.end_here();
        }
        page
    }

    fn end_here(&mut self) {
        self.state = State::Ended;
        self.ahead.clear();
        self.loose.clear();
    }

    async fn advance(&mut self) -> Result<Option<Page<T::Records>>, Error> {
        let mut only = None;
        if self.state == State::Fresh && self.at_most != Some(0) {
            self.state = State::Walking;
            let page = self.first().await?;
            match self.join(page)? {
                Joined::New(page) => return Ok(Some(page)),
                Joined::Nothing(page) => only = Some(page),
            }
        }
        while self.state == State::Walking && self.at_most.is_none_or(|most| self.delivered < most) {
            let page = self.next_joinable().await?;
            if self.read.repeats(&page) && self.offset_is_ignored(&page).await? {
                break;
            }
            if let Joined::New(page) = self.join(page)? {
                return Ok(Some(page));
            }
        }
        self.end_here();
        Ok(only)
    }

    /// The page to begin with.
    async fn first(&mut self) -> Result<Fetched<T::Records>, Error> {
        if let Some(cursor) = self.listing.cursor.take() {
            self.read.take_up(&cursor);
            return self.find(&cursor).await;
        }
        let limit = u64::from(self.listing.query.limit().get());
        let size = match (self.at_most, self.listing.query.given_limit()) {
            (Some(most), None) => limit.min(most.max(1)),
            _ => limit,
        };
        let page = self.fetch(self.origin, size).await?;
        if page.total.is_none()
            && page.next.is_hidden()
            && page.len() > 0
            && self.listing.paging == Paging::Pages
        {
            self.asking.client.tell(|| Event::Warning(&PAGING_HIDDEN));
        }
        Ok(page)
    }

    /// Takes `page` as read.
    fn join(&mut self, page: Fetched<T::Records>) -> Result<Joined<T::Records>, Error> {
        self.judge_movement(&page);
        let mut new = self.read.new_in(&page, self.end);
        let (mut end, mut length) = (page.end(), page.keys.len());
        if let Some(most) = self.at_most {
            let wanted = usize::try_from(most.saturating_sub(self.delivered)).unwrap_or(usize::MAX);
            // The cursor goes on with the first record that is left out.
            if let Some(&left_out) = new.get(wanted) {
                length = left_out;
                end = page.start.saturating_add(u64::try_from(left_out).unwrap_or(u64::MAX));
            }
            new.truncate(wanted);
        }
        let gives = !new.is_empty();
        let was_known = self.read.was_given_some_of(&page);
        let brings_news = self.read.take(&page, length, &new);
        self.joined = self.joined.saturating_add(1);
        self.end = end;
        let first_new = new.first().and_then(|&index| u64::try_from(index).ok());
        let offset = first_new.map_or(page.end(), |index| page.start.saturating_add(index));
        let count = u64::try_from(new.len()).unwrap_or(u64::MAX);
        self.delivered = self.delivered.saturating_add(count);
        self.pass.brought(count);
        let mut cursor = self.settled.clone().unwrap_or_else(|| self.cursor());
        self.go_on(&page, brings_news, was_known)?;
        // Whoever stops in the middle of the look at the front has to go over the list again.
        cursor.count.doubtful |= self.settled.is_some() && self.state != State::Ended;

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
            read_at: page.read_at,
        };
        Ok(if gives { Joined::New(page) } else { Joined::Nothing(page) })
    }

    /// This place in the list.
    fn cursor(&self) -> Cursor {
        Cursor::after(self.listing.fingerprint(), self.origin, self.end, self.count(), self.read.order())
    }

    /// What is counted up to this place in the list, as a cursor tells it.
    fn count(&self) -> Count {
        self.pass.count(if self.pass.is_first_here() { self.given() } else { Some(self.read.in_pass()) })
    }

    /// How many records were given in all.
    fn given(&self) -> Option<u64> {
        if self.is_resumed && !self.pass.is_first_here() {
            // What was given before the cursor has come once more, and counts once.
            return Some(self.read.given());
        }
        self.before.given.map(|before| before.saturating_add(self.delivered))
    }

    /// Decides what comes after `page`: the next one, another pass, or the end.
    fn go_on(&mut self, page: &Fetched<T::Records>, brings_news: bool, was_known: bool) -> Result<(), Error> {
        self.total = page.total.or(self.total);
        let overlaps = u64::from(!self.one_at_a_time);
        let brought = match page.len() {
            0 => Brought::Nothing,
            length if !brings_news && length <= overlaps => Brought::SeamOnly,
            _ => Brought::Records,
        };
        let by_links_only = self.form.is_opaque() || matches!(page.next, Next::Opaque(_));
        let evidence = Evidence::of(page, brought, self.listing.paging, by_links_only);
        let (empty, seam_only, dry_at_most) = DRYNESS;
        self.idle = if brings_news { 0 } else { self.idle.saturating_add(1) };
        self.dry = match brought {
            Brought::Nothing => self.dry.saturating_add(empty),
            Brought::SeamOnly => self.dry.saturating_add(seam_only),
            Brought::Records => 0,
        };
        let is_at_edge = !brings_news
            && brought == Brought::Records
            && evidence.allows_end()
            && self.read.ends_at_edge(page);
        self.at_edge = if is_at_edge { self.at_edge.saturating_add(1) } else { 0 };
        let ends = evidence.verdict() == Verdict::End || self.at_edge >= AT_EDGE_ENOUGH;
        if ends || self.pass.is_front() && was_known {
            // The end of the list, but not where this pass has come to: what it ends with stood higher up before, or stands in it twice.
            if page.has_ids()
                && !self.pass.is_front()
                && !self.form.is_opaque()
                && !self.read.reaches_edge(page)
            {
                self.pass.doubt();
            }
            self.end_pass();
            return Ok(());
        }
        if self.idle >= IDLE_AT_MOST || self.dry >= dry_at_most {
            return Err(Error::Protocol(&NO_PROGRESS));
        }
        self.size.learn(page);
        match page.len() {
            // The next page is asked for after this one: one that overlaps would bring its seam only.
            1 => self.one_at_a_time = page.wanted > 1 || self.size.asked() == 1,
            0 => {}
            _ => self.one_at_a_time = self.size.asked() == 1,
        }
        self.refusal = self.form.follow(&page.next, page.start).err();
        Ok(())
    }

    /// The end of the list was reached.
    fn end_pass(&mut self) {
        // Records without an id would come again: they cannot be recognised.
        let repeat = match (self.read.has_only_ids(), self.is_resumed) {
            (false, _) => Repeat::Never,
            // What was given before the cursor is not known one by one, and would come again.
            (true, true) => Repeat::IfNeeded,
            (true, false) => Repeat::Freely,
        };
        let given = self.given();
        match self.pass.after(given, self.origin, repeat) {
            After::Again(kind) => self.begin_pass(kind),
            After::End { short_of, in_doubt } => {
                self.state = State::Ended;
                if let (Some(total), Some(given)) = (short_of, given) {
                    self.asking.client.tell(|| Event::CountShort { given, total });
                } else if in_doubt && self.is_resumed {
                    self.asking.client.tell(|| Event::Warning(&ORDER_CHANGES));
                }
            }
        }
    }

    fn begin_pass(&mut self, kind: Kind) {
        self.settled = (kind == Kind::Front).then(|| self.cursor());
        self.pass = self.pass.next(kind);
        self.read.begin_pass();
        self.give_up_ahead();
        self.loose.clear();
        self.form = Form::Query;
        self.refusal = None;
        self.one_at_a_time = false;
        self.end = self.origin;
        self.planned = self.origin;
        (self.step, self.idle, self.at_edge, self.dry) = (1, 0, 0, 0);
    }

    pub(super) fn fetch(
        &self,
        start: u64,
        size: u64,
    ) -> impl Future<Output = Result<Fetched<T::Records>, Error>> + 'static + use<T, C> {
        let url = self.form.url(self.asking.client.base(), &self.listing, self.origin, start, size);
        let halves =
            self.form.has_sizes(&self.listing, self.origin, start).then(|| Rc::new(Halving::of(size)));
        fetch(self.asking.clone(), url, start, size, halves, self.form.is_opaque())
    }
}

/// What a page brought to the walk.
enum Joined<R> {
    New(Page<R>),
    /// Only records that were given before.
    Nothing(Page<R>),
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
