//! Calls as promises.

use super::failure;
use super::signal::{Signal, Watch};
use crate::error::Error;
use crate::http::Abort;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

/// A call under way. Boxed, so that the machinery of promises is compiled once and not for each kind of call.
pub type Calling = LocalBoxFuture<'static, Result<JsValue, Error>>;

/// Runs `call`, which `signal` may abort.
pub fn abortable(signal: Option<Signal>, call: impl FnOnce(Abort) -> Calling) -> Promise {
    let watch = signal.as_ref().map(Signal::watch);
    let call = call(watch.as_ref().map(Watch::abort).unwrap_or_default());
    let watched = async move {
        let outcome = call.await;
        drop(watch);
        outcome
    };
    run(watched.boxed_local(), signal)
}

/// Runs `call`; if it ends by being aborted, with the reason of `signal`.
pub fn run(call: Calling, signal: Option<Signal>) -> Promise {
    future_to_promise(async move { call.await.map_err(|error| failure::to_js(&error, signal.as_ref())) })
}
