//! Calls as promises.

use super::failure;
use super::options::Options;
use super::signal::Signal;
use crate::error::Error;
use crate::http::Abort;
use js_sys::Promise;
use std::future::Future;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

/// Runs `call` with the caller's `{ signal }`. Whatever is wrong rejects: a method that gives a promise never throws.
pub fn with_signal<F>(options: &JsValue, call: impl FnOnce(Abort) -> F) -> Promise
where
    F: Future<Output = Result<JsValue, Error>> + 'static,
{
    match Options::read("options", options, &["signal"]).and_then(|options| options.signal()) {
        Ok(signal) => abortable(signal, call),
        Err(error) => Promise::reject(&failure::thrown(error)),
    }
}

/// Runs `call`, which `signal` may abort.
pub fn abortable<F>(signal: Option<Signal>, call: impl FnOnce(Abort) -> F) -> Promise
where
    F: Future<Output = Result<JsValue, Error>> + 'static,
{
    let watch = signal.as_ref().map(Signal::watch);
    let abort = watch.as_ref().map_or_else(Abort::new, |watch| watch.abort());
    let call = call(abort);
    future_to_promise(async move {
        let outcome = call.await;
        drop(watch);
        outcome.map_err(|error| failure::to_js(error, || signal.map(|signal| signal.reason()).unwrap_or_default()))
    })
}
