//! One value as serde reads it. Which of the methods below a type calls says what is expected.

use super::fault::Fault;
use crate::api::decimal;
use js_sys::Array;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
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

/// Reads `value`, of which whatever is wrong is told by `name`.
pub fn read<'de, S: DeserializeSeed<'de>>(seed: S, name: &str, value: &JsValue) -> Result<S::Value, Fault> {
    seed.deserialize(Value { name, value }).map_err(|fault| Fault::Thrown(fault.about(name)))
}

/// A value, and what it is called.
pub struct Value<'v> {
    pub name: &'v str,
    pub value: &'v JsValue,
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Fault;

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.value.is_undefined() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_string(read_text(self.name, self.value)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(read_number(self.name, self.value)?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_bool(read_flag(self.name, self.value)?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let members = read_list(self.name, self.value)?;
        visitor.visit_seq(Members { of: self.name, members, at: 0 })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let pairs = if self.value.is_undefined() { Array::new() } else { read_pairs(self.name, self.value)? };
        visitor.visit_map(Pairs { of: self.name, pairs, at: 0, name: String::new() })
    }

    /// What says itself what it is: a point in time.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let value = read_instant(self.name, self.value)?;
        match value.as_string() {
            Some(text) => visitor.visit_string(text),
            None => visitor.visit_f64(value.as_f64().unwrap_or(f64::NAN)),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char bytes byte_buf unit unit_struct newtype_struct tuple
        tuple_struct struct enum identifier ignored_any
    }
}

/// What is in a list.
struct Members<'v> {
    of: &'v str,
    members: Array,
    at: u32,
}

impl<'de> SeqAccess<'de> for Members<'_> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        if self.at >= self.members.length() {
            return Ok(None);
        }
        let name = [self.of, "[", &decimal(u64::from(self.at)), "]"].concat();
        let value = self.members.get(self.at);
        self.at = self.at.saturating_add(1);
        read(seed, &name, &value).map(Some)
    }
}

/// Names and values in turn.
struct Pairs<'v> {
    of: &'v str,
    pairs: Array,
    at: u32,
    /// The last name.
    name: String,
}

impl<'de> MapAccess<'de> for Pairs<'_> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        if self.at >= self.pairs.length() {
            return Ok(None);
        }
        let key = self.pairs.get(self.at);
        self.name = key.as_string().unwrap_or_default();
        read(seed, self.of, &key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let value = self.pairs.get(self.at.saturating_add(1));
        self.at = self.at.saturating_add(2);
        read(seed, &[self.of, ".", &self.name].concat(), &value)
    }
}
