//! The store port over an object with `get`, `set`, `delete`, `keys` and `lock`.

use super::failure::settled;
use crate::error::Error;
use crate::store::{Lock, Store};
use js_sys::{Array, Promise, Uint8Array};
use std::future::Future;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/store.js")]
extern "C" {
    #[wasm_bindgen(js_name = getValue)]
    fn get_value(store: &JsValue, key: &str) -> Promise;
    #[wasm_bindgen(js_name = setValue)]
    fn set_value(store: &JsValue, key: &str, value: &Uint8Array) -> Promise;
    #[wasm_bindgen(js_name = deleteValue)]
    fn delete_value(store: &JsValue, key: &str) -> Promise;
    #[wasm_bindgen(js_name = keysOf)]
    fn keys_of(store: &JsValue, prefix: &str) -> Promise;

    type Ticket;
    #[wasm_bindgen(constructor)]
    fn new(store: &JsValue, name: &str) -> Ticket;
    #[wasm_bindgen(method, getter)]
    fn held(this: &Ticket) -> Promise;
    #[wasm_bindgen(method)]
    fn release(this: &Ticket) -> Promise;
    #[wasm_bindgen(method)]
    fn abandon(this: &Ticket);
}

/// A store of the package, or of its user.
pub struct JsStore(pub JsValue);

/// A lock that is held or waited for.
pub struct JsLock(Ticket);

impl Store for JsStore {
    type Lock = JsLock;

    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + 'static {
        let promise = get_value(&self.0, key);
        async move {
            let value = settled(promise).await?;
            Ok(value.dyn_into::<Uint8Array>().ok().map(|value| value.to_vec()))
        }
    }

    fn set(&self, key: &str, value: Vec<u8>) -> impl Future<Output = Result<(), Error>> + 'static {
        // A copy: what a store keeps must not be a view of this memory.
        let promise = set_value(&self.0, key, &Uint8Array::from(value.as_slice()));
        async move { settled(promise).await.map(|_| ()) }
    }

    fn delete(&self, key: &str) -> impl Future<Output = Result<(), Error>> + 'static {
        let promise = delete_value(&self.0, key);
        async move { settled(promise).await.map(|_| ()) }
    }

    fn keys(&self, prefix: &str) -> impl Future<Output = Result<Vec<String>, Error>> + 'static {
        let promise = keys_of(&self.0, prefix);
        async move {
            let keys: Array = settled(promise).await?.unchecked_into();
            Ok(keys.iter().filter_map(|key| key.as_string()).collect())
        }
    }

    fn lock(&self, name: &str) -> impl Future<Output = Result<JsLock, Error>> + 'static {
        let ticket = JsLock(Ticket::new(&self.0, name));
        async move {
            settled(ticket.0.held()).await?;
            Ok(ticket)
        }
    }
}

impl Lock for JsLock {
    async fn release(self) -> Result<(), Error> {
        settled(self.0.release()).await.map(|_| ())
    }
}

impl Drop for JsLock {
    fn drop(&mut self) {
        // Also where it was only waited for.
        self.0.abandon();
    }
}
