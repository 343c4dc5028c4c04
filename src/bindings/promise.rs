//! Calls as promises.

use super::failure;
use super::signal::{Signal, Watch};
use crate::error::Error;
use crate::http::Abort;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use std::future::Future;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

type Outcome = Result<JsValue, Error>;

/// Runs `call`, which `signal` may abort.
pub fn abortable<C>(signal: Option<Signal>, call: impl FnOnce(Abort) -> C) -> Promise
where
    C: Future<Output = Outcome> + 'static,
{
    let watch = signal.as_ref().map(Signal::watch);
    let call = call(watch.as_ref().map(Watch::abort).unwrap_or_default());
    run_boxed(call.boxed_local(), watch, signal)
}

/// Runs `call`; if it ends by being aborted, with the reason of `signal`.
pub fn run(call: impl Future<Output = Outcome> + 'static, signal: Option<Signal>) -> Promise {
    run_boxed(call.boxed_local(), None, signal)
}

/// Boxed, so that the machinery of promises is compiled once and not for each kind of call.
fn run_boxed(
    call: LocalBoxFuture<'static, Outcome>,
    watch: Option<Watch>,
    signal: Option<Signal>,
) -> Promise {
    future_to_promise(async move {
        let outcome = call.await;
        drop(watch);
        outcome.map_err(|error| failure::to_js(&error, signal.as_ref()))
    })
}
