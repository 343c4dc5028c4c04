//! `Walk`: one pass over the pages of a list, which iteration is made of.

use super::clock::HostClock;
use super::failure;
use super::records::to_page;
use super::signal::{Signal, Watch};
use super::transport::Fetch;
use super::Reader;
use crate::http::Abort;
use crate::pages::{self, Listing};
use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// One pass. Asking for the next page while one is asked for gives `undefined`, as does asking behind the end.
#[wasm_bindgen]
pub struct Walk {
    /// Absent while a page is asked for, and when it is over.
    state: Rc<RefCell<Option<State>>>,
    stop: Abort,
}

struct State {
    walk: pages::Walk<Fetch, HostClock>,
    signal: Option<Signal>,
    /// Kept as long as the walk may send.
    _watch: Option<Watch>,
}

impl Walk {
    pub(super) fn new(reader: &Reader, listing: Listing, signal: Option<Signal>) -> Self {
        let watch = signal.as_ref().map(Signal::watch);
        let abort = watch.as_ref().map_or_else(Abort::new, Watch::abort);
        let walk = reader.walk(listing, abort);
        let state = State { walk, signal, _watch: watch };
        Self { state: Rc::new(RefCell::new(Some(state))), stop: Abort::new() }
    }
}

#[wasm_bindgen]
impl Walk {
    /// The next page, or `undefined` behind the last one.
    pub fn next(&self) -> Promise {
        let place = self.state.clone();
        let stop = self.stop.clone();
        let taken = place.borrow_mut().take();
        future_to_promise(async move {
            let Some(mut state) = taken else { return Ok(JsValue::UNDEFINED) };
            match stop.guard(state.walk.next()).await {
                // Stopped: whoever waits is told that there is no more.
                Err(_stopped) => Ok(JsValue::UNDEFINED),
                Ok(Ok(None)) => Ok(JsValue::UNDEFINED),
                Ok(Ok(Some(page))) => {
                    *place.borrow_mut() = Some(state);
                    Ok(to_page(page))
                }
                Ok(Err(error)) => {
                    let reason = || state.signal.as_ref().map(Signal::reason).unwrap_or_default();
                    Err(failure::to_js(error, reason))
                }
            }
        })
    }

    /// Ends the walk, and cancels what is in flight.
    pub fn stop(&self) {
        self.stop.abort();
        let state = self.state.borrow_mut().take();
        drop(state);
    }
}
