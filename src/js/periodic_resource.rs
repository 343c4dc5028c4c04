//! `PeriodicResource`: things that last, those of a day, and a summary of each day.

use super::Reader;
use super::failure;
use super::list_resource::{ListResource, object, path_of};
use super::pages::Pages;
use crate::query::{ListPaths, PeriodicPaths, SummaryPaths};
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// What `ListResource` has, days, and summaries.
#[wasm_bindgen]
pub struct PeriodicResource {
    list: ListResource,
    reader: Reader,
    days: PeriodicPaths,
    summaries: SummaryPaths,
}

impl PeriodicResource {
    pub(super) fn new(reader: &Reader, list: ListPaths, days: PeriodicPaths, summaries: SummaryPaths) -> Self {
        Self { list: ListResource::new(reader, list), reader: reader.clone(), days, summaries }
    }
}

#[wasm_bindgen]
impl PeriodicResource {
    /// The list.
    pub fn list(&self, query: JsValue) -> Result<Pages, JsValue> {
        self.list.list(query)
    }

    /// One record.
    pub fn get(&self, id: JsValue, options: JsValue) -> Promise {
        self.list.get(id, options)
    }

    /// The records of a day.
    pub fn daily(&self, date: JsValue, query: JsValue) -> Result<Pages, JsValue> {
        let path = path_of("date", &date, |date| self.days.daily(date)).map_err(failure::thrown)?;
        Pages::new(&self.reader, path, &query)
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
