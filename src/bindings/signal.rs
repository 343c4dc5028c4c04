//! An `AbortSignal` of the caller, as the core's abort flag.

use crate::http::Abort;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/bindings/imports/signal.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = onAbort)]
    fn on_abort(signal: &AbortSignal, act: &JsValue) -> Result<Function, JsValue>;
    #[wasm_bindgen(js_name = abortReason)]
    fn abort_reason(signal: &AbortSignal) -> JsValue;
}

// wasm-bindgen packages only the files that are named in Rust, and not what these import.
#[wasm_bindgen(module = "/src/bindings/imports/quietly.js")]
extern "C" {
    #[allow(dead_code)]
    fn quietly(act: &Function);
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
        // It took listeners when the option was read. If it fails now, the call is aborted.
        let end = on_abort(&self.0, listener.as_ref()).map_err(|_| abort.abort()).ok();
        Watch { signal: self.clone(), abort, end, _listener: listener }
    }
}

/// A signal that is listened to.
pub struct Watch {
    signal: Signal,
    abort: Abort,
    /// Ends the listening.
    end: Option<Function>,
    _listener: Closure<dyn FnMut()>,
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
        if let Some(end) = &self.end {
            let _ignored = end.call0(&JsValue::UNDEFINED);
        }
    }
}
