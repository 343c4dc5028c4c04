//! Reads an object of options with serde: the fields of the type name the options, and the method that a field's type
//! calls says what kind of value is expected.

use super::{Options, names_of, value_of};
use crate::api::decimal;
use crate::bindings::failure;
use crate::error::OptionError;
use js_sys::Array;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::fmt::Display;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/options.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = readText)]
    pub fn read_text(name: &str, value: &JsValue) -> Result<String, JsValue>;
    #[wasm_bindgen(catch, js_name = readNumber)]
    fn read_number(name: &str, value: &JsValue) -> Result<f64, JsValue>;
    #[wasm_bindgen(catch, js_name = readFlag)]
    fn read_flag(name: &str, value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_name = readInstant)]
    fn read_instant(name: &str, value: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = readList)]
    fn read_list(name: &str, value: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_name = readPairs)]
    fn read_pairs(name: &str, value: &JsValue) -> Result<Array, JsValue>;
}

/// Reads a type with named fields, in their order.
pub struct Fields<'o>(pub &'o mut Options);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = ValueError;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_seq(Names { options: self.0, names: fields.iter() })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The fields that are not read yet.
struct Names<'o> {
    options: &'o mut Options,
    names: std::slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Names<'_> {
    type Error = ValueError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ValueError> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let value = self.options.value(name)?.unwrap_or_default();
        read(seed, name, &value).map(Some)
    }
}

/// Reads `value`. An error says that it is the value of `name`.
pub fn read<'de, S: DeserializeSeed<'de>>(
    seed: S,
    name: &str,
    value: &JsValue,
) -> Result<S::Value, ValueError> {
    seed.deserialize(Value { name, value }).map_err(|error| ValueError::Thrown(error.about(name)))
}

/// A value and its name.
pub struct Value<'v> {
    pub name: &'v str,
    pub value: &'v JsValue,
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = ValueError;

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        if self.value.is_undefined() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_string(read_text(self.name, self.value)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_f64(read_number(self.name, self.value)?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_bool(read_flag(self.name, self.value)?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        let members = read_list(self.name, self.value)?;
        visitor.visit_seq(Members { of: self.name, members, at: 0 })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        let pairs = if self.value.is_undefined() { Array::new() } else { read_pairs(self.name, self.value)? };
        visitor.visit_map(Pairs { of: self.name, pairs, at: 0, name: String::new() })
    }

    /// An object in an option: what else it has is not read.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        names_of(self.name, self.value)?;
        visitor.visit_seq(Properties { of: self, names: fields.iter() })
    }

    /// A point in time: a text or a number.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        let value = read_instant(self.name, self.value)?;
        match value.as_string() {
            Some(text) => visitor.visit_string(text),
            None => visitor.visit_f64(value.as_f64().unwrap_or(f64::NAN)),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char bytes byte_buf unit unit_struct newtype_struct tuple
        tuple_struct enum identifier ignored_any
    }
}

/// The properties of an object that are not read yet.
struct Properties<'v> {
    of: Value<'v>,
    names: std::slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Properties<'_> {
    type Error = ValueError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ValueError> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let value = value_of(self.of.value, name)?;
        read(seed, &[self.of.name, ".", name].concat(), &value).map(Some)
    }
}

/// The members of a list.
struct Members<'v> {
    of: &'v str,
    members: Array,
    at: u32,
}

impl<'de> SeqAccess<'de> for Members<'_> {
    type Error = ValueError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ValueError> {
        if self.at >= self.members.length() {
            return Ok(None);
        }
        let name = [self.of, "[", &decimal(u64::from(self.at)), "]"].concat();
        let value = self.members.get(self.at);
        self.at = self.at.saturating_add(1);
        read(seed, &name, &value).map(Some)
    }
}

/// The names and values of an object, in turn.
struct Pairs<'v> {
    of: &'v str,
    pairs: Array,
    at: u32,
    /// The last name.
    name: String,
}

impl<'de> MapAccess<'de> for Pairs<'_> {
    type Error = ValueError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ValueError> {
        if self.at >= self.pairs.length() {
            return Ok(None);
        }
        let key = self.pairs.get(self.at);
        self.name = key.as_string().unwrap_or_default();
        read(seed, self.of, &key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, ValueError> {
        let value = self.pairs.get(self.at.saturating_add(1));
        self.at = self.at.saturating_add(2);
        read(seed, &[self.of, ".", &self.name].concat(), &value)
    }
}

/// What is wrong with a value.
#[derive(Debug)]
pub enum ValueError {
    /// The value breaks a rule of its type.
    Rule(String),
    /// What `options.js` or a getter has thrown.
    Thrown(JsValue),
}

impl ValueError {
    /// The error to throw for the value of `option`.
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

impl From<JsValue> for ValueError {
    fn from(thrown: JsValue) -> Self {
        Self::Thrown(thrown)
    }
}

impl de::Error for ValueError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Rule(message.to_string())
    }

    // Never called, as every field has a value. The message that serde has for it would pull in the standard library's
    // number formatting.
    fn invalid_length(_length: usize, _expected: &dyn de::Expected) -> Self {
        Self::Rule(String::new())
    }
}

impl Display for ValueError {
    fn fmt(&self, _formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for ValueError {}
