//! Errors of the core as the package's error classes.

use super::number;
use crate::error::{ApiError, ConnectionError, Error, Foreign};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = optionError)]
    fn option_error(option: &str, message: &str) -> JsValue;
    #[wasm_bindgen(js_name = apiError)]
    fn api_error(
        name: &str,
        code: &str,
        message: &str,
        status: u16,
        method: &str,
        path: &str,
        request_id: Option<String>,
        retry_at: Option<f64>,
        body: JsValue,
    ) -> JsValue;
    #[wasm_bindgen(js_name = connectionError)]
    fn connection_error(timed_out: bool, message: &str, sent: bool, cause: JsValue) -> JsValue;
    #[wasm_bindgen(js_name = protocolError)]
    fn protocol_error(code: &str, message: &str) -> JsValue;
    #[wasm_bindgen(js_name = closedError)]
    fn closed_error(message: &str) -> JsValue;
}

/// The JavaScript error that stands for `error`; `reason` is what an aborted call rejects with.
pub fn to_js(error: Error, reason: impl FnOnce() -> JsValue) -> JsValue {
    match error {
        Error::Option(error) => option_error(&error.option, &error.message),
        Error::Api(error) => of_api(error),
        Error::Connection(error) => of_connection(error),
        Error::Protocol(error) => protocol_error(error.code, &error.message),
        Error::Closed => closed_error(&Error::Closed.to_string()),
        Error::Aborted => reason(),
        Error::Thrown(thrown) => value_of(Some(thrown)),
    }
}

/// The same for a call that nobody can abort.
pub fn thrown(error: impl Into<Error>) -> JsValue {
    to_js(error.into(), || JsValue::UNDEFINED)
}

fn of_api(error: ApiError) -> JsValue {
    let message = error.message();
    let (class, code) = (error.class(), error.code());
    let retry_at = error.retry_at.and_then(|at| u64::try_from(at).ok()).map(number::from_count);
    let body = value_of(error.body);
    let ApiError { status, method, path, request_id, .. } = error;
    api_error(class, code, &message, status, method, &path, request_id, retry_at, body)
}

fn of_connection(error: ConnectionError) -> JsValue {
    let message = error.message();
    connection_error(error.timeout.is_some(), &message, error.sent, value_of(error.cause))
}

/// What the host handed to the core, taken back.
fn value_of(foreign: Option<Foreign>) -> JsValue {
    foreign.and_then(|Foreign(value)| value.downcast_ref::<JsValue>().cloned()).unwrap_or_default()
}
