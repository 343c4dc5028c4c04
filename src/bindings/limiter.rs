//! The limiter port over an object with `enter` and `pause`.

use super::failure::settled;
use super::number::from_count;
use crate::error::Error;
use crate::http::{Limiter, SharedLane};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/limiter.js")]
extern "C" {
    type Entry;
    #[wasm_bindgen(constructor)]
    fn new(limiter: &JsValue) -> Entry;
    #[wasm_bindgen(method, getter)]
    fn entered(this: &Entry) -> Promise;
    #[wasm_bindgen(method)]
    fn leave(this: &Entry);
    #[wasm_bindgen(js_name = pauseUntil)]
    fn pause_until(limiter: &JsValue, until: f64) -> Promise;
}

/// A limiter of the user.
pub struct JsLimiter(pub JsValue);

impl Limiter for JsLimiter {
    fn enter(&self) -> LocalBoxFuture<'static, Result<SharedLane, Error>> {
        let entry = Rc::new(Entry::new(&self.0));
        let entered = entry.entered();
        // From here on, dropping it gives the lane back or ends the wait.
        let shared = SharedLane::new(move || entry.leave());
        async move { settled(entered).await.map(|_| shared) }.boxed_local()
    }

    fn pause(&self, until: i64) -> LocalBoxFuture<'static, Result<(), Error>> {
        let told = pause_until(&self.0, from_count(u64::try_from(until).unwrap_or_default()));
        async move { settled(told).await.map(|_| ()) }.boxed_local()
    }
}
