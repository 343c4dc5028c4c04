//! Events of the core, told to a listener of the caller.

use super::plain_object::plain_object;
use crate::http::Event;
use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/events.js")]
extern "C" {
    #[wasm_bindgen(js_name = tellEvent)]
    fn tell_event(listener: &Function, event: &JsValue);
}

/// Tells `listener` of each event.
pub fn listener(listener: Function) -> Box<dyn Fn(Event)> {
    Box::new(move |event| tell_event(&listener, &plain_object(&event)))
}
