//! Runs walks and keeps what they delivered.

use crate::server::{Record, Rows};
use crate::setup::SimulatedClient;
use crate::world::{Network, World};
use humansync::api::{Operation, Query, QueryInit, user_path};
use humansync::error::Error;
use humansync::http::Abort;
use humansync::pages::{ListQuery, Page, Paging, People, Walk};

/// The walk of the simulated world.
pub type SimulatedWalk = Walk<Network, World>;

/// Everything a walk delivered, and how it ended.
#[derive(Debug)]
pub struct Reading {
    /// The pages in order.
    pub pages: Vec<Page<Rows>>,
    /// The error that ended it, if one did.
    pub error: Option<Error>,
}

impl Reading {
    /// All records in the order of their delivery.
    pub fn records(&self) -> Vec<&Record> {
        self.pages.iter().flat_map(|page| &page.records.0).collect()
    }

    /// The serials of these records.
    pub fn serials(&self) -> Vec<u64> {
        self.records().iter().map(|record| record.serial).collect()
    }

    /// The cursor after the last page.
    pub fn cursor(&self) -> String {
        self.pages.last().expect("a walk has at least one page").cursor.to_text()
    }

    /// Code of the protocol error that ended the walk.
    ///
    /// # Panics
    /// If it ended in another way.
    pub fn protocol_error(&self) -> &'static str {
        match &self.error {
            Some(Error::Protocol(error)) => error.code,
            other => panic!("expected a protocol error, and the walk ended with {other:?}"),
        }
    }
}

/// `/human/activities`, in pages of `limit`.
pub fn activities(limit: u64) -> ListQuery {
    listing(limit, None, None)
}

/// `/human/activities` from `offset` on.
pub fn activities_from(limit: u64, offset: u64) -> ListQuery {
    listing(limit, Some(offset), None)
}

/// `/human/activities` from the place of `cursor` on.
pub fn activities_after(limit: u64, cursor: &str) -> ListQuery {
    listing(limit, None, Some(cursor))
}

/// `/human/activities`, as a list of one person or of many, from the place of `cursor` on if there is one.
pub fn list_of(people: People, limit: u64, cursor: Option<&str>) -> ListQuery {
    match people {
        People::One => listing(limit, None, cursor),
        People::Many => listing(limit, None, cursor).of_many_people(),
    }
}

fn listing(limit: u64, offset: Option<u64>, cursor: Option<&str>) -> ListQuery {
    let query = QueryInit {
        limit: Some(limit as f64),
        offset: offset.map(|offset| offset as f64),
        source: Some("fitbit".to_owned()),
        ..QueryInit::default()
    };
    let path = user_path("activities", Operation::List, "").unwrap();
    ListQuery::new(path, Query::new(query).unwrap(), Paging::Pages, cursor).unwrap()
}

/// A walk that has sent nothing yet.
pub fn walk(client: &SimulatedClient, listing: ListQuery) -> SimulatedWalk {
    Walk::new(client.clone(), listing, Abort::new())
}

/// Reads all pages.
pub async fn read_all(walk: SimulatedWalk) -> Reading {
    read_pages(walk, usize::MAX).await
}

/// Reads at most `most` pages.
pub async fn read_pages(mut walk: SimulatedWalk, most: usize) -> Reading {
    let mut pages = Vec::new();
    while pages.len() < most {
        match walk.next().await {
            Ok(Some(page)) => pages.push(page),
            Ok(None) => break,
            Err(error) => return Reading { pages, error: Some(error) },
        }
    }
    Reading { pages, error: None }
}
