//! `Pages`: a query whose pages can be walked, as often as one likes.

use super::failure;
use super::options::Options;
use super::promise::abortable;
use super::query_options::Given;
use super::records::{append, to_page};
use super::signal::Signal;
use super::walk::Walk;
use super::Reader;
use crate::error::Error;
use crate::pages::Listing;
use crate::query::{MAX_SAFE_INTEGER, Path};
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

/// A list as a query selects it. Nothing is sent before it is walked.
#[wasm_bindgen]
pub struct Pages {
    reader: Reader,
    listing: Listing,
    signal: Option<Signal>,
}

impl Pages {
    /// The list at `path`, as the caller's `query` selects it.
    pub(super) fn new(reader: &Reader, path: Path, query: &JsValue) -> Result<Self, JsValue> {
        let (listing, signal) =
            Given::read(query).and_then(|given| given.listing(path)).map_err(failure::thrown)?;
        Ok(Self { reader: reader.clone(), listing, signal })
    }
}

#[wasm_bindgen]
impl Pages {
    /// A new walk from the first page on; iteration is made of it.
    pub fn walk(&self) -> Walk {
        Walk::new(&self.reader, self.listing.clone(), self.signal.clone())
    }

    /// The first page only.
    pub fn first(&self) -> Promise {
        let (reader, listing) = (self.reader.clone(), self.listing.clone());
        abortable(self.signal.clone(), |abort| async move {
            let page = reader.walk(listing, abort).next().await?;
            Ok(page.map_or(JsValue::UNDEFINED, to_page))
        })
    }

    /// All records in one array; with `{ limit }`, at most so many.
    #[wasm_bindgen(js_name = toArray)]
    pub fn to_array(&self, options: JsValue) -> Promise {
        let limit = match Options::read("options", &options, &["limit"])
            .and_then(|options| options.whole("limit", 0, MAX_SAFE_INTEGER))
        {
            Ok(limit) => limit,
            Err(error) => return Promise::reject(&failure::thrown(error)),
        };
        let (reader, listing) = (self.reader.clone(), self.listing.clone());
        abortable(self.signal.clone(), |abort| async move {
            let all = Array::new();
            if limit == Some(0) {
                return Ok(all.into());
            }
            let mut walk = reader.walk(listing, abort);
            if let Some(limit) = limit {
                walk = walk.at_most(limit);
            }
            while let Some(page) = walk.next().await? {
                append(&all, &page.records.0);
            }
            if let Some(limit) = limit.and_then(|limit| u32::try_from(limit).ok())
                && all.length() > limit
            {
                all.set_length(limit);
            }
            Ok::<_, Error>(all.into())
        })
    }
}
