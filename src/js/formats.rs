//! The formats on their own: `queryString`, `parseLinkHeader`, `parseRetryAfter`.

use super::failure::thrown;
use super::number;
use super::options::{read_instant, text};
use super::query_options::Given;
use crate::error::{Error, OptionError};
use crate::link;
use crate::retry;
use crate::uri;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

/// The query string alone, without `?`.
#[wasm_bindgen(js_name = queryString)]
pub fn query_string(query: JsValue) -> Result<String, JsValue> {
    Given::read(&query).and_then(string_of).map_err(thrown)
}

fn string_of(given: Given) -> Result<String, Error> {
    if given.cursor.is_some() {
        return Err(OptionError::new(
            "cursor",
            "`cursor` goes on with a walk over pages, which a query string alone cannot; give it to a list method",
        )
        .into());
    }
    Ok(given.query.to_query_string())
}

#[derive(Serialize)]
struct LinkEntry {
    uri: String,
    rel: Vec<String>,
    params: BTreeMap<String, String>,
}

/// The links of a Link field.
#[wasm_bindgen(js_name = parseLinkHeader)]
pub fn parse_link_header(value: JsValue, base: JsValue) -> Result<JsValue, JsValue> {
    let value = text("value", &value).map_err(thrown)?;
    let base = if base.is_undefined() { None } else { Some(text("base", &base).map_err(thrown)?) };
    if base.as_deref().is_some_and(|base| uri::Uri::split(base).scheme.is_none()) {
        return Err(thrown(OptionError::new(
            "base",
            "`base` must be an absolute URL like \"https://api.humanapi.co/v1/human\"",
        )));
    }
    let entries: Vec<LinkEntry> = link::parse(&value).into_iter().map(|entry| entry_of(entry, base.as_deref())).collect();
    // Texts always serialise.
    Ok(entries.serialize(&Serializer::json_compatible()).unwrap_or_default())
}

fn entry_of(entry: link::Link, base: Option<&str>) -> LinkEntry {
    let mut params = BTreeMap::new();
    for (name, value) in entry.params {
        params.entry(name).or_insert(value);
    }
    let uri = match base {
        Some(base) => uri::resolve(base, &entry.target),
        None => entry.target,
    };
    LinkEntry { uri, rel: entry.rel, params }
}

/// Milliseconds to wait from `now`, or `undefined` where the value is not valid.
#[wasm_bindgen(js_name = parseRetryAfter)]
pub fn parse_retry_after(value: JsValue, now: JsValue) -> Result<Option<f64>, JsValue> {
    let value = text("value", &value).map_err(thrown)?;
    let now = if now.is_undefined() {
        number::to_whole(js_sys::Date::now())
    } else {
        read_instant("now", &now).map_err(thrown)?.unix_millis()
    };
    Ok(retry::parse_retry_after(&value, now).map(number::from_count))
}
