//! The options of a query.

use super::failure;
use super::options::Options;
use super::signal::Signal;
use crate::api::{Query, QueryInit, calendar_date};
use humansync_ingest::time::Date;
use wasm_bindgen::JsValue;

/// A query as it was given: what goes over the wire, where to begin, and who may end it.
pub struct Given {
    pub query: Query,
    pub cursor: Option<String>,
    pub signal: Option<Signal>,
}

/// The same, before the query is checked.
pub struct Unchecked {
    pub init: QueryInit,
    pub cursor: Option<String>,
    pub signal: Option<Signal>,
}

const SPEC: &str = "limit number
offset number
createdSince instant
createdBefore instant
updatedSince instant
updatedBefore instant
source text
startDate text
endDate text
params texts
cursor text
signal signal";

impl Given {
    /// Reads an argument that may hold a signal and nothing else.
    pub fn signal_only(value: &JsValue) -> Result<Self, JsValue> {
        let signal = Options::read("options", value, "signal signal")?.signal();
        let query = Query::new(QueryInit::default()).map_err(|error| failure::option(&error))?;
        Ok(Self { query, cursor: None, signal })
    }

    /// Reads the argument `query`.
    pub fn read(value: &JsValue) -> Result<Self, JsValue> {
        let Unchecked { init, cursor, signal } = Unchecked::read(value)?;
        let query = Query::new(init).map_err(|error| failure::option(&error))?;
        Ok(Self { query, cursor, signal })
    }
}

impl Unchecked {
    /// Reads the argument `query`.
    pub fn read(value: &JsValue) -> Result<Self, JsValue> {
        let options = Options::read("query", value, SPEC)?;
        let init = QueryInit {
            limit: options.number("limit"),
            offset: options.number("offset"),
            created_since: options.instant("createdSince")?,
            created_before: options.instant("createdBefore")?,
            updated_since: options.instant("updatedSince")?,
            updated_before: options.instant("updatedBefore")?,
            source: options.text("source"),
            start_date: day(&options, "startDate")?,
            end_date: day(&options, "endDate")?,
            params: options.texts("params"),
        };
        Ok(Self { init, cursor: options.text("cursor"), signal: options.signal() })
    }
}

fn day(options: &Options, name: &str) -> Result<Option<Date>, JsValue> {
    options
        .text(name)
        .map(|day| calendar_date(name, &day).map_err(|error| failure::option(&error)))
        .transpose()
}
