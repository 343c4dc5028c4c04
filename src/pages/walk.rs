//! The engine: pages in order, ahead of their reader, each joined to the one before by a seam; and over the list again where
//! something may have slipped through.

use super::ahead::Ahead;
use super::cursor::Count;
use super::fetch::{Asking, Fetched, fetch};
use super::form::Form;
use super::links::{Links, Next};
use super::page_size::PageSize;
use super::pass::{After, Kind, Pass, Repeat};
use super::read::Read;
use super::verdict::{Brought, Evidence, Verdict};
use super::{Cursor, Listing, Lists, Paging, RecordKey, Records};
use crate::api::{Limit, Offset};
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::http::{Abort, Client, Event, Halving, Tally, Warning};
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
    /// The position after the page.
    pub end: u64,
    /// Index of the first of them in the list.
    pub offset: u64,
    /// `X-Total-Count`.
    pub total_count: Option<u64>,
    /// The relations of the Link field.
    pub links: Links,
    /// Where to go on after this page.
    pub cursor: String,
    /// When the server read it.
    pub read_at: ReadAt,
}

/// When the server read a page from its data: not before its request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAt {
    /// When that was, on the monotonic clock.
    pub sent: u64,
    /// The answer's own `Date`, in seconds since the epoch, if it can be read.
    pub date: Option<i64>,
}

/// A walk over all pages of a list. Dropping it cancels what is in flight.
pub struct Walk<T: Lists, C: Clock> {
    asking: Asking<T, C>,
    listing: Listing,
    state: State,
    pub(super) read: Read,
    pass: Pass,
    /// Where the list begins for this walk.
    pub(super) origin: u64,
    /// The position after the last page that was joined.
    pub(super) end: u64,
    /// How many pages have been joined.
    joined: u64,
    pub(super) size: PageSize,
    /// The server gives one record at a time, or has done so once: a page that overlaps would bring nothing.
    one_at_a_time: bool,
    /// The latest total.
    total: Option<u64>,
    pub(super) form: Form,
    /// Why the server's next link cannot be followed.
    refusal: Option<&'static ProtocolError>,
    /// Pages asked for ahead of their turn, in order.
    ahead: VecDeque<Ahead<Fetched<T::Records>>>,
    /// How many they may be.
    ahead_at_most: Rc<Cell<usize>>,
    /// The position after the last page asked for.
    planned: u64,
    /// Pages that share no record with what was read, the nearest last.
    loose: Vec<Loose<T::Records>>,
    /// How far the next step back goes.
    step: u64,
    /// Joined pages in a row that brought nothing that this pass had not read.
    idle: u32,
    /// Those of them that ended with the last record of the list that is known, though there was room for more.
    at_edge: u32,
    /// Those of them that held no record at all, or no more than their seam, by [`DRYNESS`].
    dry: u32,
    /// Records wanted, if not all.
    at_most: Option<u64>,
    delivered: u64,
    /// What was counted before the cursor with which this walk began.
    before: Count,
    /// After the last page of a list that is read as a whole: where to go on from a page that was found at the front thereafter.
    settled: Option<Cursor>,
    is_resumed: bool,
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
/// Pages that bring nothing though the list is said to go on: what an empty one counts, what one counts that holds its seam (which may
/// have come short by chance), and how much it may be in a row.
const DRYNESS: (u32, u32, u32) = (4, 1, 12);
/// So many pages in a row that end with the last record known show the end of a list to whose front records come as fast as it is asked.
/// Fewer may have come short by chance.
const AT_EDGE_ENOUGH: u32 = 6;
/// How much further the server is asked when it seems to ignore the offset. A list that moves by just these steps in
/// just these moments is not to be feared.
const PROBES: [u64; 2] = [1, 8];
/// The same for a page of one record, which may come again by chance.
const PROBES_OF_ONE: [u64; 3] = [1, 8, 3];

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

    /// The next page that joins on to what was read.
    async fn next_joinable(&mut self) -> Result<Fetched<T::Records>, Error> {
        loop {
            let Some(loose) = self.loose.pop() else {
                let page = self.next_planned().await?;
                self.loose.push(page);
                continue;
            };
            let is_fresh = loose.since == self.joined;
            if self.one_at_a_time && is_fresh && loose.page.len() > 1 && loose.page.has_ids() {
                // It has become well again: from here on pages overlap.
                self.one_at_a_time = false;
                self.give_up_ahead();
                self.refetch().await?;
                continue;
            }
            if self.joins(&loose) {
                self.step = 1;
                return Ok(loose.page);
            }
            if !loose.in_turn && self.read.agrees_with(&loose.page) == Some(false) {
                self.give_up_ahead();
                self.pass.moved();
                self.refetch().await?;
                continue;
            }
            if !is_fresh && self.end >= loose.page.end() {
                // The walk has come past it by pages that do join: it is a moment that nobody needs any more.
                continue;
            }
            let (start, size) = if !is_fresh || !loose.in_turn || self.end <= loose.page.start {
                self.step = 1;
                (self.before(self.end), self.size.asked())
            } else {
                self.pass.moved();
                let start = loose.page.start.saturating_sub(self.step).max(self.origin);
                let size = self.size.asked().saturating_add(self.step).min(u64::from(Limit::MAX.get()));
                self.step = self.step.saturating_mul(2);
                (start, size)
            };
            self.loose.push(loose);
            let page = self.fetch(start, size).await?;
            self.loose.push(Loose { page, since: self.joined, in_turn: true });
        }
    }

