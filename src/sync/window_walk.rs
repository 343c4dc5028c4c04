//! One query of the caller over any stretch of update time: a walk over each of its windows in turn.

use super::clock_request::{MAX_CLOCK_REQUESTS, request_clock};
use super::mark_slots::MarkCapacity;
use super::marks::{Mark, MarkSet};
use super::server_clock::ClockEstimator;
use super::update_stamp::UpdateStamp;
use super::window::{SHARED_SECONDS, Window};
use super::windowed_query::WindowedQuery;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Client, Tally};
use crate::pages::{ListTransport, Page, PageCursor, RecordList, Walk};
use std::rc::Rc;

/// A window, and the walk over its list.
type CurrentWindow<T, C> = (Window, Walk<T, C>);

/// A walk over all windows of a query. Dropping it cancels the requests in flight.
pub struct WindowWalk<T: ListTransport, C: Clock> {
    client: Rc<Client<T, C>>,
    abort: Abort,
    tally: Rc<Tally>,
    clock_estimator: ClockEstimator,
    /// How many requests were sent only for the server's clock.
    clock_requests: u32,
    query: WindowedQuery,
    number: u64,
    /// The window that is being walked.
    current: Option<CurrentWindow<T, C>>,
    /// Records of the second that this window shares with the next one.
    shared: MarkSet,
    shared_records: u64,
    at_most: Option<u64>,
    delivered: u64,
    /// The first page if it was empty: returned if all pages are.
    empty: Option<Page<T::Records>>,
    is_over: bool,
}

impl<T: ListTransport, C: Clock> WindowWalk<T, C> {
    /// A walk that has sent nothing yet.
    pub fn new(client: Rc<Client<T, C>>, query: WindowedQuery, abort: Abort) -> Self {
        let number = query.cursor.as_ref().map_or(0, |(number, _)| *number);
        let clock_estimator = ClockEstimator::new(client.clock().now(), client.clock().monotonic(), 0);
        Self {
            client,
            abort,
            tally: Rc::default(),
            clock_estimator,
            clock_requests: 0,
            query,
            number,
            current: None,
            shared: MarkSet::new(MarkCapacity::default().max_marks()),
            shared_records: 0,
            at_most: None,
            delivered: 0,
            empty: None,
            is_over: false,
        }
    }

    /// Limits the walk to this many records: it requests no page beyond them.
    #[must_use]
    pub fn at_most(mut self, records: u64) -> Self {
        self.at_most = Some(records);
        self
    }

    /// The next page that has new records, or `None` after the last page of the last window. If there are no records at
    /// all, one empty page. After an error the walk is over.
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
            let Some((window, mut walk)) =
                self.current.take().map_or_else(|| self.begin(left), |current| Ok(Some(current)))?
            else {
                break;
            };
            let page = walk.next().await?;
            if page.is_none() || walk.is_over() {
                self.number = self.number.saturating_add(1);
                self.is_over = self.is_last(window).await?;
            } else {
                self.current = Some((window, walk));
            }
            let Some(page) = page else { continue };
            let page = self.new_in(page, window, left);
            if !page.keys.is_empty() {
                return Ok(Some(page));
            }
            if self.delivered == 0 {
                self.empty.get_or_insert(page);
            }
        }
        Ok(if self.delivered == 0 { self.empty.take() } else { None })
    }

    fn begin(&mut self, left: Option<u64>) -> Result<Option<CurrentWindow<T, C>>, Error> {
        let Some(window) = self.query.nth_window(self.number) else { return Ok(None) };
        let cursor = self.query.cursor.take().map(|(_, cursor)| cursor);
        let listing = self.query.listing(window, cursor.as_deref())?;
        let walk = Walk::new(self.client.clone(), listing, self.abort.clone()).counted(&self.tally);
        // Records that the last window had as well do not count.
        let walk = match left {
            Some(left) => walk.at_most(left.saturating_add(self.shared_records)),
            None => walk,
        };
        self.shared_records = 0;
        Ok(Some((window, walk)))
    }

    /// Whether `window` is the last one, because it reaches the query's end or the server's clock.
    async fn is_last(&mut self, window: Window) -> Result<bool, Error> {
        if let Some(until) = self.query.until {
            return Ok(window.before >= until);
        }
        // A window too many costs a request, a window too few loses its records: the latest clock counts. A single
        // answer is not believed, as it might mean decades to read.
        loop {
            let now = self.client.clock().monotonic();
            if let Some(is_past) = self.clock_estimator.is_past(window, &self.tally.dates(), now) {
                return Ok(!is_past);
            }
            if self.clock_requests >= MAX_CLOCK_REQUESTS {
                return Ok(!self.clock_estimator.seems_past(window, &self.tally.dates(), now));
            }
            self.clock_requests = self.clock_requests.saturating_add(1);
            let now = self.clock_estimator.host_seconds();
            let asked = request_clock(&self.client, &self.query.path, now, &self.tally, &self.abort).await;
            if let Err(error @ (Error::Aborted | Error::Closed)) = asked {
                return Err(error);
            }
        }
    }

    /// `page` without the records that the window before had as well.
    fn new_in(&mut self, page: Page<T::Records>, window: Window, left: Option<u64>) -> Page<T::Records> {
        let most = left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        let mut new = Vec::with_capacity(page.keys.len());
        for (index, (key, stamp)) in page.keys.iter().zip(UpdateStamp::of_records(&page.records)).enumerate()
        {
            let mark = Mark::of(*key, stamp);
            if mark.is_some_and(|mark| self.shared.has(mark)) || new.len() >= most {
                continue;
            }
            new.push(index);
            if let Some(mark) =
                mark.filter(|mark| mark.at() >= window.before.saturating_sub(2 * SHARED_SECONDS))
            {
                self.shared.insert(mark);
                self.shared_records = self.shared_records.saturating_add(1);
            }
        }
        self.delivered = self.delivered.saturating_add(u64::try_from(new.len()).unwrap_or(u64::MAX));
        let list = match (self.current.is_some(), self.number) {
            // The page is the last of its window.
            (false, number) => number.saturating_sub(1),
            (true, number) => number,
        };
        let cursor = PageCursor { list, ..page.cursor };
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
