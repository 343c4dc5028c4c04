//! The transport port over any fetch-compatible function.

use super::records::{JsRecords, is_blank};
use crate::error::HostValue;
use crate::http::{Accept, Body, Headers, Request, Response, Transport, TransportError};
use crate::pages::ListTransport;
use js_sys::{Array, Function, Promise, Reflect};
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, RequestRedirect};

#[wasm_bindgen(module = "/src/bindings/imports/answer.js")]
extern "C" {
    fn exchange(
        fetch: &JsValue,
        url: &str,
        init: &RequestInit,
        read: &str,
        bounded_text: &JsValue,
    ) -> Promise;
}

#[wasm_bindgen(module = "/src/bindings/imports/bounded.js")]
extern "C" {
    #[wasm_bindgen(js_name = boundedReader)]
    fn bounded_reader(most: f64) -> JsValue;
}

#[wasm_bindgen(module = "/src/bindings/imports/redaction.js")]
extern "C" {
    #[wasm_bindgen(js_name = withoutSecrets)]
    fn without_secrets(value: &JsValue, is_cause: bool, redact: &dyn Fn(String) -> String) -> JsValue;
}

#[cfg(feature = "send")]
#[wasm_bindgen(module = "/src/bindings/imports/acknowledgement.js")]
extern "C" {
    #[wasm_bindgen(js_name = saysFailed)]
    fn says_failed(document: &JsValue) -> bool;
}

/// Sends by `fetch`: the one it was given, or the global one as it is at the time of the call.
pub struct Fetch {
    function: Option<Function>,
    /// Reads an answer's text.
    bounded_text: JsValue,
}

impl Fetch {
    /// Over `function`, or else over the global one. Of an answer's content `most` bytes are read.
    pub fn new(function: Option<Function>, most: f64) -> Self {
        Self { function, bounded_text: bounded_reader(most) }
    }

    fn function(&self) -> JsValue {
        match &self.function {
            Some(function) => function.clone().into(),
            None => Reflect::get(&js_sys::global(), &"fetch".into()).unwrap_or(JsValue::UNDEFINED),
        }
    }
}

impl Transport for Fetch {
    type Document = JsValue;

    fn send(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<Response<JsValue>, TransportError>> + 'static {
        let fetch = self.function();
        let bounded_text = self.bounded_text.clone();
        async move {
            let controller = AbortController::new().map_err(|cause| broken(false, cause))?;
            let init = init(&request, &controller);
            let read = match request.accept {
                Accept::Json => "json",
                Accept::JsonOrEmpty | Accept::Acknowledgement(_) => "json-or-empty",
                Accept::Text(_) => "text",
            };
            let mut in_flight = InFlight(Some(controller));
            let answer = exchange(&fetch, &request.url, &init, read, &bounded_text);
            let answer = JsFuture::from(answer).await;
            in_flight.0 = None;
            let redact = |text: String| request.redaction.redact(&text).unwrap_or(text);
            match answer {
                Ok(answer) => Ok(response(&answer.unchecked_into(), &redact)),
                Err(failure) => {
                    // Unless it is known not to have been sent, the server may have acted on it.
                    let unsent =
                        Reflect::get(&failure, &"unsent".into()).is_ok_and(|value| value.is_truthy());
                    let cause = Reflect::get(&failure, &"cause".into()).unwrap_or_default();
                    Err(broken(!unsent, without_secrets(&cause, true, &redact)))
                }
            }
        }
    }

    fn is_blank(document: &JsValue) -> bool {
        is_blank(document)
    }

    #[cfg(feature = "send")]
    fn says_failed(document: &JsValue) -> bool {
        says_failed(document)
    }

    /// Only what was sent is acknowledged.
    #[cfg(not(feature = "send"))]
    fn says_failed(_: &JsValue) -> bool {
        false
    }
}

impl ListTransport for Fetch {
    type Records = JsRecords;

    fn records(document: JsValue) -> Option<JsRecords> {
        document.dyn_into().ok().map(JsRecords)
    }
}

/// A request that is cancelled when nobody waits for it.
struct InFlight(Option<AbortController>);

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

fn broken(sent: bool, cause: JsValue) -> TransportError {
    TransportError { sent, cause: (!cause.is_undefined()).then(|| HostValue(Rc::new(cause))) }
}

fn init(request: &Request, controller: &AbortController) -> RequestInit {
    let headers = gloo_net::http::Headers::new();
    for (name, value) in &request.headers {
        // Checked where they came in: what `Headers` refuses would be a panic here.
        headers.set(name, value);
    }
    let init = RequestInit::new();
    init.set_method(request.method);
    init.set_headers(&headers.into_raw());
    init.set_signal(Some(&controller.signal()));
    // A redirect would take the token along.
    init.set_redirect(RequestRedirect::Manual);
    if let Some(content) = &request.content {
        init.set_body(&js_sys::Uint8Array::from(content.bytes.as_slice()));
    }
    init
}

fn response(answer: &Array, redact: &impl Fn(String) -> String) -> Response<JsValue> {
    let text = |index| answer.get(index).as_string();
    let [status, link, total_count, retry_after, date, request_id, kind, content] = [0, 1, 2, 3, 4, 5, 6, 7];
    let status = answer.get(status).as_f64().unwrap_or_default();
    let status = u16::try_from(super::number::to_whole(status)).unwrap_or_default();
    Response {
        status,
        headers: Headers {
            link: text(link),
            total_count: text(total_count),
            retry_after: text(retry_after),
            date: text(date),
            request_id: text(request_id),
        },
        body: match answer.get(kind).as_f64() {
            Some(1.0) if matches!(status, 200..=299) => Body::Document(answer.get(content)),
            Some(1.0) => Body::Document(without_secrets(&answer.get(content), false, redact)),
            Some(2.0) => Body::NotJson,
            Some(3.0) => Body::TooLarge,
            _ => Body::Empty,
        },
    }
}