    /// Asks for the next page anew, now that everything before it has come.
    async fn refetch(&mut self) -> Result<(), Error> {
        self.step = 1;
        let page = self.fetch(self.before(self.end), self.size.asked()).await?;
        self.loose.push(Loose { page, since: self.joined, in_turn: true });
        Ok(())
    }

    /// Whether the server gives the same records from wherever they are asked for, and these are the whole list.
    ///
    /// # Errors
    /// [`Error::Protocol`] where there is or may be more than these.
    async fn offset_is_ignored(&self, page: &Fetched<T::Records>) -> Result<bool, Error> {
        if self.form.is_opaque() {
            return Err(Error::Protocol(&NO_PROGRESS));
        }
        let probes = if page.len() > 1 { &PROBES[..] } else { &PROBES_OF_ONE[..] };
        for &distance in probes {
            let probe = self.fetch(page.start.saturating_add(distance), page.asked).await?;
            if probe.keys != page.keys {
                return Ok(false);
            }
        }
        let limit = u64::from(self.listing.query.limit().get());
        // A list that is given out at once, whatever is asked for, is as long as nobody asked for, or as it says itself.
        let is_whole = match page.total {
            Some(total) => page.len() >= total,
            None => page.len() < limit || page.len() > page.asked,
        };
        let goes_on = matches!(page.next, Next::At { .. } | Next::Opaque(_) | Next::Refused(_));
        if is_whole && !goes_on { Ok(true) } else { Err(Error::Protocol(&NO_PROGRESS)) }
    }

    /// Whether nothing can be missing between what was read and a page.
    fn joins(&self, loose: &Loose<T::Records>) -> bool {
        let page = &loose.page;
        if page.start <= self.origin && (loose.in_turn || self.end <= self.origin) {
            return true;
        }
        if self.one_at_a_time {
            return page.start == self.end;
        }
        if !loose.in_turn {
            return self.read.agrees_with(page) == Some(true);
        }
        self.form.is_opaque()
            || self.read.has_seam_in(page)
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

    /// The position from which a page is asked for that goes on at `end`.
    pub(super) fn before(&self, end: u64) -> u64 {
        // A link that tells no offset cannot be set back.
        let overlap = u64::from(!self.form.is_opaque() && !self.one_at_a_time);
        end.saturating_sub(overlap).max(self.origin)
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

    /// Notices whether the list has moved before `page`, and whether something may have slipped through.
    fn judge_movement(&mut self, page: &Fetched<T::Records>) {
        let has_shrunk = page.total.is_some_and(|total| self.pass.total(total));
        if !self.read.resumes_cleanly(page) {
            self.pass.doubt();
        }
        if self.form.is_opaque() || page.start <= self.origin {
            return;
        }
        if self.one_at_a_time {
            // Nothing overlaps, so nothing but a total shows whether the list has moved; of a single record, not even the page after it.
            let is_alone = self.joined == 1 && !self.is_resumed && page.total.is_none();
            // An empty page is no end where the server can bear no more than one record, or where the list has become shorter since.
            let is_odd_end = has_shrunk || self.size.asked() == 1;
            if page.len() > 0 || is_alone || is_odd_end {
                self.pass.doubt();
            }
            return;
        }
        if !self.read.stands_still_in(page, self.end) {
            self.pass.moved();
        }
        if self.read.has_ids() && !self.read.joins_cleanly(page) {
            self.pass.doubt();
        }
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

    /// The next page in turn, with more asked for after it.
    async fn next_planned(&mut self) -> Result<Loose<T::Records>, Error> {
        if let Some(error) = self.refusal.take() {
            return Err(Error::Protocol(error));
        }
        self.plan();
        let (page, in_turn) = match self.ahead.pop_front() {
            Some(ahead) => (ahead.outcome().await?, false),
            None => (self.fetch(self.before(self.end), self.size.asked()).await?, true),
        };
        Ok(Loose { page, since: self.joined, in_turn })
    }

    /// Asks for pages ahead, as far as it is known that there are any, and how many records each brings.
    fn plan(&mut self) {
        let Some(total) = self.total else { return };
        if self.form.is_opaque() || !self.size.is_steady() || self.pass.is_front() {
            return;
        }
        if self.ahead.is_empty() {
            self.planned = self.end;
        }
        let most = self.ahead_at_most.get().max(1);
        let size = self.size.asked();
        while self.ahead.len() < most && self.planned < total && !self.has_enough_ahead() {
            let start = self.before(self.planned);
            let fetching = self.fetch(start, size);
            self.ahead.push_back(Ahead::start(fetching, self.asking.client.clock()));
            self.planned = start.saturating_add(self.size.expected());
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

static NO_PROGRESS: ProtocolError = ProtocolError {
    code: "no-progress",
    message: "the server answers different offsets with the same records, so that the rest of the list cannot be read",
};
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
