//! One query of its caller over any stretch of update time: the walks over its spans, one behind the other.

use super::clocks::Clocks;
use super::job::{ASK_AT_MOST, ask};
use super::seen::{Mark, Seen};
use super::shelf::Room;
use super::span::{LONGEST, SEAM, Span};
use super::update_stamp::UpdateStamp;
use crate::api::{Path, Query, QueryInit};
use crate::clock::Clock;
use crate::error::{Error, OptionError};
use crate::http::{Abort, Client, Tally};
use crate::pages::{ListQuery, ListTransport, Page, Paging, RecordList, Walk};
use std::rc::Rc;

/// A query over a stretch of update time, checked.
#[derive(Clone, Debug)]
pub struct Spans {
    path: Path,
    init: QueryInit,
    first: Span,
    until: Option<i64>,
    /// In which span to begin, and behind which cursor.
    cursor: Option<(u64, String)>,
}

impl Spans {
    /// The records at `path` that `init` selects, from its `updated_since` to its `updated_before`, or to now.
    ///
    /// # Errors
    /// An option that [`Query::new`] refuses; `updatedSince` that is missing; `offset` together with a stretch that takes more than
    /// one query; a cursor that is none of this query.
    pub fn new(path: Path, init: QueryInit, cursor: Option<&str>) -> Result<Self, OptionError> {
        Query::new(init.clone())?;
        let Some(since) = init.updated_since else {
            return Err(OptionError::new(
                "updatedSince",
                "`updatedSince` is missing: a batch query says from when on; without it the API gives the last 24 hours only",
            ));
        };
        let until = init
            .updated_before
            .map(|before| before.unix_seconds().saturating_add(i64::from(before.subsec_nanos() > 0)));
        let first = Span::first(since.unix_seconds(), until);
        if init.offset.is_some() && until != Some(first.before) {
            return Err(OptionError::new(
                "offset",
                "`offset` counts in one list, and a stretch of more than 31 days, or one without `updatedBefore`, is read as \
                 several; leave it out, give `updatedBefore`, or go on with `cursor`",
            ));
        }
        let cursor = cursor.map(|text| numbered(text).ok_or_else(unknown_cursor)).transpose()?;
        let spans = Self { path, init, first, until, cursor };
        // A cursor of another query is told where it is given, not where it is used.
        if let Some((number, cursor)) = &spans.cursor {
            let span = spans.span(*number).ok_or_else(unknown_cursor)?;
            spans.listing(span, Some(cursor))?;
        }
        Ok(spans)
    }

    /// The span of this number, from 0.
    fn span(&self, number: u64) -> Option<Span> {
        if number == 0 {
            return Some(self.first);
        }
        let step = LONGEST - SEAM;
        let since = self.first.since.checked_add(step.checked_mul(i64::try_from(number).ok()?)?)?;
        self.until.is_none_or(|until| since < until - SEAM).then(|| Span::first(since, self.until))
    }

    fn listing(&self, span: Span, cursor: Option<&str>) -> Result<ListQuery, OptionError> {
        let query = span.query(&self.init)?;
        Ok(ListQuery::new(self.path.clone(), query, Paging::Pages, cursor)?.of_many_people())
    }
}

/// A cursor of the first span is as it is; others have the number of their span in front.
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

/// A span, and the walk over its list.
type Stretch<T, C> = (Span, Walk<T, C>);

/// A walk over all spans. Dropping it cancels what is in flight.
pub struct SpanWalk<T: ListTransport, C: Clock> {
    client: Rc<Client<T, C>>,
    abort: Abort,
    tally: Rc<Tally>,
    clocks: Clocks,
    /// How often the server's clock was asked for alone.
    asked: u32,
    spans: Spans,
    number: u64,
    /// The span that is being walked.
    current: Option<Stretch<T, C>>,
    /// What was in the second in which this span and the next one overlap.
    seam: Seen,
    seam_size: u64,
    at_most: Option<u64>,
    delivered: u64,
    /// The first page, if it was empty: what is given where all are.
    empty: Option<Page<T::Records>>,
    is_over: bool,
}

impl<T: ListTransport, C: Clock> SpanWalk<T, C> {
    /// A walk that has sent nothing yet.
    pub fn new(client: Rc<Client<T, C>>, spans: Spans, abort: Abort) -> Self {
        let number = spans.cursor.as_ref().map_or(0, |(number, _)| *number);
        let clocks = Clocks::new(client.clock().now(), client.clock().monotonic(), 0);
        Self {
            client,
            abort,
            tally: Rc::default(),
            clocks,
            asked: 0,
            spans,
            number,
            current: None,
            seam: Seen::new(Room::default().most()),
            seam_size: 0,
            at_most: None,
            delivered: 0,
            empty: None,
            is_over: false,
        }
    }

