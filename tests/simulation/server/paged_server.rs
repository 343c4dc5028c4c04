//! A server of one list in pages, as the API sends them.

use super::{Document, ListChurn, MovingList, Record, status};
use crate::world::{Census, Chance, Outcome, Server};
use humansync::http::{Body, Headers, Request, Response};
use std::cell::RefCell;
use std::rc::Rc;

/// What `X-Total-Count` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Totals {
    /// The header cannot be seen.
    Hidden,
    /// The number of records at the moment of the answer.
    True,
    /// That number and so many more, or fewer.
    Off(i64),
}

/// The form of the `Link` field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    /// The field cannot be seen.
    Hidden,
    /// As the API was recorded to send it.
    Wire,
    /// As printed in the documentation, without brackets and with line breaks.
    Documented,
    /// With targets relative to the request.
    Relative,
    /// With a next link that has no offset.
    Opaque,
    /// With targets that leave out the filters of the query.
    Unfiltered,
    /// There is a Link field, but with no page relation.
    Unrelated,
    /// There is a Link field, but it is empty.
    Empty,
}

/// A server of one list.
pub struct PagedServer {
    /// The list, shared with the test.
    pub list: Rc<RefCell<MovingList>>,
    /// How the list changes before each request.
    pub churn: Option<ListChurn>,
    /// What `X-Total-Count` says.
    pub totals: Totals,
    /// The form of the `Link` field.
    pub links: LinkForm,
    /// The most records in one answer.
    pub cap: usize,
    /// What else is odd about the server.
    pub oddities: Oddities,
}

/// How a gateway fails on a page that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overload {
    /// It answers with this status.
    Status(u16),
    /// It does not answer in time.
    Silence,
    /// The body breaks off.
    Cut,
}

/// Ways in which servers are known to be odd.
#[derive(Clone, Debug)]
pub struct Oddities {
    /// Draws when they happen.
    pub chance: Chance,
    /// Counts which of them happened.
    pub census: Census,
    /// The fewest records in a page, however few are requested.
    pub at_least: usize,
    /// The probability that a page is cut short, to one record or a few.
    pub short_pages: f64,
    /// The first page is cut short.
    pub first_is_short: bool,
    /// So many neighbours have the same time, and another order in each answer.
    pub ties: u64,
    /// How often the list moves down just so far that the next page ends with the last record of the page before.
    pub pursuits: u32,
    /// The last record of the page before.
    pub last_given: Option<u64>,
    /// The largest page that the gateway can send, and how it fails on larger ones.
    pub overload: Option<(usize, Overload)>,
}

impl Oddities {
    /// None of them.
    pub fn none() -> Self {
        Self::drawn_by(Chance::new(0, "oddities"), &Census::default())
    }

    /// None of them; those that are set later draw by `chance` and are counted in `census`.
    pub fn drawn_by(chance: Chance, census: &Census) -> Self {
        Self {
            chance,
            census: census.clone(),
            at_least: 0,
            short_pages: 0.0,
            first_is_short: false,
            ties: 1,
            pursuits: 0,
            last_given: None,
            overload: None,
        }
    }

    /// How many records to send if `asked` were requested.
    fn size(&mut self, asked: usize) -> usize {
        if asked < self.at_least {
            self.census.count("pages larger than asked for");
            return self.at_least;
        }
        let first = std::mem::take(&mut self.first_is_short);
        if asked > 1 && (first || self.chance.happens(self.short_pages)) {
            self.census.count("short pages");
            return if self.chance.happens(0.5) { 1 } else { 1 + self.chance.index(asked - 1) };
        }
        asked
    }

    /// Puts records with the same time into the order of this answer.
    fn shuffle(&mut self, rows: &mut [Record]) {
        if self.ties < 2 {
            return;
        }
        let ties = self.ties;
        for tied in rows.chunk_by_mut(|a, b| a.serial / ties == b.serial / ties) {
            for index in (1..tied.len()).rev() {
                tied.swap(index, self.chance.index(index + 1));
            }
        }
        self.census.count("answers in an order of their own");
    }

    /// Moves `list` if the last record sent is the first of the `size` that are requested.
    fn pursue(&mut self, list: &mut MovingList, offset: usize, size: usize) {
        let first = list.rows().get(offset).map(|record| record.serial);
        if self.pursuits == 0 || first.is_none() || first != self.last_given {
            return;
        }
        self.pursuits -= 1;
        self.census.count("lists that move down page by page");
        (1..size).for_each(|_| list.insert(0));
    }

