//! One page as the server gives it, at one moment of the list.

use super::links::{self, Links, Next};
use super::{Lists, People, ReadAt, RecordKey, Records};
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::http::uri::Uri;
use crate::http::{Abort, Accept, Body, Call, Client, Halving, Tally, Transport};
use std::rc::Rc;

/// No page and no list that is given out at once has as many records: beyond that an answer is a way to fill the memory.
const RECORDS_AT_MOST: usize = 100_000;
static TOO_MANY: ProtocolError = ProtocolError {
    code: "too-large",
    message: "the answer to a list query holds more than 100000 records, however many were asked for; is `baseUrl` the API's?",
};
static NOT_A_LIST: ProtocolError = ProtocolError {
    code: "not-a-list",
    message: "the answer to a list query is not a JSON array; is `baseUrl` the API's, and the path that of a list?",
};

/// An answer, not yet joined to what was read before.
pub struct Fetched<R> {
    /// Position of the first record, as asked for.
    pub start: u64,
    /// How many records were asked for at first.
    pub wanted: u64,
    /// How many were asked for at last: fewer, where the server could not give as many.
    pub asked: u64,
    /// When the server read it.
    pub read_at: ReadAt,
    /// One for each record.
    pub keys: Vec<RecordKey>,
    /// The records themselves.
    pub records: R,
    /// `X-Total-Count`, at this moment.
    pub total: Option<u64>,
    /// For the caller to see.
    pub links: Links,
    /// Where the server says to go on.
    pub next: Next,
    /// The most records that a page of this list had before, whatever the query.
    pub largest: u64,
}

impl<R> Fetched<R> {
    /// How many records came.
    pub fn len(&self) -> u64 {
        u64::try_from(self.keys.len()).unwrap_or(u64::MAX)
    }

    /// The position behind the last record.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.len())
    }

    /// Whether there is no `Link` field because there is but one page: fewer records came than were asked for, and fewer than the server
    /// has given of this list at once, so that it was not at a bound of its own.
    pub fn is_alone(&self) -> bool {
        let is_first = matches!(self.next, Next::NoLink) && self.start == 0;
        is_first && self.len() < self.asked.min(self.largest)
    }

    /// Whether any record of it has an id.
    pub fn has_ids(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, RecordKey::Id(_)))
    }
}

/// How a walk asks for its pages.
pub struct Asking<T: Transport, C: Clock> {
    /// By which client.
    pub client: Rc<Client<T, C>>,
    /// What ends it.
    pub abort: Abort,
    /// Where its requests are counted.
    pub tally: Option<Rc<Tally>>,
    /// Whose records they hold.
    pub people: People,
}

impl<T: Transport, C: Clock> Clone for Asking<T, C> {
    fn clone(&self) -> Self {
        let Self { client, abort, tally, people } = self;
        Self { client: client.clone(), abort: abort.clone(), tally: tally.clone(), people: *people }
    }
}

/// Asks for `wanted` records from `start` on, which is what `url` says; for fewer, where the server cannot give as many and there are
/// `halves` to ask for.
///
/// Where the list goes on `by_links_only`, an answer without a `Link` field, which may have been lost on the way, is asked for once more.
pub async fn fetch<T: Lists, C: Clock>(
    asking: Asking<T, C>,
    url: String,
    start: u64,
    wanted: u64,
    halves: Option<Rc<Halving>>,
    mut by_links_only: bool,
) -> Result<Fetched<T::Records>, Error> {
    let Asking { client, abort, tally, people } = asking;
    loop {
        let sent = client.clock().monotonic();
        let call = Call::get(url.clone(), Accept::Json).counted(tally.clone()).halved(halves.clone());
        let reply = client.call(call, &abort).await?;
        let asked = halves.as_ref().map_or(wanted, |halves| halves.size());
        let read_at = ReadAt { sent, date: client.server_seconds(&reply.headers) };
        let records = match reply.body {
            Body::Document(document) => T::records(document),
            Body::Empty | Body::NotJson | Body::TooLarge => None,
        };
        let Some(records) = records else {
            return Err(Error::Protocol(&NOT_A_LIST));
        };
        if records.count() > RECORDS_AT_MOST {
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
        return Ok(Fetched { start, wanted, asked, read_at, keys, records, total, links, next, largest });
    }
}

/// Digits, and no more than a list's positions can have; anything else tells nothing.
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
