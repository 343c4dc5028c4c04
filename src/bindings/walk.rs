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

/// One pass. There is `undefined` after the last page, and for whoever asks for a page while another one is on its way.
#[wasm_bindgen]
pub struct Walk {
    /// Absent while a page is asked for, and when it is over.
    place: Rc<RefCell<Option<Pass>>>,
    stop: Abort,
}

/// A walk that goes on.
struct Pass {
    walk: Walker,
    /// Kept as long as the walk may send.
    watch: Option<Watch>,
}

/// What walks.
pub enum Walker {
    /// Over one list.
    One(Box<pages::Walk<Fetch, HostClock>>),
    /// Over one list for each window of a stretch of time.
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

impl Walk {
    pub(super) fn new(walk: Walker, watch: Option<Watch>) -> Self {
        Self { place: Rc::new(RefCell::new(Some(Pass { walk, watch }))), stop: Abort::new() }
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
        promise::run(call.boxed_local(), signal)
    }

    /// Ends the walk, and cancels what is in flight.
    pub fn stop(&self) {
        self.stop.abort();
        let pass = self.place.borrow_mut().take();
        drop(pass);
    }
}
