//! `Pages`: a list as a query selects it, to be walked as often as one likes, and `Walk`, one pass over it.

use super::Client;
use super::clock::HostClock;
use super::failure;
use super::options::Options;
use super::promise;
use super::records::{JsRecords, to_page};
use super::signal::{Signal, Watch};
use super::transport::Fetch;
use crate::error::Error;
use crate::http::Abort;
use crate::options::WalkInit;
use crate::pages::{self, ListQuery, Page};
#[cfg(feature = "sync")]
use crate::sync::{WindowWalk, WindowedQuery};
use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
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
        let pass = WatchedWalk { walk: self.walker(abort, most), watch };
        Ok(Walk { place: Rc::new(RefCell::new(Some(pass))), stop: Abort::new() })
    }
}

/// One pass. There is `undefined` after the last page, and for whoever asks for a page while another one is on its way.
#[wasm_bindgen]
pub struct Walk {
    /// Absent while a page is asked for, and when it is over.
    place: Rc<RefCell<Option<WatchedWalk>>>,
    stop: Abort,
}

/// A walk that goes on.
struct WatchedWalk {
    walk: Walker,
    /// Kept as long as the walk may send.
    watch: Option<Watch>,
}

/// What walks: over one list, or one for each window of a stretch of time.
enum Walker {
    One(Box<pages::Walk<Fetch, HostClock>>),
    #[cfg(feature = "sync")]
    Windows(Box<WindowWalk<Fetch, HostClock>>),
}

impl Walker {
    async fn next(&mut self) -> Result<Option<Page<JsRecords>>, Error> {
        match self {
            Self::One(walk) => walk.next().await,
            #[cfg(feature = "sync")]
            Self::Windows(walk) => walk.next().await,
        }
    }
}

#[wasm_bindgen]
impl Walk {
    /// The next page, or `undefined` after the last one.
    pub fn next(&self) -> Promise {
        let place = self.place.clone();
        let stop = self.stop.clone();
        let taken = place.borrow_mut().take();
        let Some(mut pass) = taken else { return Promise::resolve(&JsValue::UNDEFINED) };
        let signal = pass.watch.as_ref().map(Watch::signal);
        let call = async move {
            // Stopped while it waits: there is no more, and that is no error.
            let Ok(page) = stop.guard(pass.walk.next()).await else { return Ok(JsValue::UNDEFINED) };
            let Some(page) = page? else { return Ok(JsValue::UNDEFINED) };
            *place.borrow_mut() = Some(pass);
            Ok(to_page(page))
        };
        promise::run(call, signal)
    }

    /// Ends the walk, and cancels what is in flight.
    pub fn stop(&self) {
        self.stop.abort();
        let pass = self.place.borrow_mut().take();
        drop(pass);
    }
}
