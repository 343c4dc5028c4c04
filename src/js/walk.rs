//! `Walk`: one pass over the pages of a list, which iteration is made of.

use super::Reader;
use super::clock::HostClock;
use super::promise;
use super::records::to_page;
use super::signal::{Signal, Watch};
use super::transport::Fetch;
use crate::http::Abort;
use crate::pages::{self, Listing};
use futures_util::FutureExt;
use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// One pass. Asking for the next page while one is asked for gives `undefined`, as does asking behind the end.
#[wasm_bindgen]
pub struct Walk {
    /// Absent while a page is asked for, and when it is over.
    place: Rc<RefCell<Option<Passing>>>,
    stop: Abort,
}

struct Passing {
    walk: pages::Walk<Fetch, HostClock>,
    /// Kept as long as the walk may send.
    watch: Option<Watch>,
}

impl Walk {
    pub(super) fn new(reader: &Reader, listing: Listing, signal: Option<&Signal>, most: u64) -> Self {
        let watch = signal.map(Signal::watch);
        let abort = watch.as_ref().map(Watch::abort).unwrap_or_default();
        let walk = reader.walk(listing, abort).at_most(most);
        Self { place: Rc::new(RefCell::new(Some(Passing { walk, watch }))), stop: Abort::new() }
    }
}

#[wasm_bindgen]
impl Walk {
    /// The next page, or `undefined` behind the last one.
    pub fn next(&self) -> Promise {
        let place = self.place.clone();
        let stop = self.stop.clone();
        let taken = place.borrow_mut().take();
        let Some(mut passing) = taken else { return Promise::resolve(&JsValue::UNDEFINED) };
        let signal = passing.watch.as_ref().map(Watch::signal);
        let call = async move {
            // Stopped while it waits: there is no more, and that is no error.
            let Ok(page) = stop.guard(passing.walk.next()).await else { return Ok(JsValue::UNDEFINED) };
            let Some(page) = page? else { return Ok(JsValue::UNDEFINED) };
            *place.borrow_mut() = Some(passing);
            Ok(to_page(page))
        };
        promise::run(call.boxed_local(), signal)
    }

    /// Ends the walk, and cancels what is in flight.
    pub fn stop(&self) {
        self.stop.abort();
        let passing = self.place.borrow_mut().take();
        drop(passing);
    }
}
