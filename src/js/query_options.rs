//! The options of a query.

use super::options::{Options, text};
use super::signal::Signal;
use crate::error::Error;
use crate::pages::{Listing, Paging};
use crate::query::{Path, QUERY_OPTIONS, Query, QueryInit, calendar_date};
use crate::time::Date;
use wasm_bindgen::JsValue;

/// A query as it was given: what goes over the wire, where to begin, and who may end it.
pub struct Given {
    pub query: Query,
    pub cursor: Option<String>,
    pub signal: Option<Signal>,
}

impl Given {
    /// Reads the argument `query`.
    pub fn read(value: &JsValue) -> Result<Self, Error> {
        let options = Options::read("query", value, &QUERY_OPTIONS)?;
        let init = QueryInit {
            limit: options.number("limit")?,
            offset: options.number("offset")?,
            created_since: options.instant("createdSince")?,
            created_before: options.instant("createdBefore")?,
            updated_since: options.instant("updatedSince")?,
            updated_before: options.instant("updatedBefore")?,
            source: options.text("source")?,
            start_date: day(&options, "startDate")?,
            end_date: day(&options, "endDate")?,
            params: options.texts("params")?,
        };
        Ok(Self { query: Query::new(init)?, cursor: options.text("cursor")?, signal: options.signal()? })
    }

    /// The list at `path` that this query selects.
    pub fn listing(self, path: Path) -> Result<(Listing, Option<Signal>), Error> {
        let listing = Listing::new(path, self.query, Paging::Pages, self.cursor.as_deref())?;
        Ok((listing, self.signal))
    }
}

fn day(options: &Options, name: &str) -> Result<Option<Date>, Error> {
    let Some(value) = options.get(name)? else { return Ok(None) };
    Ok(Some(calendar_date(name, &text(name, &value)?)?))
}
