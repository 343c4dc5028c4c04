//! A list in pages, as the API gives them out on the wire.

use super::{Document, MovingList, Record, Tide};
use crate::world::{Outcome, Server};
use humansync::http::{Body, Headers, Request, Response};
use std::cell::RefCell;
use std::rc::Rc;

/// What `X-Total-Count` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Totals {
    /// It cannot be seen.
    Hidden,
    /// The truth, at the moment of the answer.
    True,
    /// So much too many or too few.
    Off(i64),
}

/// How the `Link` field looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    /// It cannot be seen.
    Hidden,
    /// As recorded on the wire.
    Wire,
    /// As printed in the documentation, without brackets and with line breaks.
    Documented,
    /// With targets relative to the request.
    Relative,
    /// With a next that does not tell its offset.
    Opaque,
}

/// A server of one list.
pub struct Paged {
    /// The list, which the test also sees.
    pub list: Rc<RefCell<MovingList>>,
    /// How it moves before each request.
    pub tide: Option<Tide>,
    /// What the answers say of its length.
    pub totals: Totals,
    /// What they say of other pages.
    pub links: LinkForm,
    /// The most records in one answer.
    pub cap: usize,
}

impl Paged {
    /// A server of `list` that shows everything, gives 500 records at most, and does not move.
    pub fn new(list: &Rc<RefCell<MovingList>>) -> Self {
        Self { list: list.clone(), tide: None, totals: Totals::True, links: LinkForm::Wire, cap: 500 }
    }

    fn page(&self, request: &Request) -> Response<Document> {
        let list = self.list.borrow();
        let limit: usize = parameter(&request.url, "limit").map_or(50, |limit| limit.parse().unwrap());
        let place = if self.links == LinkForm::Opaque { "after" } else { "offset" };
        let offset: usize = parameter(&request.url, place).map_or(0, |offset| offset.parse().unwrap());
        assert!((1..=500).contains(&limit), "{} breaks the bounds of `limit`", request.url);
        let from = offset.min(list.len());
        let to = (from + limit.min(self.cap)).min(list.len());
        let records: Vec<Record> = list.rows()[from..to].to_vec();
        let headers = Headers {
            link: self.link(&request.url, from, to, limit, list.len()),
            total_count: match self.totals {
                Totals::Hidden => None,
                Totals::True => Some(list.len().to_string()),
                Totals::Off(by) => Some((list.len() as i64 + by).max(0).to_string()),
            },
            ..Headers::default()
        };
        Response { status: 200, headers, body: Body::Document(Document::List(records)) }
    }

    fn link(&self, url: &str, from: usize, to: usize, limit: usize, length: usize) -> Option<String> {
        let path = url.split('?').next().unwrap();
        let target = |offset: usize| match self.links {
            LinkForm::Relative => format!("?limit={limit}&offset={offset}"),
            LinkForm::Opaque => format!("{path}?limit={limit}&after={offset}"),
            _ => format!("{path}?limit={limit}&offset={offset}"),
        };
        let mut links = Vec::new();
        if to < length {
            links.push(("next", target(to)));
            // Past the end where the length is a multiple of the limit: recorded so.
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
        // A page without neighbours has nothing to say.
        (self.links != LinkForm::Hidden && !links.is_empty()).then_some(value)
    }
}

impl Server for Paged {
    fn answer(&mut self, request: &Request) -> Outcome {
        if let Some(tide) = &mut self.tide {
            tide.turn(&mut self.list.borrow_mut());
        }
        Outcome::Reply(self.page(request))
    }
}

/// The value of a query parameter, as it is written.
pub fn parameter<'url>(url: &'url str, name: &str) -> Option<&'url str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
