//! The records port: a JavaScript array that stays where it is.

use super::number::from_count;
use super::plain_object::plain_object;
use crate::pages::{Page, People, RecordKey, RecordList};
use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/records.js")]
extern "C" {
    #[wasm_bindgen(js_name = keysOf)]
    fn keys_of(records: &Array, with_people: bool) -> Vec<u8>;
    #[wasm_bindgen(js_name = stampsOf)]
    fn stamps_of(records: &Array) -> Vec<u8>;
    #[wasm_bindgen(js_name = contentsOf)]
    fn contents_of(records: &Array) -> Vec<u8>;
    // A slice of numbers is copied by the glue; `catch` and conversions keep it from naming the module once more for
    // each function that needs none, which bundlers complain of.
    fn select(records: &Array, indices: &[u32]) -> Array;
    #[wasm_bindgen(js_name = pageOf)]
    fn page_of(
        records: &Array,
        offset: f64,
        total_count: Option<f64>,
        links: &JsValue,
        place: &[u8],
        list: f64,
    ) -> JsValue;
    /// Whether a document says that there is nothing.
    #[wasm_bindgen(js_name = isBlank)]
    pub fn is_blank(document: &JsValue) -> bool;
}

/// Records as the engine's own parser made them.
pub struct JsRecords(pub Array);

impl RecordList for JsRecords {
    fn none() -> Self {
        Self(Array::new())
    }

    fn count(&self) -> usize {
        usize::try_from(self.0.length()).unwrap_or(usize::MAX)
    }

    fn keys(&self, people: People) -> Vec<RecordKey> {
        let bytes = keys_of(&self.0, people == People::Many);
        let mut texts = texts(&bytes);
        let mut keys = Vec::with_capacity(self.count());
        while let Some(key) = texts.next() {
            let key = match key {
                [b'+', id @ ..] => RecordKey::of_id(id),
                [b'=', id @ ..] => RecordKey::of_json_id(id),
                content => RecordKey::of_content(content),
            };
            keys.push(match people {
                People::One => key,
                People::Many => key.owned_by(texts.next().unwrap_or_default()),
            });
        }
        keys
    }

    fn each_updated_at(&self, visit: impl FnMut(&[u8])) {
        texts(&stamps_of(&self.0)).for_each(visit);
    }

    fn each_content(&self, visit: impl FnMut(&[u8])) {
        texts(&contents_of(&self.0)).for_each(visit);
    }

    fn select(self, indices: &[usize]) -> Self {
        let indices: Vec<u32> = indices.iter().filter_map(|&index| u32::try_from(index).ok()).collect();
        Self(select(&self.0, &indices))
    }
}

/// Texts that each end with a zero.
fn texts(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let end = bytes.iter().position(|&byte| byte == 0)?;
        let text = bytes.get(..end);
        bytes = bytes.get(end..)?.get(1..)?;
        text
    })
}

/// A page as its reader sees it. Frozen but for its records, which are the caller's.
pub fn to_page(page: Page<JsRecords>) -> JsValue {
    let (place, list) = (page.cursor.cursor.to_bytes(), from_count(page.cursor.list));
    let total_count = page.total_count.map(from_count);
    page_of(&page.records.0, from_count(page.offset), total_count, &plain_object(&page.links), &place, list)
}
