//! Parses the body of a batch from JSON without checking the rules: the fields, their types, and unknown fields. Only
//! invalid JSON is an error here. Strings are borrowed from the body.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// The fields of a sample, in the order in which they are checked.
pub const FIELDS: [&str; 6] = ["device_name", "device_version", "start_date", "end_date", "unit", "value"];

/// The most elements that are kept. Further ones are only counted.
const KEPT: usize = 1000;

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Field<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    /// Any other value, by its kind.
    Other(&'static str),
}

impl Field<'_> {
    /// Its kind, for messages.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Number(_) => "a number",
            Self::Other(what) => what,
        }
    }
}

/// An unknown or repeated field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stray {
    Unknown(String),
    Twice(String),
}

/// An element of the list.
#[derive(Debug)]
pub enum Element<'a> {
    Object {
        /// The fields that are present.
        fields: [Option<Field<'a>>; FIELDS.len()],
        /// The first unknown or repeated field.
        stray: Option<Stray>,
    },
    Other(&'static str),
}

/// The list.
#[derive(Debug)]
pub enum List<'a> {
    Elements { count: usize, first: Vec<Element<'a>> },
    Other(&'static str),
}

/// The whole body.
#[derive(Debug)]
pub enum Batch<'a> {
    Object { data_type: Option<Field<'a>>, data: Option<List<'a>>, stray: Option<Stray> },
    Other(&'static str),
}

/// Reads a body.
///
/// # Errors
/// If the body is not JSON.
pub fn read(bytes: &[u8]) -> Result<Batch<'_>, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let batch = Batch::deserialize(&mut reader)?;
    reader.end()?;
    Ok(batch)
}

/// A type that can be made from any JSON value. Each implementation handles lists and objects in its own way.
trait Shape<'de>: Sized {
    fn plain(field: Field<'de>) -> Self;

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::plain(Field::Other("a list")))
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::plain(Field::Other("an object")))
    }
}

struct Reader<T>(PhantomData<T>);

impl<'de, T: Shape<'de>> Visitor<'de> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<T, E> {
        Ok(T::plain(Field::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(T::plain(Field::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        Ok(T::plain(Field::Number(number)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.visit_f64(number as f64)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<T, E> {
        Ok(T::plain(Field::Other("a boolean")))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::plain(Field::Other("null")))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
        T::object(object)
    }
}

/// Reads a value into its type.
impl<'de, T: Shape<'de>> DeserializeSeed<'de> for Reader<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<T, D::Error> {
        value.deserialize_any(self)
    }
}

fn shaped<T>() -> Reader<T> {
    Reader(PhantomData)
}

/// The name of the next field of an object.
fn next_name<'de, A: MapAccess<'de>>(object: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    Ok(object.next_key_seed(shaped::<Field<'de>>())?.map(|name| match name {
        Field::Text(name) => name,
        // The names of fields in JSON are always strings.
        Field::Number(_) | Field::Other(_) => Cow::Borrowed(""),
    }))
}

impl<'de> Shape<'de> for Field<'de> {
    fn plain(field: Field<'de>) -> Self {
        field
    }
}

impl<'de> Shape<'de> for Element<'de> {
    fn plain(field: Field<'de>) -> Self {
        Self::Other(field.what())
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let (mut fields, mut stray) = ([const { None }; FIELDS.len()], None);
        while let Some(name) = next_name(&mut object)? {
            let value = object.next_value_seed(shaped::<Field<'de>>())?;
            match FIELDS.iter().position(|field| *field == name) {
                Some(place) if fields[place].is_none() => fields[place] = Some(value),
                Some(_) => stray = stray.or(Some(Stray::Twice(name.into_owned()))),
                None => stray = stray.or(Some(Stray::Unknown(name.into_owned()))),
            }
        }
        Ok(Self::Object { fields, stray })
    }
}

impl<'de> Shape<'de> for List<'de> {
    fn plain(field: Field<'de>) -> Self {
        Self::Other(field.what())
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let (mut count, mut first) = (0, Vec::with_capacity(KEPT));
        while let Some(element) = list.next_element_seed(shaped::<Element<'de>>())? {
            count += 1;
            if count <= KEPT {
                first.push(element);
            }
        }
        Ok(Self::Elements { count, first })
    }
}

impl<'de> Shape<'de> for Batch<'de> {
    fn plain(field: Field<'de>) -> Self {
        Self::Other(field.what())
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let (mut data_type, mut data, mut stray) = (None, None, None);
        while let Some(name) = next_name(&mut object)? {
            match name.as_ref() {
                "data_type" if data_type.is_none() => {
                    data_type = Some(object.next_value_seed(shaped::<Field<'de>>())?);
                }
                "data" if data.is_none() => data = Some(object.next_value_seed(shaped::<List<'de>>())?),
                other => {
                    object.next_value::<IgnoredAny>()?;
                    let kind =
                        if matches!(other, "data_type" | "data") { Stray::Twice } else { Stray::Unknown };
                    stray = stray.or(Some(kind(other.to_owned())));
                }
            }
        }
        Ok(Self::Object { data_type, data, stray })
    }
}

impl<'de> Deserialize<'de> for Batch<'de> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        shaped().deserialize(value)
    }
}
