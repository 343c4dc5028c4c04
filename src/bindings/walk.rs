//! `Walk`: one pass over the pages of a list, which iteration is made of.

use super::clock::HostClock;
use super::promise;
use super::records::{JsRecords, to_page};
use super::signal::Watch;
use super::transport::Fetch;
use crate::error::Error;
use crate::http::Abort;
use crate::pages::{self, Page};
#[cfg(feature = "sync")]
use crate::sync::WindowWalk;
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
    walk: Engine,
    /// Kept as long as the walk may send.
    watch: Option<Watch>,
}

/// What walks.
pub enum Engine {
    /// Over one list.
    One(Box<pages::Walk<Fetch, HostClock>>),
    /// Over one for each window of a stretch of time.
    #[cfg(feature = "sync")]
    Windows(Box<WindowWalk<Fetch, HostClock>>),
}

impl Engine {
    async fn next(&mut self) -> Result<Option<Page<JsRecords>>, Error> {
        match self {
            Self::One(walk) => walk.next().await,
            #[cfg(feature = "sync")]
            Self::Windows(walk) => walk.next().await,
        }
    }
}

impl Walk {
    pub(super) fn new(walk: Engine, watch: Option<Watch>) -> Self {
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
