//! Reads the objects of options that users give into the types of the core.
//!
//! A type that derives `Deserialize` describes texts, numbers and what is made of them; its fields are the names of the
//! options. [`Options::read`] reads them one by one, and `options.js` says what is wrong with a value of the wrong type.
//! Functions, signals, stores and limiters have a method each. [`Options::end`] refuses every name that was not read.
//!
//! The deserializer is our own, as that of serde-wasm-bindgen does not tell which option is wrong
//! (docs/decisions/0011).

mod deserializer;

use super::failure;
use super::signal::Signal;
use crate::options::unknown_option;
use deserializer::{Fields, Value, read_text};
use humansync_ingest::time::Instant;
use js_sys::{Array, Function};
use serde::de::Deserialize;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/bindings/imports/options.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = namesOf)]
    fn names_of(what: &str, value: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_name = valueOf)]
    fn value_of(options: &JsValue, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = readFunction)]
    fn read_function(name: &str, value: &JsValue) -> Result<Function, JsValue>;
    #[wasm_bindgen(catch, js_name = readSecret)]
    fn read_secret(name: &str, value: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = readSignal)]
    fn read_signal(name: &str, value: &JsValue) -> Result<AbortSignal, JsValue>;
    #[wasm_bindgen(catch, js_name = readStore)]
    fn read_store(name: &str, value: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = readLimiter)]
    fn read_limiter(name: &str, value: &JsValue) -> Result<JsValue, JsValue>;
}

/// An object of options that is being read.
pub struct Options {
    /// `undefined` where none were given.
    object: JsValue,
    /// The names of its options.
    names: Array,
    /// The names that were read.
    known: Vec<&'static str>,
}

impl Options {
    /// Begins to read `object`, the argument called `what`.
    pub fn open(what: &str, object: &JsValue) -> Result<Self, JsValue> {
        let names = if object.is_undefined() { Array::new() } else { names_of(what, object)? };
        Ok(Self { object: object.clone(), names, known: Vec::new() })
    }

    /// The options that `T` has as fields.
    pub fn read<'de, T: Deserialize<'de>>(&mut self) -> Result<T, JsValue> {
        T::deserialize(Fields(self)).map_err(|error| error.about(""))
    }

    /// A function.
    pub fn function(&mut self, name: &'static str) -> Result<Option<Function>, JsValue> {
        self.value(name)?.map(|value| read_function(name, &value)).transpose()
    }

    /// A text or a function that yields one.
    pub fn secret(&mut self, name: &'static str) -> Result<Option<JsValue>, JsValue> {
        self.value(name)?.map(|value| read_secret(name, &value)).transpose()
    }

    /// A store.
    pub fn store(&mut self, name: &'static str) -> Result<Option<JsValue>, JsValue> {
        self.value(name)?.map(|value| read_store(name, &value)).transpose()
    }

    /// A limiter.
    pub fn limiter(&mut self, name: &'static str) -> Result<Option<JsValue>, JsValue> {
        self.value(name)?.map(|value| read_limiter(name, &value)).transpose()
    }

    /// The signal, which may be null, as it may for `fetch`.
    pub fn signal(&mut self) -> Result<Option<Signal>, JsValue> {
        let name = "signal";
        let value = self.value(name)?.filter(|value| !value.is_null());
        value.map(|value| read_signal(name, &value).map(Signal::from)).transpose()
    }

    /// Ends reading. Errors: an option that was not read: there is none of this name.
    pub fn end(self) -> Result<(), JsValue> {
        let unknown =
            self.names.iter().filter_map(|name| name.as_string()).find(|name| !self.known.contains(&&**name));
        match unknown {
            Some(name) => Err(failure::option(unknown_option(&name, &self.known))),
            None => Ok(()),
        }
    }

    /// What was given under `name`, read once: it may be a getter.
    fn value(&mut self, name: &'static str) -> Result<Option<JsValue>, JsValue> {
        self.known.push(name);
        if self.object.is_undefined() {
            return Ok(None);
        }
        let value = value_of(&self.object, name)?;
        Ok((!value.is_undefined()).then_some(value))
    }
}

/// Reads an argument that may hold a signal and nothing else.
pub fn signal_alone(value: &JsValue) -> Result<Option<Signal>, JsValue> {
    let mut options = Options::open("options", value)?;
    let signal = options.signal()?;
    options.end()?;
    Ok(signal)
}

/// The argument called `name`, a text.
pub fn text(name: &str, value: &JsValue) -> Result<String, JsValue> {
    read_text(name, value)
}

/// The argument called `name`, a point in time.
pub fn instant(name: &str, value: &JsValue) -> Result<Instant, JsValue> {
    Instant::deserialize(Value { name, value }).map_err(|error| error.about(name))
}
