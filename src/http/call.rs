//! One request to be made, whatever number of attempts it takes.

use super::{Accept, ClockReading, Content};
use crate::api::{LIMIT, decimal};
use crate::uri::{Uri, replace_query_parameter};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// One request to be made, whatever number of attempts it takes.
#[derive(Clone, Debug)]
pub struct Call {
    /// HTTP method.
    pub method: &'static str,
    /// Absolute URL, on the client's own origin.
    pub url: String,
    /// How to read the answer.
    pub accept: Accept,
    /// The request's content.
    pub content: Option<Content>,
    /// When it may be sent again.
    pub retry_policy: RetryPolicy,
    /// Where its requests are counted.
    pub tally: Option<Rc<Tally>>,
    /// The number of records that it asks for, if it may be reduced.
    pub page_size: Option<Rc<ShrinkingSize>>,
}

/// The size of a page, which is halved if the server cannot give as much at once.
#[derive(Debug)]
pub struct ShrinkingSize(Cell<u64>);

impl ShrinkingSize {
    /// Begins with `size` records.
    pub fn of(size: u64) -> Self {
        Self(Cell::new(size))
    }

    /// The number of records asked for now.
    pub fn size(&self) -> u64 {
        self.0.get()
    }
}

/// When a call may be sent again after an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryPolicy {
    /// Whenever another attempt may succeed.
    Always,
    /// Only if the server has certainly not acted on it: see [`crate::error::Error::leaves_outcome_unknown`].
    UnlessActedOn,
}

/// Counts the requests of calls, retries included.
#[derive(Debug, Default)]
pub struct Tally {
    /// Requests sent.
    pub requests: Cell<u64>,
    /// Requests that were not their call's first.
    pub retries: Cell<u64>,
    /// Bytes of content sent.
    pub bytes: Cell<u64>,
    /// What the `Date` of their answers says about the server's clock.
    dates: RefCell<Vec<ClockReading>>,
    /// Whether a request is in flight.
    in_flight: Cell<bool>,
    /// Whether the server may have acted on a request that ended without an answer of its own.
    in_doubt: Cell<bool>,
    /// Whether a request was sent after that.
    resent: Cell<bool>,
}

impl Tally {
    /// What the `Date` of the answers (RFC 9110 §6.6.1) says about the server's clock; empty if none could be read.
    pub fn dates(&self) -> Vec<ClockReading> {
        self.dates.borrow().clone()
    }

    /// Whether the server may have acted on a request without the client knowing. Meaningful only if calls are made one
    /// at a time.
    pub fn is_in_doubt(&self) -> bool {
        self.in_flight.get() || self.in_doubt.get()
    }

    /// Whether a request was sent again that the server may have acted on.
    pub fn is_resent(&self) -> bool {
        self.resent.get()
    }
}

impl Call {
    /// A GET.
    pub fn get(url: String, accept: Accept) -> Self {
        Self {
            method: "GET",
            url,
            accept,
            content: None,
            retry_policy: RetryPolicy::Always,
            tally: None,
            page_size: None,
        }
    }

    /// A POST that is acknowledged by 200: the API gives no other status for it.
    pub fn post(url: String, content: Content, retry_policy: RetryPolicy, tally: Rc<Tally>) -> Self {
        Self {
            method: "POST",
            url,
            accept: Accept::Acknowledgement(&[200]),
            content: Some(content),
            retry_policy,
            tally: Some(tally),
            page_size: None,
        }
    }

    /// A DELETE, acknowledged by 204, which the API was seen to give, or by 200, which means the same (RFC 9110
    /// §9.3.5).
    pub fn delete(url: String) -> Self {
        Self { method: "DELETE", ..Self::get(url, Accept::Acknowledgement(&[200, 204])) }
    }

    /// The same call, with its requests counted in `tally`.
    #[must_use]
    pub fn counted(mut self, tally: Option<Rc<Tally>>) -> Self {
        self.tally = tally;
        self
    }

    /// The same call, which asks for fewer records if the server cannot give as many.
    #[must_use]
    pub fn with_page_size(mut self, page_size: Option<Rc<ShrinkingSize>>) -> Self {
        self.page_size = page_size;
        self
    }

    /// Whether it can ask for fewer records.
    pub(super) fn can_be_halved(&self) -> bool {
        self.page_size.as_ref().is_some_and(|page_size| page_size.size() > 1)
    }

    /// Asks for half as many records from now on; `false` if it cannot.
    pub(super) fn halve(&self) -> bool {
        let Some(ShrinkingSize(size)) = self.page_size.as_deref().filter(|page_size| page_size.size() > 1)
        else {
            return false;
        };
        // Rounded up: a page of two can overlap with the one before it, a page of one cannot.
        size.set(size.get().div_ceil(2));
        true
    }

    /// The URL of the next request.
    pub(super) fn target(&self) -> String {
        match &self.page_size {
            Some(page_size) => replace_query_parameter(&self.url, LIMIT, &decimal(page_size.size())),
            None => self.url.clone(),
        }
    }

    /// The path without the query, which is what errors and events may show.
    pub(super) fn path(&self) -> Rc<str> {
        let path = Uri::split(&self.url).path;
        Rc::from(if path.is_empty() { "/" } else { path })
    }

    /// Counts a request that is about to be sent.
    pub(super) fn count(&self, attempt: u32) {
        let Some(tally) = &self.tally else { return };
        tally.in_flight.set(true);
        tally.resent.set(tally.resent.get() || tally.in_doubt.get());
        let add = |cell: &Cell<u64>, number: u64| cell.set(cell.get().saturating_add(number));
        add(&tally.requests, 1);
        add(&tally.retries, u64::from(attempt > 1));
        let size = self.content.as_ref().map_or(0, |content| content.bytes.len());
        add(&tally.bytes, u64::try_from(size).unwrap_or(u64::MAX));
    }

    /// Notes the `Date` of an answer whose request was sent at `sent` and which came at `received`.
    pub(super) fn answered(&self, sent: u64, received: u64, date: Option<i64>) {
        if let (Some(tally), Some(date)) = (&self.tally, date) {
            ClockReading::note(&mut tally.dates.borrow_mut(), sent, received, date);
        }
    }

    /// Notes how the request ended.
    pub(super) fn ended(&self, in_doubt: bool) {
        let Some(tally) = &self.tally else { return };
        tally.in_flight.set(false);
        tally.in_doubt.set(in_doubt || tally.in_doubt.get());
    }
}
