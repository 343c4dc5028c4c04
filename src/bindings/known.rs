//! The records that a consumer has, over whatever JavaScript has them in: `known.js` reads it, in chunks.

use super::failure::settled;
use crate::error::Error;
use crate::sync::{KnownRecord, KnownRecords};
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/known.js")]
extern "C" {
    #[wasm_bindgen(js_name = Known)]
    type Chunks;
    #[wasm_bindgen(catch, js_name = openKnown)]
    fn open_known(known: &JsValue) -> Result<Chunks, JsValue>;
    #[wasm_bindgen(method)]
    fn next(this: &Chunks) -> Promise;
    #[wasm_bindgen(method)]
    fn keep(this: &Chunks, indices: &[u32]);
    #[wasm_bindgen(method)]
    fn narrow(this: &Chunks);
    #[wasm_bindgen(method, getter)]
    fn kept(this: &Chunks) -> Array;
    #[wasm_bindgen(method)]
    fn cancel(this: &Chunks);
}

/// Chunks of records. Dropped before their end, the consumer is told that no more are needed.
pub struct JsKnown(Chunks);

impl JsKnown {
    /// Over `known`; nothing is read yet.
    pub fn open(known: &JsValue) -> Result<Self, JsValue> {
        open_known(known).map(Self)
    }

    /// The records that were kept.
    pub fn kept(&self) -> JsValue {
        self.0.kept().into()
    }
}

impl KnownRecords for JsKnown {
    async fn next(&mut self) -> Result<Option<Vec<KnownRecord>>, Error> {
        let given = settled(self.0.next()).await?;
        if given.is_undefined() {
            return Ok(None);
        }
        let bytes = given.unchecked_into::<Uint8Array>().to_vec();
        let mut texts = bytes.split_inclusive(|&byte| byte == 0).filter_map(|text| text.strip_suffix(&[0]));
        let mut records = Vec::new();
        while let (Some(id), Some(person)) = (texts.next(), texts.next()) {
            records.push(match id {
                [b'=', id @ ..] => KnownRecord::of_json_id(id, person),
                id => KnownRecord::of_id(id.strip_prefix(b"+").unwrap_or(id), person),
            });
        }
        Ok(Some(records))
    }

    fn keep(&mut self, indices: &[usize]) {
        let indices: Vec<u32> = indices.iter().filter_map(|&index| u32::try_from(index).ok()).collect();
        self.0.keep(&indices);
    }

    fn narrow(&mut self) {
        self.0.narrow();
    }
}

impl Drop for JsKnown {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
