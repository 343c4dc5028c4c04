//! The engine: pages in order, ahead of their reader, each joined to the one before by a seam.

use super::ahead::Ahead;
use super::fetch::{Asking, Fetched, fetch};
use super::form::Form;
use super::links::{Links, Next};
use super::read::Read;
use super::verdict::{Evidence, Verdict};
use super::{Cursor, Listing, Lists, Paging, ReadAt, RecordKey, Records};
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::http::{Abort, Client, Event, Tally, Warning};
use crate::query::{Limit, Offset};
use std::cell::Cell;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

/// A page as its reader gets it: what it brings, and where it lies.
#[derive(Debug)]
pub struct Page<R> {
    /// Records that no page before it had.
    pub records: R,
    /// One for each of them.
    pub keys: Vec<RecordKey>,
    /// The position behind the page.
    pub end: u64,
    /// Index of the first of them in the list.
    pub offset: u64,
    /// `X-Total-Count`.
    pub total_count: Option<u64>,
    /// The relations of the Link field.
    pub links: Links,
    /// Where to go on behind this page.
    pub cursor: String,
    /// When the server read it.
    pub read_at: ReadAt,
}

/// A walk over all pages of a list. Dropping it cancels what is in flight.
pub struct Walk<T: Lists, C: Clock> {
    asking: Asking<T, C>,
    listing: Listing,
    state: State,
    read: Read,
    /// Where the list begins for this walk.
    pub(super) origin: u64,
    /// The position behind the last page that was joined.
    end: u64,
    /// How many pages have been joined.
    joined: u64,
    /// Records that the pages behind the first are asked for.
    pub(super) ask: u64,
    /// By how many records pages overlap: one, or none where the server gives only one at a time.
    overlap: u64,
    /// The latest total.
    total: Option<u64>,
    form: Form,
    /// Why the server's next link cannot be followed.
    refusal: Option<&'static ProtocolError>,
    /// Pages asked for ahead of their turn, in order.
    ahead: VecDeque<Ahead<Fetched<T::Records>>>,
    /// How many they may be.
    ahead_at_most: Rc<Cell<usize>>,
    /// The position behind the last page asked for.
    planned: u64,
    /// Pages that share no record with what was read, the nearest last.
    loose: Vec<Loose<T::Records>>,
    /// How far the next step back goes.
    step: u64,
    /// Joined pages in a row that brought nothing new.
    idle: u32,
    /// Those of them that held no more than their seam.
    dry: u32,
    /// Records wanted, if not all.
    at_most: Option<u64>,
    delivered: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Walking,
    Ended,
}

struct Loose<R> {
    page: Fetched<R>,
    /// How many pages had been joined when it came.
    since: u64,
    /// It was asked for when everything before it had come.
    in_turn: bool,
}

/// Records may arrive in front as fast as a walk goes on, but hardly for so many pages: this server turns in circles.
const IDLE_AT_MOST: u32 = 1000;
/// A page that only holds its seam, though a next is given, so often in a row.
const DRY_AT_MOST: u32 = 3;
/// How much further the server is asked when it seems to ignore the offset. A list that moves by just these steps in
/// just these moments is not to be feared.
const PROBES: [u64; 2] = [1, 8];

