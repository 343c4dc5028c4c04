//! What users give, read field by field, so that every complaint names the field.

use super::signal::Signal;
use crate::error::{Error, Foreign, OptionError};
use crate::query::{instant, instant_from_millis, unknown_option, whole_number};
use crate::time::Instant;
use js_sys::{Array, Date, Function, Object, Reflect};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// An object of options; left out, it has none.
pub struct Options(Option<Object>);

impl Options {
    /// Takes `value`, the argument called `what`, whose keys may be `known` and no others.
    pub fn read(what: &str, value: &JsValue, known: &[&str]) -> Result<Self, Error> {
        if value.is_undefined() {
            return Ok(Self(None));
        }
        if !value.is_object() || Array::is_array(value) {
            return Err(expected(what, "an object", value).into());
        }
        let object: &Object = value.unchecked_ref();
        for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
            if !known.contains(&key.as_str()) {
                return Err(unknown_option(&key, known).into());
            }
        }
        Ok(Self(Some(object.clone())))
    }

    /// The value of an option, if it was given.
    pub fn get(&self, name: &str) -> Result<Option<JsValue>, Error> {
        let Some(object) = &self.0 else { return Ok(None) };
        let value = Reflect::get(object, &name.into()).map_err(|error| Error::Thrown(Foreign(Rc::new(error))))?;
        Ok(Some(value).filter(|value| !value.is_undefined()))
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<Option<String>, Error> {
        self.get(name)?.map(|value| text(name, &value)).transpose()
    }

    /// A number.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Error> {
        let read = |value: JsValue| value.as_f64().ok_or_else(|| expected(name, "a number", &value).into());
        self.get(name)?.map(read).transpose()
    }

    /// A whole number in bounds.
    pub fn whole(&self, name: &str, least: u64, most: u64) -> Result<Option<u64>, Error> {
        let Some(number) = self.number(name)? else { return Ok(None) };
        Ok(Some(whole_number(name, number, least, most)?))
    }

    /// Whole milliseconds in bounds; `Infinity` is as long as can be.
    pub fn millis(&self, name: &str, least: u64) -> Result<Option<u64>, Error> {
        if self.number(name)? == Some(f64::INFINITY) {
            return Ok(Some(u64::MAX));
        }
        self.whole(name, least, crate::query::MAX_SAFE_INTEGER)
    }

    /// True or false.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Error> {
        let read = |value: JsValue| value.as_bool().ok_or_else(|| expected(name, "true or false", &value).into());
        self.get(name)?.map(read).transpose()
    }

    /// A function.
    pub fn function(&self, name: &str) -> Result<Option<Function>, Error> {
        let read = |value: JsValue| value.dyn_into().map_err(|value| expected(name, "a function", &value).into());
        self.get(name)?.map(read).transpose()
    }

    /// A point in time: a Date, an RFC 3339 text, or milliseconds since the epoch.
    pub fn instant(&self, name: &str) -> Result<Option<Instant>, Error> {
        self.get(name)?.map(|value| Ok(read_instant(name, &value)?)).transpose()
    }

    /// Names and texts.
    pub fn texts(&self, name: &str) -> Result<Vec<(String, String)>, Error> {
        let Some(value) = self.get(name)? else { return Ok(Vec::new()) };
        if !value.is_object() || Array::is_array(&value) {
            return Err(expected(name, "an object of texts", &value).into());
        }
        let entries = Object::entries(value.unchecked_ref());
        let read = |entry: JsValue| {
            let entry: Array = entry.unchecked_into();
            let key = entry.get(0).as_string().unwrap_or_default();
            let value = entry.get(1);
            let value = value.as_string().ok_or_else(|| {
                expected(&[name, ".", &crate::query::shown(&key)].concat(), "a text", &value)
            })?;
            Ok((key, value))
        };
        entries.iter().map(read).collect()
    }

    /// A signal; `null` is none, as for `fetch`.
    pub fn signal(&self) -> Result<Option<Signal>, Error> {
        let given = self.get("signal")?.filter(|value| !value.is_null());
        Ok(given.map(Signal::new).transpose()?)
    }
}

/// A text argument.
pub fn text(name: &str, value: &JsValue) -> Result<String, Error> {
    value.as_string().ok_or_else(|| expected(name, "a text", value).into())
}

/// A point in time.
pub fn read_instant(name: &str, value: &JsValue) -> Result<Instant, OptionError> {
    if let Some(text) = value.as_string() {
        return instant(name, &text);
    }
    let millis = value.as_f64().or_else(|| value.dyn_ref::<Date>().map(Date::get_time));
    match millis {
        Some(millis) => instant_from_millis(name, millis),
        None => Err(expected(
            name,
            "a Date, a text like \"2024-01-31T12:00:00Z\", or milliseconds since 1970",
            value,
        )),
    }
}

/// Says what kind of value came, and not which: it may be a secret.
pub fn expected(name: &str, what: &str, value: &JsValue) -> OptionError {
    let given = if value.is_null() {
        "null".to_owned()
    } else if Array::is_array(value) {
        "an array".to_owned()
    } else {
        value.js_typeof().as_string().unwrap_or_default()
    };
    OptionError::new(name, ["`", name, "` must be ", what, "; it is ", &given].concat())
}
