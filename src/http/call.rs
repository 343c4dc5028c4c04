//! One thing to ask for or to send.

use super::{Accept, Content, Dated};
use crate::api::decimal;
use crate::uri::{Uri, replace_query_parameter};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// One thing to ask for or to send.
#[derive(Clone, Debug)]
pub struct Call {
    /// HTTP method.
    pub method: &'static str,
    /// Absolute URL, on the client's own origin.
    pub url: String,
    /// How to read the answer.
    pub accept: Accept,
    /// What is sent along.
    pub content: Option<Content>,
    /// When it may be sent again.
    pub repeat: Repeat,
    /// Where its requests are counted.
    pub tally: Option<Rc<Tally>>,
    /// How many records it asks for, where it may ask for fewer.
    pub halving: Option<Rc<Halving>>,
}

/// The size of a page, which is halved where the server cannot give as much at once.
#[derive(Debug)]
pub struct Halving(Cell<u64>);

impl Halving {
    /// So many records at first.
    pub fn of(size: u64) -> Self {
        Self(Cell::new(size))
    }

    /// How many are asked for now.
    pub fn size(&self) -> u64 {
        self.0.get()
    }
}

/// When a call may be sent again after an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Whenever another attempt may do better.
    Always,
    /// Only where the server has certainly not acted on it: see [`crate::error::Error::leaves_outcome_unknown`].
    WhereNotActedOn,
}

/// What calls came to, retries included.
#[derive(Debug, Default)]
pub struct Tally {
    /// Requests sent.
    pub requests: Cell<u64>,
    /// Those of them that were not a call's first.
    pub retries: Cell<u64>,
    /// Bytes of content sent.
    pub bytes: Cell<u64>,
    /// What their `Date` says of the server's clock.
    dates: RefCell<Vec<Dated>>,
    /// A request is under way.
    in_flight: Cell<bool>,
    /// The server may have acted on one that is not.
    in_doubt: Cell<bool>,
    /// Another one was sent after that.
    resent: Cell<bool>,
}

impl Tally {
    /// What the `Date` of the answers (RFC 9110 §6.6.1) says of the server's clock; nothing where none could be read.
    pub fn dates(&self) -> Vec<Dated> {
        self.dates.borrow().clone()
    }

    /// Whether the server may have acted on a request without the client knowing it. Only told of calls one at a time.
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
        Self { method: "GET", url, accept, content: None, repeat: Repeat::Always, tally: None, halving: None }
    }

    /// A POST that 200 acknowledges: the API gives no other status for it.
    pub fn post(url: String, content: Content, repeat: Repeat, tally: Rc<Tally>) -> Self {
        Self {
            method: "POST",
            url,
            accept: Accept::Acknowledgement(&[200]),
            content: Some(content),
            repeat,
            tally: Some(tally),
            halving: None,
        }
    }

    /// A DELETE: 204 is what was recorded, and a 200 says the same in the words of HTTP (RFC 9110 §9.3.5).
    pub fn delete(url: String) -> Self {
        Self { method: "DELETE", ..Self::get(url, Accept::Acknowledgement(&[200, 204])) }
    }

    /// The same call, whose requests are counted in `tally`.
    #[must_use]
    pub fn counted(mut self, tally: Option<Rc<Tally>>) -> Self {
        self.tally = tally;
        self
    }

    /// The same call, which asks for fewer records where it does not get as many.
    #[must_use]
    pub fn halved(mut self, halving: Option<Rc<Halving>>) -> Self {
        self.halving = halving;
        self
    }

    /// Whether it may ask for fewer records than it does.
    pub(super) fn can_be_halved(&self) -> bool {
        self.halving.as_ref().is_some_and(|halving| halving.size() > 1)
    }

    /// Asks for half as many records from now on; `false` where it cannot.
    pub(super) fn halve(&self) -> bool {
        let Some(Halving(size)) = self.halving.as_deref().filter(|halving| halving.size() > 1) else {
            return false;
        };
        // Rounded up: a page of two overlaps with the one before it, and a page of one with nothing.
        size.set(size.get().div_ceil(2));
        true
    }

    /// The URL of the next request.
    pub(super) fn target(&self) -> String {
        match &self.halving {
            Some(halving) => replace_query_parameter(&self.url, "limit", &decimal(halving.size())),
            None => self.url.clone(),
        }
    }

    /// The path, without the query: what errors and events may show.
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

    /// Takes note of an answer that was asked for at `sent`, came at `received` and has this `Date`.
    pub(super) fn answered(&self, sent: u64, received: u64, date: Option<i64>) {
        if let (Some(tally), Some(date)) = (&self.tally, date) {
            Dated::note(&mut tally.dates.borrow_mut(), sent, received, date);
        }
    }

    /// Takes note of how the request ended.
    pub(super) fn ended(&self, in_doubt: bool) {
        let Some(tally) = &self.tally else { return };
        tally.in_flight.set(false);
        tally.in_doubt.set(in_doubt || tally.in_doubt.get());
    }
}
