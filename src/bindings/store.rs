//! The store port over an object with `get`, `set`, `delete`, `keys` and `lock`.

use super::failure::settled;
use super::signal::{Signal, Watch};
use crate::error::Error;
use crate::http::Abort;
use crate::store::{Lock, Store};
use js_sys::{Array, Promise, Uint8Array};
use std::future::Future;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/bindings/imports/store.js")]
extern "C" {
    #[wasm_bindgen(js_name = getValue)]
    fn get_value(store: &JsValue, key: &str) -> Promise;
    #[wasm_bindgen(js_name = setValue)]
    fn set_value(store: &JsValue, key: &str, value: &Uint8Array, lease: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = deleteValue)]
    fn delete_value(store: &JsValue, key: &str, lease: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = keysOf)]
    fn keys_of(store: &JsValue, prefix: &str) -> Promise;

    type Ticket;
    #[wasm_bindgen(constructor)]
    fn new(store: &JsValue, name: &str) -> Ticket;
    #[wasm_bindgen(method, getter)]
    fn held(this: &Ticket) -> Promise;
    /// What the store tells the holder; undefined of stores that tell nothing.
    #[wasm_bindgen(method, getter)]
    fn lease(this: &Ticket) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &Ticket) -> Option<AbortSignal>;
    #[wasm_bindgen(method)]
    fn release(this: &Ticket) -> Promise;
    #[wasm_bindgen(method)]
    fn abandon(this: &Ticket);
}

/// A store of the package, or of its user.
pub struct JsStore(pub JsValue);

/// A lock that is held.
pub struct JsLock {
    store: JsValue,
    ticket: TicketGuard,
    /// Listens to the signal of the lease.
    watch: Option<Watch>,
}

/// A ticket that is given back when it is dropped, whether the lock is held or waited for.
struct TicketGuard(Ticket);

impl Store for JsStore {
    type Lock = JsLock;

    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + 'static {
        let promise = get_value(&self.0, key);
        async move {
            let value = settled(promise).await?;
            Ok(value.dyn_into::<Uint8Array>().ok().map(|value| value.to_vec()))
        }
    }

    fn keys(&self, prefix: &str) -> impl Future<Output = Result<Vec<String>, Error>> + 'static {
        let promise = keys_of(&self.0, prefix);
        async move {
            let keys: Array = settled(promise).await?.unchecked_into();
            Ok(keys.iter().filter_map(|key| key.as_string()).collect())
        }
    }

    fn lock(&self, name: &str) -> impl Future<Output = Result<JsLock, Error>> + 'static {
        let ticket = TicketGuard(Ticket::new(&self.0, name));
        let store = self.0.clone();
        async move {
            settled(ticket.0.held()).await?;
            let watch = ticket.0.signal().map(|signal| Signal::from(signal).watch());
            Ok(JsLock { store, ticket, watch })
        }
    }
}

impl Lock for JsLock {
    fn set(&self, key: &str, value: Vec<u8>) -> impl Future<Output = Result<(), Error>> + 'static {
        // A copy: what a store keeps must not be a view of this memory.
        let bytes = Uint8Array::from(value.as_slice());
        done(set_value(&self.store, key, &bytes, &self.ticket.0.lease()))
    }

    fn delete(&self, key: &str) -> impl Future<Output = Result<(), Error>> + 'static {
        done(delete_value(&self.store, key, &self.ticket.0.lease()))
    }

    fn lost(&self) -> Abort {
        self.watch.as_ref().map(Watch::abort).unwrap_or_default()
    }

    fn release(&self) -> impl Future<Output = Result<(), Error>> + 'static {
        done(self.ticket.0.release())
    }
}

async fn done(promise: Promise) -> Result<(), Error> {
    settled(promise).await.map(|_| ())
}

impl Drop for TicketGuard {
    fn drop(&mut self) {
        // Also if the lock was only waited for.
        self.0.abandon();
    }
}
