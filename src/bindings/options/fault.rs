//! Why something could not be read.

use crate::bindings::failure;
use crate::error::OptionError;
use serde::de;
use std::fmt::Display;
use wasm_bindgen::JsValue;

/// What is wrong with a value.
#[derive(Debug)]
pub enum Fault {
    /// The value breaks a rule of its type.
    Rule(String),
    /// What `options.js` or a getter has thrown.
    Thrown(JsValue),
}

impl Fault {
    /// What its user is told; `option` is whose value it is.
    #[cold]
    pub fn about(self, option: &str) -> JsValue {
        match self {
            Self::Rule(message) => {
                failure::option(OptionError::new(option, [option, ": ", &message].concat()))
            }
            Self::Thrown(error) => error,
        }
    }
}

impl From<JsValue> for Fault {
    fn from(thrown: JsValue) -> Self {
        Self::Thrown(thrown)
    }
}

impl de::Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self::Rule(message.to_string())
    }

    // Cannot happen, as every field is there. The message that serde has for it would bring the standard library's
    // printers along.
    fn invalid_length(_length: usize, _expected: &dyn de::Expected) -> Self {
        Self::Rule(String::new())
    }
}

impl Display for Fault {
    fn fmt(&self, _formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Fault {}
