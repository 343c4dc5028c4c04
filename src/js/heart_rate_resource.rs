//! `HeartRateResource`: readings in time, and a summary of each day.

use super::Reader;
use super::discrete_resource::DiscreteResource;
use super::list_resource::{object, path_of};
use super::pages::Pages;
use crate::query::{DiscretePaths, SummaryPaths};
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// What `DiscreteResource` has, and summaries.
#[wasm_bindgen]
pub struct HeartRateResource {
    readings: DiscreteResource,
    reader: Reader,
    summaries: SummaryPaths,
}

impl HeartRateResource {
    pub(super) fn new(reader: &Reader, paths: DiscretePaths, summaries: SummaryPaths) -> Self {
        Self { readings: DiscreteResource::new(reader, paths), reader: reader.clone(), summaries }
    }
}

#[wasm_bindgen]
impl HeartRateResource {
    /// The latest reading, or `undefined` where there is none.
    pub fn latest(&self, options: JsValue) -> Promise {
        self.readings.latest(options)
    }

    /// One reading.
    pub fn get(&self, id: JsValue, options: JsValue) -> Promise {
        self.readings.get(id, options)
    }

    /// All readings.
    pub fn readings(&self, query: JsValue) -> Result<Pages, JsValue> {
        self.readings.readings(query)
    }

    /// One reading, in the form of newer servers.
    pub fn reading(&self, id: JsValue, options: JsValue) -> Promise {
        self.readings.reading(id, options)
    }

    /// The readings of a day.
    pub fn daily(&self, date: JsValue, query: JsValue) -> Result<Pages, JsValue> {
        self.readings.daily(date, query)
    }

    /// The summaries of all days.
    pub fn summaries(&self, query: JsValue) -> Result<Pages, JsValue> {
        Pages::new(&self.reader, self.summaries.summaries(), &query)
    }

    /// One summary, by its day or its id.
    pub fn summary(&self, date_or_id: JsValue, options: JsValue) -> Promise {
        object(&self.reader, path_of("dateOrId", &date_or_id, |text| self.summaries.summary(text)), &options)
    }
}
