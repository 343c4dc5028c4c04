//! Functions of the caller: `onEvent`, whose errors are ignored, and `onProgress` and `onRejected`, whose errors end the
//! upload or the run.

use super::failure::thrown;
use super::plain_object::plain_object;
use crate::error::Error;
use crate::http::Event;
use js_sys::{Array, Function};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/events.js")]
extern "C" {
    #[wasm_bindgen(js_name = tellEvent)]
    fn tell_event(listener: &Function, event: &JsValue);
    #[wasm_bindgen(catch, js_name = tellProgress)]
    fn tell_progress(listener: &Function, what: &JsValue, failures: &Array) -> Result<(), JsValue>;
}

/// `onEvent`.
pub fn event_listener(listener: Function) -> Box<dyn Fn(Event)> {
    Box::new(move |event| tell_event(&listener, &plain_object(&event)))
}

/// `onProgress` and `onRejected`.
pub struct JsListener {
    progress: Option<Function>,
    rejected: Option<Function>,
    /// What they have failed with by a promise, which comes later.
    failures: Array,
}

impl JsListener {
    /// Of `onProgress` and `onRejected`.
    pub fn new(progress: Option<Function>, rejected: Option<Function>) -> Self {
        Self { progress, rejected, failures: Array::new() }
    }

    fn tell(&self, listener: Option<&Function>, what: &impl Serialize) -> Result<(), Error> {
        let Some(listener) = listener else { return Ok(()) };
        self.failed()?;
        tell_progress(listener, &plain_object(what), &self.failures).map_err(thrown)
    }

    fn failed(&self) -> Result<(), Error> {
        if self.failures.length() > 0 { Err(thrown(self.failures.get(0))) } else { Ok(()) }
    }
}

#[cfg(feature = "sync")]
impl crate::sync::SyncListener for JsListener {
    fn progress(&self, progress: &crate::sync::SyncProgress) -> Result<(), Error> {
        self.tell(self.progress.as_ref(), progress)
    }

    fn outcome(&self) -> Result<(), Error> {
        self.failed()
    }
}

#[cfg(feature = "send")]
impl crate::upload::UploadListener for JsListener {
    fn progress(&self, progress: &crate::upload::UploadProgress) -> Result<(), Error> {
        self.tell(self.progress.as_ref(), progress)
    }

    fn rejected(&self, rejection: &humansync_ingest::Rejection) -> Result<(), Error> {
        self.tell(self.rejected.as_ref(), rejection)
    }

    fn outcome(&self) -> Result<(), Error> {
        self.failed()
    }
}
