//! Events of the core, told to a listener of the caller.

use super::number::from_count;
use crate::http::{Event, Reason};
use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/events.js")]
extern "C" {
    #[wasm_bindgen(js_name = tellRequest)]
    fn tell_request(listener: &Function, id: u32, method: &str, path: &str, attempt: u32);
    #[wasm_bindgen(js_name = tellResponse)]
    fn tell_response(listener: &Function, id: u32, status: u16, duration: f64, request_id: Option<String>);
    #[wasm_bindgen(js_name = tellRetry)]
    fn tell_retry(listener: &Function, id: u32, attempt: u32, delay: f64, reason: JsValue);
    #[wasm_bindgen(js_name = tellWarning)]
    fn tell_warning(listener: &Function, code: &str, message: &str);
    #[wasm_bindgen(js_name = tellCountShort)]
    fn tell_count_short(listener: &Function, given: f64, total: f64);
}

/// Tells `listener` of each event.
pub fn listener(listener: Function) -> Box<dyn Fn(Event)> {
    Box::new(move |event| match event {
        Event::Request { id, method, path, attempt } => tell_request(&listener, id, method, &path, attempt),
        Event::Response { id, status, duration, request_id } => {
            tell_response(&listener, id, status, from_count(duration), request_id);
        }
        Event::Retry { id, attempt, delay, reason } => {
            let reason = match reason {
                Reason::Status(status) => JsValue::from(status),
                Reason::Connection => "connection".into(),
                Reason::Timeout => "timeout".into(),
                Reason::Size => "size".into(),
                Reason::Secret => "secret".into(),
            };
            tell_retry(&listener, id, attempt, from_count(delay), reason);
        }
        Event::Warning(warning) => tell_warning(&listener, warning.code, warning.message),
        Event::CountShort { given, total } => {
            tell_count_short(&listener, from_count(given), from_count(total));
        }
    })
}
