//! An `AbortSignal` of the caller, as the core's abort flag.

use crate::error::OptionError;
use crate::http::Abort;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A caller's signal, not yet listened to.
#[derive(Clone)]
pub struct Signal(AbortSignal);

impl Signal {
    /// Checks that `value` is a signal. Other realms and polyfills have classes of their own, so it is asked what it can
    /// do, not what it is.
    pub fn new(value: JsValue) -> Result<Self, OptionError> {
        let has = |key: &str, found: fn(&JsValue) -> bool| {
            value.is_object() && Reflect::get(&value, &key.into()).is_ok_and(|member| found(&member))
        };
        if has("addEventListener", JsValue::is_function) && has("aborted", |aborted| aborted.as_bool().is_some()) {
            Ok(Self(value.unchecked_into()))
        } else {
            Err(OptionError::new("signal", "`signal` must be an AbortSignal"))
        }
    }

    /// What an aborted call rejects with.
    pub fn reason(&self) -> JsValue {
        self.0.reason()
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
}

impl Drop for Watch {
    fn drop(&mut self) {
        let function: &JsValue = self.listener.as_ref();
        let _ignored = self.signal.0.remove_event_listener_with_callback("abort", function.unchecked_ref());
    }
}
