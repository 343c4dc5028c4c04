//! `Pages`: a list as a query selects it, to be walked as often as one likes.

use super::Reader;
use super::options::Options;
use super::signal::Signal;
use super::walk::Walk;
use crate::pages::Listing;
use crate::query::MAX_SAFE_INTEGER;
use wasm_bindgen::prelude::*;

/// A list. Nothing is sent before it is walked.
#[wasm_bindgen]
pub struct Pages {
    reader: Reader,
    listing: Listing,
    signal: Option<Signal>,
}

impl Pages {
    pub(super) fn new(reader: &Reader, listing: Listing, signal: Option<Signal>) -> Self {
        Self { reader: reader.clone(), listing, signal }
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
        Ok(Walk::new(&self.reader, self.listing.clone(), self.signal.as_ref(), most))
    }
}
