//! `Pages`: a list as a query selects it, to be walked as often as one likes.

use super::failure;
use super::options::Options;
use super::signal::Signal;
use super::walk::{Walk, Walker};
use super::{Client, signal::Watch};
use crate::http::Abort;
use crate::options::WalkInit;
use crate::pages::{self, ListQuery};
#[cfg(feature = "sync")]
use crate::sync::{WindowWalk, WindowedQuery};
use wasm_bindgen::prelude::*;

/// A list. Nothing is sent before it is walked.
#[wasm_bindgen]
pub struct Pages {
    client: Client,
    list: List,
    signal: Option<Signal>,
}

/// What is walked.
pub enum List {
    /// One list.
    One(ListQuery),
    /// One for each window of a stretch of time.
    #[cfg(feature = "sync")]
    Windows(WindowedQuery),
}

impl Pages {
    pub(super) fn new(client: &Client, list: List, signal: Option<Signal>) -> Self {
        Self { client: client.clone(), list, signal }
    }

    fn walker(&self, abort: Abort, most: u64) -> Walker {
        let client = self.client.clone();
        match &self.list {
            List::One(listing) => {
                Walker::One(Box::new(pages::Walk::new(client, listing.clone(), abort).at_most(most)))
            }
            #[cfg(feature = "sync")]
            List::Windows(query) => {
                Walker::Windows(Box::new(WindowWalk::new(client, query.clone(), abort).at_most(most)))
            }
        }
    }
}

#[wasm_bindgen]
impl Pages {
    /// A new walk from the first page on; with `{ limit }`, for at most so many records.
    pub fn walk(&self, options: &JsValue) -> Result<Walk, JsValue> {
        let mut options = Options::open("options", options)?;
        let init: WalkInit = options.read()?;
        options.end()?;
        let most = init.limit().map_err(failure::option)?;
        let watch = self.signal.as_ref().map(Signal::watch);
        let abort = watch.as_ref().map(Watch::abort).unwrap_or_default();
        Ok(Walk::new(self.walker(abort, most), watch))
    }
}
