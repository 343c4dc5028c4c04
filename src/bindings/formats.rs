//! The formats on their own: `queryString`, `parseLinkHeader`, `parseRetryAfter`.

use super::failure;
use super::number;
use super::options::{instant, text};
use super::plain_object::plain_object;
use super::query_options::{QueryOptions, checked};
use crate::http::link::{Link, parse_resolved};
use crate::http::retry;
use crate::options::no_cursor;
use js_sys::{Array, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A link as `parseLinkHeader` gives it.
#[derive(Serialize)]
struct LinkEntry<'l> {
    uri: &'l str,
    rel: Vec<&'l str>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    params: Object,
}

/// The query string alone, without `?`.
#[wasm_bindgen(js_name = queryString)]
pub fn query_string(query: &JsValue) -> Result<String, JsValue> {
    let QueryOptions { init, cursor, signal: _ } = QueryOptions::read(query)?;
    let query = checked(init)?;
    no_cursor(cursor.as_deref()).map_err(failure::option)?;
    Ok(query.to_query_string())
}

/// The links of a Link field.
#[wasm_bindgen(js_name = parseLinkHeader)]
pub fn parse_link_header(value: &JsValue, base: &JsValue) -> Result<Array, JsValue> {
    let value = text("value", value)?;
    let base = if base.is_undefined() { None } else { Some(text("base", base)?) };
    let links = parse_resolved(&value, base.as_deref()).map_err(failure::option)?;
    let entry = |link: &Link| {
        plain_object(&LinkEntry {
            uri: &link.target,
            rel: link.relations().collect(),
            params: params_of(link),
        })
    };
    Ok(links.iter().map(entry).collect())
}

/// The parameters by name; of several with the same name the first one counts (RFC 8288 §3).
fn params_of(link: &Link) -> Object {
    let entries = Array::new();
    for (index, (name, value)) in link.params.iter().enumerate() {
        if link.params.iter().position(|(earlier, _)| earlier == name) == Some(index) {
            entries.push(&Array::of2(&name.into(), &value.into()));
        }
    }
    // Defined, not assigned: a parameter may be called `__proto__`.
    Object::from_entries(&entries).unwrap_or_default()
}

/// Milliseconds to wait from `now`, or `undefined` where the value is not valid.
#[wasm_bindgen(js_name = parseRetryAfter)]
pub fn parse_retry_after(value: &JsValue, now: &JsValue) -> Result<Option<f64>, JsValue> {
    let value = text("value", value)?;
    let now = if now.is_undefined() {
        number::to_whole(js_sys::Date::now())
    } else {
        instant("now", now)?.unix_millis()
    };
    Ok(retry::parse_retry_after(&value, now).map(number::from_count))
}
