//! The records port: a JavaScript array that stays where it is.

use super::number;
use crate::pages::{Links, RecordKey, Records};
use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/records.js")]
extern "C" {
    #[wasm_bindgen(js_name = keysOf)]
    fn keys_of(records: &Array) -> String;
    // A slice of numbers is copied by the glue; `catch` and conversions keep it from naming the module once more for
    // each function that needs none, which bundlers complain of.
    fn select(records: &Array, indices: &[u32]) -> Array;
    fn page(records: &Array, offset: f64, total_count: JsValue, links: JsValue, cursor: &str) -> JsValue;
    /// Whether a document says that there is nothing.
    #[wasm_bindgen(js_name = isBlank)]
    pub fn is_blank(document: &JsValue) -> bool;
}

#[wasm_bindgen(module = "/src/js/links.js")]
extern "C" {
    #[wasm_bindgen(js_name = pageLinks)]
    fn page_links(
        first: Option<String>,
        prev: Option<String>,
        next: Option<String>,
        last: Option<String>,
    ) -> JsValue;
}

/// Records as the engine's own parser made them.
pub struct JsRecords(pub Array);

impl Records for JsRecords {
    fn keys(&self) -> Vec<RecordKey> {
        let keys = keys_of(&self.0);
        keys.split_terminator('\0')
            .map(|key| match key.strip_prefix('+') {
                Some(id) => RecordKey::of_id(id),
                None => RecordKey::of_content(key),
            })
            .collect()
    }

    fn select(self, indices: &[usize]) -> Self {
        let indices: Vec<u32> = indices.iter().filter_map(|&index| u32::try_from(index).ok()).collect();
        Self(select(&self.0, &indices))
    }
}

/// A page as its reader sees it.
pub fn to_page(from: crate::pages::Page<JsRecords>) -> JsValue {
    let total = from.total_count.map_or(JsValue::UNDEFINED, |total| number::from_count(total).into());
    page(&from.records.0, number::from_count(from.offset), total, links(from.links), &from.cursor)
}

fn links(links: Links) -> JsValue {
    page_links(links.first, links.prev, links.next, links.last)
}
