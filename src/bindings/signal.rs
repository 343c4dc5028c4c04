//! An `AbortSignal` of the caller, as the core's abort flag.

use crate::http::Abort;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/bindings/imports/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = abortReason)]
    fn abort_reason(signal: &AbortSignal) -> JsValue;
}

/// A caller's signal, not yet listened to.
#[derive(Clone)]
pub struct Signal(AbortSignal);

impl From<AbortSignal> for Signal {
    fn from(signal: AbortSignal) -> Self {
        Self(signal)
    }
}

impl Signal {
    /// What an aborted call rejects with.
    pub fn reason(&self) -> JsValue {
        abort_reason(&self.0)
    }

    /// Listens until the returned value is dropped.
    pub fn watch(&self) -> Watch {
        let abort = Abort::new();
        let flag = abort.clone();
        let listener = Closure::new(move || flag.abort());
        if self.0.aborted() {
            abort.abort();
        } else {
            let function: &JsValue = listener.as_ref();
            // A polyfill that cannot listen is as good as a signal that is never aborted.
            let _ignored = self.0.add_event_listener_with_callback("abort", function.unchecked_ref());
        }
        Watch { signal: self.clone(), abort, listener }
    }
}

/// A signal that is listened to.
pub struct Watch {
    signal: Signal,
    abort: Abort,
    listener: Closure<dyn FnMut()>,
}

impl Watch {
    /// The flag that goes up with the signal.
    pub fn abort(&self) -> Abort {
        self.abort.clone()
    }

    /// The signal.
    pub fn signal(&self) -> Signal {
        self.signal.clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let function: &JsValue = self.listener.as_ref();
        let _ignored = self.signal.0.remove_event_listener_with_callback("abort", function.unchecked_ref());
    }
}
