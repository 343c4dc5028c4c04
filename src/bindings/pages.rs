//! `Pages`: a list as a query selects it, to be walked as often as one likes.

use super::options::Options;
use super::signal::Signal;
use super::walk::{Engine, Walk};
use super::{Client, signal::Watch};
use crate::api::MAX_SAFE_INTEGER;
use crate::http::Abort;
use crate::pages::{self, ListQuery};
#[cfg(feature = "sync")]
use crate::sync::{SpanWalk, Spans};
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
    /// One for each span of a stretch of time.
    #[cfg(feature = "sync")]
    Spans(Spans),
}

impl Pages {
    pub(super) fn new(client: &Client, list: List, signal: Option<Signal>) -> Self {
        Self { client: client.clone(), list, signal }
    }

    fn engine(&self, abort: Abort, most: u64) -> Engine {
        let client = self.client.clone();
        match &self.list {
            List::One(listing) => {
                Engine::One(Box::new(pages::Walk::new(client, listing.clone(), abort).at_most(most)))
            }
            #[cfg(feature = "sync")]
            List::Spans(spans) => {
                Engine::Spans(Box::new(SpanWalk::new(client, spans.clone(), abort).at_most(most)))
            }
        }
    }
}

#[wasm_bindgen]
impl Pages {
    /// A new walk from the first page on; with `{ limit }`, for at most so many records.
    pub fn walk(&self, options: &JsValue) -> Result<Walk, JsValue> {
        let most = Options::read("options", options, "limit number")?.whole(
            "limit",
            0,
            MAX_SAFE_INTEGER,
            u64::MAX,
        )?;
        let watch = self.signal.as_ref().map(Signal::watch);
        let abort = watch.as_ref().map(Watch::abort).unwrap_or_default();
        Ok(Walk::new(self.engine(abort, most), watch))
    }
}