impl<T: Lists, C: Clock> Walk<T, C> {
    /// A walk that has sent nothing yet.
    pub fn new(client: Rc<Client<T, C>>, listing: Listing, abort: Abort) -> Self {
        let (origin, end) = match &listing.cursor {
            Some(cursor) => (cursor.origin, cursor.end),
            None => {
                let offset = listing.query.offset().map_or(0, Offset::get);
                (offset, offset)
            }
        };
        let limit = u64::from(listing.query.limit().get());
        let ahead_at_most = Rc::new(Cell::new(client.concurrency()));
        Self {
            asking: Asking { client, abort, tally: None, people: listing.people },
            listing,
            state: State::Fresh,
            read: Read::default(),
            origin,
            end,
            joined: 0,
            ask: limit.saturating_add(1).min(u64::from(Limit::MAX.get())),
            overlap: 1,
            total: None,
            form: Form::Query,
            refusal: None,
            ahead: VecDeque::new(),
            ahead_at_most,
            planned: end,
            loose: Vec::new(),
            step: 1,
            idle: 0,
            dry: 0,
            at_most: None,
            delivered: 0,
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

    /// Whether there is certainly no page behind the last one.
    pub fn is_over(&self) -> bool {
        self.state == State::Ended
    }

    /// The next page that brings something new, or `None` behind the last one. A list without records has one page,
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

    /// The next page that joins on to what was read.
    async fn next_joinable(&mut self) -> Result<Fetched<T::Records>, Error> {
        loop {
            let Some(loose) = self.loose.pop() else {
                let page = self.next_planned().await?;
                self.loose.push(page);
                continue;
            };
            if self.joins(&loose) {
                self.step = 1;
                return Ok(loose.page);
            }
            if !loose.in_turn && self.read.agrees_with(&loose.page) == Some(false) {
                self.give_up_ahead();
                self.step = 1;
                let page = self.fetch(self.before(self.end), self.ask).await?;
                self.loose.push(Loose { page, since: self.joined, in_turn: true });
                continue;
            }
            let joined_since = self.joined > loose.since;
            if joined_since && self.end >= loose.page.end() {
                // The walk has come past it by pages that do join: it is a moment that nobody needs any more.
                continue;
            }
            let (start, size) = if joined_since || !loose.in_turn || self.end <= loose.page.start {
                self.step = 1;
                (self.before(self.end), self.ask)
            } else {
                let start = loose.page.start.saturating_sub(self.step).max(self.origin);
                let size = self.ask.saturating_add(self.step).min(u64::from(Limit::MAX.get()));
                self.step = self.step.saturating_mul(2);
                (start, size)
            };
            self.loose.push(loose);
            let page = self.fetch(start, size).await?;
            self.loose.push(Loose { page, since: self.joined, in_turn: true });
        }
    }

    /// Whether the server gives the same records from wherever they are asked for, and these are the whole list.
    ///
    /// # Errors
    /// [`Error::Protocol`] where there is or may be more than these.
    async fn offset_is_ignored(&self, page: &Fetched<T::Records>) -> Result<bool, Error> {
        if self.form.is_opaque() {
            return Err(Error::Protocol(&NO_PROGRESS));
        }
        for distance in PROBES {
            let probe = self.fetch(page.start.saturating_add(distance), page.asked).await?;
            if probe.keys != page.keys {
                return Ok(false);
            }
        }
        let blind = page.total.is_none() && page.next.is_hidden();
        let limit = u64::from(self.listing.query.limit().get());
        if blind && page.len() < limit { Ok(true) } else { Err(Error::Protocol(&NO_PROGRESS)) }
    }

    /// Whether nothing can be missing between what was read and a page.
    fn joins(&self, loose: &Loose<T::Records>) -> bool {
        let page = &loose.page;
        if !loose.in_turn {
            return self.overlap == 0 || self.read.agrees_with(page) == Some(true);
        }
        let by_position = self.overlap == 0 || self.form.is_opaque();
        page.start <= self.origin
            || by_position
            || self.read.shares_a_record_with(page)
            || self.read.goes_on_in(page, self.end)
            || !self.read.has_ids() && !page.has_ids()
    }

    /// Pages asked for ahead are moments that need not follow one another: a record that moves within the list may stand
    /// in one of them where it was before it was read elsewhere, and would make a false seam. So they count only as long
    /// as the list stands still; the first sign of movement, and all that are under way are given up.
    fn give_up_ahead(&mut self) {
        self.ahead.clear();
        self.loose.retain(|loose| loose.in_turn);
    }

    /// The position of the seam of a page that goes on at `end`.
    pub(super) fn before(&self, end: u64) -> u64 {
        // A link that tells no offset cannot be set back.
        let overlap = if self.form.is_opaque() { 0 } else { self.overlap };
        end.saturating_sub(overlap).max(self.origin)
    }

    /// Takes `page` as read.
    fn join(&mut self, mut page: Fetched<T::Records>) -> Result<Joined<T::Records>, Error> {
        if self.form.is_opaque() && page.next.is_hidden() {
            // Links were the only way on, and this page has none.
            page.next = Next::Nowhere;
        }
        let mut new = self.read.new_in(&page, self.end);
        let behind = self.read.behind_seams(&page);
        new.retain(|&index| index >= behind);
        let mut end = page.end();
        if let Some(most) = self.at_most {
            let wanted = usize::try_from(most.saturating_sub(self.delivered)).unwrap_or(usize::MAX);
            // The cursor goes on with the first record that is left out.
            if let Some(&left_out) = new.get(wanted) {
                end = page.start.saturating_add(u64::try_from(left_out).unwrap_or(u64::MAX));
            }
            new.truncate(wanted);
        }
        let brings_new = !new.is_empty();
        let runs_dry = !brings_new && page.len() <= self.overlap;
        self.read.take(&page, &new);
        self.joined = self.joined.saturating_add(1);
        self.end = end;
        self.total = page.total.or(self.total);

        let verdict = Evidence::of(&page, runs_dry, self.listing.paging).verdict();
        self.idle = if brings_new { 0 } else { self.idle.saturating_add(1) };
        self.dry = if runs_dry { self.dry.saturating_add(1) } else { 0 };
        if verdict == Verdict::GoOn && (self.idle >= IDLE_AT_MOST || self.dry >= DRY_AT_MOST) {
            return Err(Error::Protocol(&NO_PROGRESS));
        }
        match verdict {
            Verdict::GoOn => self.prepare_next(&page),
            Verdict::End => self.state = State::Ended,
            Verdict::EndShort => {
                self.state = State::Ended;
                self.asking.client.tell(|| Event::Warning(&TOTAL_NOT_REACHED));
            }
        }

        let first_new = new.first().and_then(|&index| u64::try_from(index).ok());
        let offset = first_new.map_or(page.end(), |index| page.start.saturating_add(index));
        let count = u64::try_from(new.len()).unwrap_or(u64::MAX);
        self.delivered = self.delivered.saturating_add(count);
        let all = new.len() == page.keys.len();
        let keys = new.iter().filter_map(|&index| page.keys.get(index).copied()).collect();
        let cursor = Cursor::behind(self.listing.fingerprint(), self.origin, self.end, self.read.order());
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
        Ok(if brings_new { Joined::New(page) } else { Joined::Nothing(page) })
    }

    /// Learns from `page` how to ask for the next one.
    fn prepare_next(&mut self, page: &Fetched<T::Records>) {
        if page.len() < page.asked {
            // The server has a bound of its own; pages asked for ahead must not leave gaps.
            if page.len() == 1 {
                self.overlap = 0;
            } else if page.len() > 1 && (self.joined == 1 || page.len() >= self.ask / 2) {
                self.ask = self.ask.min(page.len());
            }
        }
        self.refusal = self.form.follow(&page.next, page.start).err();
    }

    /// The next page in turn, with more asked for behind it.
    async fn next_planned(&mut self) -> Result<Loose<T::Records>, Error> {
        if let Some(error) = self.refusal.take() {
            return Err(Error::Protocol(error));
        }
        self.plan();
        let (page, in_turn) = match self.ahead.pop_front() {
            Some(ahead) => (ahead.outcome().await?, false),
            None => (self.fetch(self.before(self.end), self.ask).await?, true),
        };
        Ok(Loose { page, since: self.joined, in_turn })
    }

    /// Asks for pages ahead, as far as it is known that there are any.
    fn plan(&mut self) {
        let Some(total) = self.total else { return };
        if self.form.is_opaque() {
            return;
        }
        if self.ahead.is_empty() {
            self.planned = self.end;
        }
        let most = self.ahead_at_most.get().max(1);
        while self.ahead.len() < most && self.planned < total && !self.has_enough_ahead() {
            let start = self.before(self.planned);
            let fetching = self.fetch(start, self.ask);
            self.ahead.push_back(Ahead::start(fetching, self.asking.client.clock()));
            self.planned = start.saturating_add(self.ask);
        }
    }

    fn has_enough_ahead(&self) -> bool {
        let coming = self.planned.saturating_sub(self.end);
        self.at_most.is_some_and(|most| self.delivered.saturating_add(coming) >= most)
    }

    pub(super) fn fetch(
        &self,
        start: u64,
        size: u64,
    ) -> impl Future<Output = Result<Fetched<T::Records>, Error>> + 'static + use<T, C> {
        let url = self.form.url(self.asking.client.base(), &self.listing, self.origin, start, size);
        fetch(self.asking.clone(), url, start, size)
    }
}

/// What a page brought to the walk.
enum Joined<R> {
    New(Page<R>),
    /// Only records that were read before.
    Nothing(Page<R>),
}

static NO_PROGRESS: ProtocolError = ProtocolError {
    code: "no-progress",
    message: "the server answers different offsets with the same records, so that the rest of the list cannot be read",
};
static PAGING_HIDDEN: Warning = Warning {
    code: "paging-hidden",
    message: "the answer shows neither Link nor X-Total-Count (in a web page: the server does not expose them to it); all \
              records are read all the same, one page after the other",
};
static TOTAL_NOT_REACHED: Warning = Warning {
    code: "total-not-reached",
    message: "the list ends before the number of records that X-Total-Count says; all that the server gave was delivered",
};
