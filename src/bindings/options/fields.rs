//! An object of options as serde reads it: a sequence of the values that a type has names for.

use super::Options;
use super::fault::Fault;
use super::value::read;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Reads a type with named fields, in their order.
pub struct Fields<'o>(pub &'o mut Options);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = Fault;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_seq(Names { options: self.0, names: fields.iter() })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The names that are left.
struct Names<'o> {
    options: &'o mut Options,
    names: std::slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Names<'_> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let value = self.options.value(name)?.unwrap_or_default();
        read(seed, name, &value).map(Some)
    }
}
