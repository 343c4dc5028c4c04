//! What users give, read field by field, so that every complaint names the field.
//!
//! Kinds are checked in `options.js`; here are the rules that the core has, about what they hold.

use super::failure;
use super::signal::Signal;
use crate::api::{MAX_SAFE_INTEGER, instant, instant_from_millis, shown, unknown_option, whole_number};
use crate::error::OptionError;
use crate::scan::{skip, until};
use humansync_ingest::time::Instant;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/options.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = readOptions)]
    fn read_options(what: &str, value: &JsValue, spec: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = readValue)]
    fn read_value(name: &str, value: &JsValue, kind: &str) -> Result<JsValue, JsValue>;
}

/// Options of the right kinds, none of them unknown.
pub struct Options(JsValue);

impl Options {
    /// Takes `value`, the argument called `what`. `spec` has a line for each option: its name and its kind.
    pub fn read(what: &str, value: &JsValue, spec: &str) -> Result<Self, JsValue> {
        let options = read_options(what, value, spec)?;
        match options.as_string() {
            None => Ok(Self(options)),
            Some(unknown) => {
                let mut known = Vec::new();
                let mut rest = spec;
                while !rest.is_empty() {
                    let (line, behind) = until(rest, b"\n");
                    known.push(until(line, b" ").0);
                    rest = skip(behind, b"\n");
                }
                Err(failure::option(&unknown_option(&unknown, &known)))
            }
        }
    }

    /// The value of an option; `undefined` where it was not given.
    pub fn get(&self, name: &str) -> JsValue {
        Reflect::get(&self.0, &name.into()).unwrap_or_default()
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).as_string()
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name).as_f64()
    }

    /// A whole number in bounds.
    pub fn whole(&self, name: &str, least: u64, most: u64, default: u64) -> Result<u64, JsValue> {
        match self.number(name) {
            None => Ok(default),
            Some(number) => whole_number(name, number, least, most).map_err(|error| failure::option(&error)),
        }
    }

    /// A whole number; `Infinity` is as much as can be.
    pub fn whole_or_infinite(&self, name: &str, least: u64, default: u64) -> Result<u64, JsValue> {
        if self.number(name) == Some(f64::INFINITY) {
            return Ok(u64::MAX);
        }
        self.whole(name, least, MAX_SAFE_INTEGER, default)
    }

    /// A function.
    pub fn function(&self, name: &str) -> Option<Function> {
        self.get(name).dyn_into().ok()
    }

    /// A point in time: a Date, an RFC 3339 text, or milliseconds since the epoch.
    pub fn instant(&self, name: &str) -> Result<Option<Instant>, JsValue> {
        let value = self.get(name);
        if value.is_undefined() { Ok(None) } else { to_instant(name, &value).map(Some) }
    }

    /// Names and texts.
    pub fn texts(&self, name: &str) -> Vec<(String, String)> {
        let Ok(flat) = self.get(name).dyn_into::<Array>() else { return Vec::new() };
        let mut texts = flat.iter().map(|text| text.as_string().unwrap_or_default());
        let mut pairs = Vec::new();
        while let (Some(name), Some(text)) = (texts.next(), texts.next()) {
            pairs.push((name, text));
        }
        pairs
    }

    /// Texts.
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        let list = self.get(name).dyn_into::<Array>().ok()?;
        Some(list.iter().map(|text| text.as_string().unwrap_or_default()).collect())
    }

    /// A signal.
    pub fn signal(&self) -> Option<Signal> {
        Signal::of(self.get("signal"))
    }
}

/// The argument called `name`, a text.
pub fn text(name: &str, value: &JsValue) -> Result<String, JsValue> {
    Ok(read_value(name, value, "text")?.as_string().unwrap_or_default())
}

/// The value `given` of `option` is none of the `expected` ones.
#[cold]
pub fn no_such(option: &str, given: &str, expected: &str) -> JsValue {
    let message = ["`", option, "` must be ", expected, ", not \"", &shown(given), "\""];
    failure::option(&OptionError::new(option, message.concat()))
}

/// The argument called `name`, a point in time.
pub fn point_in_time(name: &str, value: &JsValue) -> Result<Instant, JsValue> {
    to_instant(name, &read_value(name, value, "instant")?)
}

fn to_instant(name: &str, value: &JsValue) -> Result<Instant, JsValue> {
    let instant: Result<Instant, OptionError> = match value.as_string() {
        Some(text) => instant(name, &text),
        None => instant_from_millis(name, value.as_f64().unwrap_or(f64::NAN)),
    };
    instant.map_err(|error| failure::option(&error))
}