    fn refusal(&mut self, size: usize) -> Option<Outcome> {
        let (_, overload) = self.overload.filter(|(most, _)| size > *most)?;
        self.census.count("pages too large for a gateway");
        Some(match overload {
            Overload::Status(code) => Outcome::Reply(status(code)),
            Overload::Silence => Outcome::Silence,
            Overload::Cut => Outcome::Cut { sent: true },
        })
    }
}

impl PagedServer {
    /// A server of `list` that shows everything, sends at most 500 records in a page, and does not change the list.
    pub fn new(list: &Rc<RefCell<MovingList>>) -> Self {
        Self {
            list: list.clone(),
            churn: None,
            totals: Totals::True,
            links: LinkForm::Wire,
            cap: 500,
            oddities: Oddities::none(),
        }
    }

    fn page(&mut self, request: &Request) -> Outcome {
        // Requests without the filter get another list.
        let other = Rc::new(RefCell::new(MovingList::with_ids(7)));
        let is_other = self.links == LinkForm::Unfiltered && parameter(&request.url, "source").is_none();
        let list = if is_other { other } else { self.list.clone() };
        let limit: usize = parameter(&request.url, "limit").map_or(50, |limit| limit.parse().unwrap());
        let place = if self.links == LinkForm::Opaque { "after" } else { "offset" };
        let offset: usize = parameter(&request.url, place).map_or(0, |offset| offset.parse().unwrap());
        assert!((1..=500).contains(&limit), "{} breaks the bounds of `limit`", request.url);
        self.oddities.pursue(&mut list.borrow_mut(), offset, limit.min(self.cap));
        let list = list.borrow();
        let from = offset.min(list.len());
        let size = self.oddities.size(limit.min(self.cap));
        let to = (from + size).min(list.len());
        if let Some(refusal) = self.oddities.refusal(to - from) {
            return refusal;
        }
        let mut rows = list.rows().to_vec();
        self.oddities.shuffle(&mut rows);
        let records: Vec<Record> = rows[from..to].to_vec();
        self.oddities.last_given = records.last().map(|record| record.serial);
        let headers = Headers {
            link: self.link(&request.url, from, to, limit, list.len()),
            total_count: match self.totals {
                Totals::Hidden => None,
                Totals::True => Some(list.len().to_string()),
                Totals::Off(by) => Some((list.len() as i64 + by).max(0).to_string()),
            },
            ..Headers::default()
        };
        Outcome::Reply(Response { status: 200, headers, body: Body::Document(Document::List(records)) })
    }

    fn link(&self, url: &str, from: usize, to: usize, limit: usize, length: usize) -> Option<String> {
        match self.links {
            LinkForm::Unrelated => return Some("<https://cdn.example>; rel=preconnect".to_owned()),
            LinkForm::Empty => return Some(String::new()),
            _ => {}
        }
        let path = url.split('?').next().unwrap();
        let filter = match parameter(url, "source") {
            Some(source) if self.links != LinkForm::Unfiltered => format!("&source={source}"),
            _ => String::new(),
        };
        let target = |offset: usize| match self.links {
            LinkForm::Relative => format!("?limit={limit}&offset={offset}{filter}"),
            LinkForm::Opaque => format!("{path}?limit={limit}&after={offset}{filter}"),
            _ => format!("{path}?limit={limit}&offset={offset}{filter}"),
        };
        let mut links = Vec::new();
        if to < length {
            links.push(("next", target(to)));
            // Past the end if the length is a multiple of the limit, as the API was recorded to do.
            links.push(("last", target(length / limit * limit)));
        }
        if from > 0 {
            links.push(("prev", target(from.saturating_sub(limit))));
            links.push(("first", target(0)));
        }
        let written = |(relation, target): &(&str, String)| match self.links {
            LinkForm::Documented => format!("{target}; \nrel=\"{relation}\""),
            _ => format!("<{target}>; rel=\"{relation}\""),
        };
        let separator = if self.links == LinkForm::Documented { ",\n " } else { "," };
        let value = links.iter().map(written).collect::<Vec<_>>().join(separator);
        // The only page of a list has no Link field.
        (self.links != LinkForm::Hidden && !links.is_empty()).then_some(value)
    }
}

impl Server for PagedServer {
    fn answer(&mut self, request: &Request) -> Outcome {
        if let Some(churn) = &mut self.churn {
            churn.apply(&mut self.list.borrow_mut());
        }
        self.page(request)
    }
}

/// The value of a query parameter, undecoded.
pub fn parameter<'url>(url: &'url str, name: &str) -> Option<&'url str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
