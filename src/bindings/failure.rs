//! Errors of the core as the package's error classes.

use super::number;
use super::signal::Signal;
use crate::error::{ApiError, ConnectionError, Error, HostValue, OptionError, PauseEffect};
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/src/bindings/imports/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = optionError)]
    fn option_error(option: &str, message: &str) -> JsValue;
    #[wasm_bindgen(js_name = apiError)]
    fn api_error(
        status: u16,
        method: &str,
        path: &str,
        request_id: Option<String>,
        retry_at: Option<f64>,
        body: JsValue,
        pause: u8,
    ) -> JsValue;
    #[wasm_bindgen(js_name = connectionError)]
    fn connection_error(
        method: &str,
        path: &str,
        timeout: Option<f64>,
        sent: bool,
        cause: JsValue,
    ) -> JsValue;
    #[wasm_bindgen(js_name = protocolError)]
    fn protocol_error(code: &str, message: &str) -> JsValue;
    #[wasm_bindgen(js_name = storeError)]
    fn store_error(code: &str, message: &str, cause: JsValue) -> JsValue;
    /// Puts the report so far on an error of the package, or of the caller's own.
    #[wasm_bindgen(js_name = withReport)]
    pub fn with_report(error: JsValue, report: JsValue, by_source: bool) -> JsValue;
    #[wasm_bindgen(js_name = closedError)]
    fn closed_error() -> JsValue;
}

/// Something given to the library is wrong.
#[cold]
#[inline(never)]
pub fn option(error: OptionError) -> JsValue {
    of_option(&error)
}

fn of_option(error: &OptionError) -> JsValue {
    option_error(&error.option, &error.message)
}

/// The JavaScript error that stands for `error`; where it was aborted, the reason of the caller's signal.
#[inline(never)]
pub fn to_js(error: &Error, signal: Option<&Signal>) -> JsValue {
    match error {
        Error::Option(error) => of_option(error),
        Error::Api(error) => of_api(error),
        Error::Connection(error) => of_connection(error),
        Error::Protocol(error) => protocol_error(error.code, error.message),
        Error::Store(error) => store_error(error.code, error.message, value_of(error.cause.as_ref())),
        Error::Closed => closed_error(),
        Error::Aborted => signal.map(Signal::reason).unwrap_or_default(),
        Error::Thrown(thrown) => value_of(Some(thrown)),
    }
}

fn of_api(error: &ApiError) -> JsValue {
    api_error(
        error.status,
        error.method,
        &error.path,
        error.request_id.clone(),
        error.retry_at.and_then(|at| u64::try_from(at).ok()).map(number::from_count),
        value_of(error.body.as_ref()),
        match error.pause {
            PauseEffect::None => 0,
            PauseEffect::TooLong => 1,
            PauseEffect::Held => 2,
        },
    )
}

fn of_connection(error: &ConnectionError) -> JsValue {
    let timeout = error.timeout.map(number::from_count);
    connection_error(error.method, &error.path, timeout, error.sent, value_of(error.cause.as_ref()))
}

/// What a function of the caller has thrown, for the core to carry.
pub fn thrown(value: JsValue) -> Error {
    Error::Thrown(HostValue(Rc::new(value)))
}

/// What a promise of the caller's resolves to.
pub async fn settled(promise: Promise) -> Result<JsValue, Error> {
    JsFuture::from(promise).await.map_err(thrown)
}

/// The host's value that the core has carried.
fn value_of(foreign: Option<&HostValue>) -> JsValue {
    foreign.and_then(|HostValue(value)| value.downcast_ref::<JsValue>().cloned()).unwrap_or_default()
}
