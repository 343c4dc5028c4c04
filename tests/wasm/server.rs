//! In-memory servers that answer after a real delay, and clients of them.

use super::clock::{HostClock, pause};
use humansync::api::{Area, Operation, Query, QueryInit, resource_path};
use humansync::http::{
    Abort, BaseUrl, Body, Client, Config, Credential, Headers, Request, Response, SecretSource, SecretText,
    Transport, TransportError,
};
use humansync::pages::{ListQuery, ListTransport, Paging, People, RecordKey, RecordList, Walk};
use humansync::uri::query_parameter;
use std::cell::{Cell, RefCell};
use std::future::{Future, pending};
use std::ops::Range;
use std::rc::Rc;

/// What a server does with a request.
pub enum Answer {
    /// It answers after this number of milliseconds.
    After(u64, Response<Ids>),
    Never,
}

/// A list of records, by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ids(pub Vec<u64>);

impl RecordList for Ids {
    fn none() -> Self {
        Self(Vec::new())
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    fn keys(&self, _: People) -> Vec<RecordKey> {
        self.0.iter().map(|id| RecordKey::of_id(format!("{id:024x}"))).collect()
    }

    fn each_updated_at(&self, mut visit: impl FnMut(&[u8])) {
        self.0.iter().for_each(|_| visit(b""));
    }

    fn each_content(&self, mut visit: impl FnMut(&[u8])) {
        self.0.iter().for_each(|id| visit(&id.to_le_bytes()));
    }

    fn select(self, indices: &[usize]) -> Self {
        Self(indices.iter().map(|&index| self.0[index]).collect())
    }
}

/// The requests that a server has seen.
#[derive(Default)]
pub struct Seen {
    pub urls: RefCell<Vec<String>>,
    pub in_flight: Cell<usize>,
    pub most_at_once: Cell<usize>,
}

/// Chooses the answer from a request's URL and its number, from 0.
type Answering = dyn Fn(&str, usize) -> Answer;

/// An in-memory server whose answers a test chooses.
#[derive(Clone)]
pub struct Server {
    answer: Rc<Answering>,
    pub seen: Rc<Seen>,
}

impl Server {
    pub fn new(answer: impl Fn(&str, usize) -> Answer + 'static) -> Self {
        Self { answer: Rc::new(answer), seen: Rc::default() }
    }

    /// A list in which each record's id is its position. Every second answer is slow, so that the others overtake it.
    pub fn list(positions: Range<u64>, shows_total: bool) -> Self {
        Self::new(move |url, number| {
            let parameter = |name| query_parameter(url, name).and_then(|value| value.parse::<u64>().ok());
            let from = parameter("offset").unwrap_or(0);
            let to = from.saturating_add(parameter("limit").unwrap_or(50)).min(positions.end);
            let headers =
                Headers { total_count: shows_total.then(|| positions.end.to_string()), ..Headers::default() };
            let body = Body::Document(Ids((from..to).collect()));
            Answer::After(if number % 2 == 0 { 8 } else { 1 }, Response { status: 200, headers, body })
        })
    }

    /// Returns a client of this server.
    pub fn client(&self, settings: Settings) -> Rc<Client<Self, HostClock>> {
        let config = Config {
            base: BaseUrl::new("https://api.humanapi.co", "v1", "/human", false).unwrap(),
            headers: Vec::new(),
            timeout: settings.timeout,
            max_retries: settings.max_retries,
            max_retry_delay: 120_000,
            concurrency: settings.concurrency,
        };
        let credential = Credential::new(SecretSource::Fixed(
            SecretText::new(humansync::http::Scheme::Bearer, "accessToken", "demo").unwrap(),
        ));
        let clock = HostClock { chance: settings.chance };
        Rc::new(Client::new(self.clone(), clock, config, credential, None))
    }
}

#[derive(Clone, Copy)]
pub struct Settings {
    pub timeout: u64,
    pub max_retries: u32,
    pub concurrency: usize,
    pub chance: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { timeout: 30_000, max_retries: 4, concurrency: 6, chance: 0.0 }
    }
}

impl Transport for Server {
    type Document = Ids;

    fn send(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<Response<Ids>, TransportError>> + 'static {
        let number = self.seen.urls.borrow().len();
        let answer = (self.answer)(&request.url, number);
        self.seen.urls.borrow_mut().push(request.url);
        let under_way = UnderWay::begin(self.seen.clone());
        async move {
            let _under_way = under_way;
            match answer {
                Answer::After(milliseconds, response) => {
                    pause(milliseconds).await;
                    Ok(response)
                }
                Answer::Never => pending().await,
            }
        }
    }

    fn is_blank(document: &Ids) -> bool {
        document.0.is_empty()
    }

    fn says_failed(_: &Ids) -> bool {
        false
    }
}

impl ListTransport for Server {
    type Records = Ids;

    fn records(document: Ids) -> Option<Ids> {
        Some(document)
    }
}

/// A request in flight, until it is answered or dropped.
struct UnderWay(Rc<Seen>);

impl UnderWay {
    fn begin(seen: Rc<Seen>) -> Self {
        seen.in_flight.set(seen.in_flight.get() + 1);
        seen.most_at_once.set(seen.most_at_once.get().max(seen.in_flight.get()));
        Self(seen)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get() - 1);
    }
}

/// A walk over all activities from `offset` on, in pages of 50.
pub fn walk(
    client: &Rc<Client<Server, HostClock>>,
    offset: Option<f64>,
    cursor: Option<&str>,
) -> Walk<Server, HostClock> {
    let query = Query::new(QueryInit { limit: Some(50.0), offset, ..QueryInit::default() }).unwrap();
    let path = resource_path(Area::Human, "activities", Operation::List, "").unwrap();
    let listing = ListQuery::new(path, query, Paging::Pages, cursor).unwrap();
    Walk::new(client.clone(), listing, Abort::new())
}
