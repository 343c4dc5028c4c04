//! An `AbortSignal` of the caller, as the core's abort flag.

use super::failure;
use crate::http::Abort;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A caller's signal, not yet listened to.
#[derive(Clone)]
pub struct Signal(AbortSignal);

impl Signal {
    /// A value that `options.js` has found to be a signal, or `undefined`.
    pub fn of(value: JsValue) -> Option<Self> {
        (!value.is_undefined()).then(|| Self(value.unchecked_into()))
    }

    /// What an aborted call rejects with.
    pub fn reason(&self) -> JsValue {
        failure::abort_reason(&self.0)
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
