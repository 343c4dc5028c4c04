//! `DiscreteResource`: single readings in time.

use super::Reader;
use super::failure;
use super::list_resource::{object, path_of};
use super::pages::Pages;
use super::promise::with_signal;
use crate::query::DiscretePaths;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// Readings, the latest of them, and those of a day.
#[wasm_bindgen]
pub struct DiscreteResource {
    reader: Reader,
    paths: DiscretePaths,
}

impl DiscreteResource {
    pub(super) fn new(reader: &Reader, paths: DiscretePaths) -> Self {
        Self { reader: reader.clone(), paths }
    }
}

#[wasm_bindgen]
impl DiscreteResource {
    /// The latest reading, or `undefined` where there is none.
    pub fn latest(&self, options: JsValue) -> Promise {
        let (reader, path) = (self.reader.clone(), self.paths.latest());
        with_signal(&options, |abort| async move {
            Ok(reader.latest(&path, &abort).await?.unwrap_or(JsValue::UNDEFINED))
        })
    }

    /// One reading.
    pub fn get(&self, id: JsValue, options: JsValue) -> Promise {
        object(&self.reader, path_of("id", &id, |id| self.paths.get(id)), &options)
    }

    /// All readings.
    pub fn readings(&self, query: JsValue) -> Result<Pages, JsValue> {
        Pages::new(&self.reader, self.paths.readings(), &query)
    }

    /// One reading, in the form of newer servers.
    pub fn reading(&self, id: JsValue, options: JsValue) -> Promise {
        object(&self.reader, path_of("id", &id, |id| self.paths.reading(id)), &options)
    }

    /// The readings of a day.
    pub fn daily(&self, date: JsValue, query: JsValue) -> Result<Pages, JsValue> {
        let path = path_of("date", &date, |date| self.paths.daily(date)).map_err(failure::thrown)?;
        Pages::new(&self.reader, path, &query)
    }
}
