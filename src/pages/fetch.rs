//! Asks for one page and reads the answer: the list at one moment.

use super::links::{self, Links};
use super::next_link::NextLink;
use super::page::AnswerTime;
use super::{ListTransport, People, RecordKey, RecordList};
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::http::{Abort, Accept, Body, Call, Client, ShrinkingSize, Tally, Transport};
use crate::uri::Uri;
use std::rc::Rc;

/// No page and no list in one answer has so many records: a longer answer would only fill the memory.
const MAX_RECORDS: usize = 100_000;
static TOO_MANY: ProtocolError = ProtocolError {
    code: "too-large",
    message: "the answer to a list query holds more than 100000 records, however many were asked for; is `baseUrl` the \
              API's?",
};
static NOT_A_LIST: ProtocolError = ProtocolError {
    code: "not-a-list",
    message: "the answer to a list query is not a JSON array; is `baseUrl` the API's, and the path that of a list?",
};

/// An answer, not yet joined to what was read before.
pub struct FetchedPage<R> {
    /// Position of the first record, as requested.
    pub start: u64,
    /// How many records were requested at first.
    pub wanted: u64,
    /// How many were requested in the end: fewer, if the server failed on a page of that size.
    pub asked: u64,
    /// When the server answered.
    pub answer_time: AnswerTime,
    /// One key for each record.
    pub keys: Vec<RecordKey>,
    /// The records themselves.
    pub records: R,
    /// `X-Total-Count`, at this moment.
    pub total: Option<u64>,
    /// The links, for the caller.
    pub links: Links,
    /// The server's next link.
    pub next: NextLink,
    /// The size of the largest page of this list that the client has seen, whatever the query.
    pub largest: u64,
}

impl<R> FetchedPage<R> {
    /// The number of records.
    pub fn len(&self) -> u64 {
        u64::try_from(self.keys.len()).unwrap_or(u64::MAX)
    }

    /// The position after the last record.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.len())
    }

    /// Whether there is no `Link` field because this is the only page: it has fewer records than were requested, and
    /// fewer than the server has sent of this list in one page, so that no page size of the server's own cut it short.
    pub fn is_alone(&self) -> bool {
        let is_first = matches!(self.next, NextLink::NoField) && self.start == 0;
        is_first && self.len() < self.asked.min(self.largest)
    }

    /// Whether any of its records has an id.
    pub fn has_ids(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, RecordKey::Id(_)))
    }
}

/// What all requests of a walk have in common.
pub struct FetchContext<T: Transport, C: Clock> {
    /// The client that sends them.
    pub client: Rc<Client<T, C>>,
    /// Aborts them.
    pub abort: Abort,
    /// Counts them, if the caller wants that.
    pub tally: Option<Rc<Tally>>,
    /// Whose records the list holds.
    pub people: People,
}

impl<T: Transport, C: Clock> Clone for FetchContext<T, C> {
    fn clone(&self) -> Self {
        let Self { client, abort, tally, people } = self;
        Self { client: client.clone(), abort: abort.clone(), tally: tally.clone(), people: *people }
    }
}

/// Requests the page at `url`, which asks for `wanted` records from position `start`. If the server fails on a page of
/// that size, `page_size` says to ask for fewer; without it the page can only be had whole.
///
/// If the list can be followed `by_links_only`, a page without a `Link` field is requested once more, as a proxy may
/// have dropped the field.
pub async fn fetch<T: ListTransport, C: Clock>(
    asking: FetchContext<T, C>,
    url: String,
    start: u64,
    wanted: u64,
    page_size: Option<Rc<ShrinkingSize>>,
    mut by_links_only: bool,
) -> Result<FetchedPage<T::Records>, Error> {
    let FetchContext { client, abort, tally, people } = asking;
    loop {
        let sent = client.clock().monotonic();
        let call =
            Call::get(url.clone(), Accept::Json).counted(tally.clone()).with_page_size(page_size.clone());
        let reply = client.call(call, &abort).await?;
        let asked = page_size.as_ref().map_or(wanted, |page_size| page_size.size());
        let answer_time = AnswerTime { sent, date: client.server_seconds(&reply.headers) };
        let records = match reply.body {
            Body::Document(document) => T::records(document),
            Body::Empty | Body::NotJson | Body::TooLarge => None,
        };
        let Some(records) = records else {
            return Err(Error::Protocol(&NOT_A_LIST));
        };
        if records.count() > MAX_RECORDS {
            return Err(Error::Protocol(&TOO_MANY));
        }
        let (mut links, next) = links::read(reply.headers.link.as_deref(), &url, client.base());
        links.hide(|link| reply.secret.is_in(link));
        let total = reply.headers.total_count.as_deref().and_then(total);
        if next.is_hidden() && std::mem::take(&mut by_links_only) {
            continue;
        }
        let keys = records.keys(people);
        let length = u64::try_from(keys.len()).unwrap_or(u64::MAX);
        let largest = client.largest_page(Uri::split(&url).path, length);
        return Ok(FetchedPage {
            start,
            wanted,
            asked,
            answer_time,
            keys,
            records,
            total,
            links,
            next,
            largest,
        });
    }
}

/// A total is decimal digits that fit into 64 bits; anything else is ignored.
fn total(value: &str) -> Option<u64> {
    let value = value.trim_ascii();
    if value.bytes().all(|byte| byte.is_ascii_digit()) { value.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::total;
    use crate::testing::test;

    #[test]
    fn a_total_is_digits() {
        for (value, expected) in
            [("8490", Some(8490)), (" 0 ", Some(0)), ("", None), ("-1", None), ("+1", None), ("1e3", None)]
        {
            assert_eq!(total(value), expected, "{value:?}");
        }
    }
}