    /// The same walk, for at most so many records: it asks for no page more than they need.
    #[must_use]
    pub fn at_most(mut self, records: u64) -> Self {
        self.at_most = Some(records);
        self
    }

    /// The next page that brings something new, or `None` behind the last one of the last span. Where there is nothing at all,
    /// one empty page.
    ///
    /// # Errors
    /// Those of [`Walk::next`]. The walk is over then.
    pub async fn next(&mut self) -> Result<Option<Page<T::Records>>, Error> {
        let page = self.advance().await;
        if !matches!(page, Ok(Some(_))) {
            self.is_over = true;
            self.current = None;
        }
        page
    }

    async fn advance(&mut self) -> Result<Option<Page<T::Records>>, Error> {
        while !self.is_over {
            let left = self.at_most.map(|most| most.saturating_sub(self.delivered));
            if left == Some(0) {
                break;
            }
            let Some((span, mut walk)) =
                self.current.take().map_or_else(|| self.begin(left), |current| Ok(Some(current)))?
            else {
                break;
            };
            let page = walk.next().await?;
            if page.is_none() || walk.is_over() {
                self.number = self.number.saturating_add(1);
                self.is_over = self.is_last(span).await?;
            } else {
                self.current = Some((span, walk));
            }
            let Some(page) = page else { continue };
            let page = self.new_in(page, span, left);
            if !page.keys.is_empty() {
                return Ok(Some(page));
            }
            if self.delivered == 0 {
                self.empty.get_or_insert(page);
            }
        }
        Ok(if self.delivered == 0 { self.empty.take() } else { None })
    }

    fn begin(&mut self, left: Option<u64>) -> Result<Option<Stretch<T, C>>, Error> {
        let Some(span) = self.spans.span(self.number) else { return Ok(None) };
        let cursor = self.spans.cursor.take().map(|(_, cursor)| cursor);
        let listing = self.spans.listing(span, cursor.as_deref())?;
        let walk = Walk::new(self.client.clone(), listing, self.abort.clone()).counted(&self.tally);
        // Those that the last span had as well do not count.
        let walk = match left {
            Some(left) => walk.at_most(left.saturating_add(self.seam_size)),
            None => walk,
        };
        self.seam_size = 0;
        Ok(Some((span, walk)))
    }

    /// Whether nothing lies behind a span: all that was asked for is read, or all that there is.
    ///
    /// # Errors
    /// The end of the walk.
    async fn is_last(&mut self, span: Span) -> Result<bool, Error> {
        if let Some(until) = self.spans.until {
            return Ok(span.before >= until);
        }
        // A span too many costs a request, and one too few what is in it: the latest clock counts. One answer alone is not
        // believed, as it might say that there are decades to read.
        loop {
            let now = self.client.clock().monotonic();
            if let Some(is_past) = self.clocks.is_past(span, &self.tally.dates(), now) {
                return Ok(!is_past);
            }
            if self.asked >= ASK_AT_MOST {
                return Ok(!self.clocks.seems_past(span, &self.tally.dates(), now));
            }
            self.asked = self.asked.saturating_add(1);
            let now = self.clocks.host_seconds();
            let asked = ask(&self.client, &self.spans.path, now, &self.tally, &self.abort).await;
            if let Err(error @ (Error::Aborted | Error::Closed)) = asked {
                return Err(error);
            }
        }
    }

    /// `page` without what the span before had as well.
    fn new_in(&mut self, page: Page<T::Records>, span: Span, left: Option<u64>) -> Page<T::Records> {
        let most = left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        let mut new = Vec::with_capacity(page.keys.len());
        let stamps = UpdateStamp::of_records(&page.records);
        for (index, (key, stamp)) in page.keys.iter().zip(stamps).enumerate() {
            let mark = Mark::of(*key, stamp);
            if mark.is_some_and(|mark| self.seam.has(mark)) || new.len() >= most {
                continue;
            }
            new.push(index);
            if let Some(mark) = mark.filter(|mark| mark.at() >= span.before.saturating_sub(2 * SEAM)) {
                self.seam.insert(mark);
                self.seam_size = self.seam_size.saturating_add(1);
            }
        }
        self.delivered = self.delivered.saturating_add(u64::try_from(new.len()).unwrap_or(u64::MAX));
        let cursor = match (self.current.is_some(), self.number) {
            // The page ends its span.
            (false, number) => number.saturating_sub(1),
            (true, number) => number,
        };
        let cursor = match cursor {
            0 => page.cursor,
            number => [&crate::api::decimal(number), ".", &page.cursor].concat(),
        };
        let all = new.len() == page.keys.len();
        let keys = if all {
            page.keys
        } else {
            new.iter().filter_map(|&index| page.keys.get(index).copied()).collect()
        };
        let records = if all { page.records } else { page.records.select(&new) };
        Page { records, keys, cursor, ..page }
    }
}
