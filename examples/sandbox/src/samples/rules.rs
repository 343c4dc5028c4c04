//! The rules of the API's documentation for a batch, and the first one that a batch breaks.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::samples::body::{Batch, Element, FIELDS, Field, List, Stray};
use crate::samples::timestamp::Timestamp;

/// The number of samples that a batch may have.
const ELEMENTS: RangeInclusive<usize> = 3..=1000;

/// The type of the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataType {
    Steps,
    Bpm,
}

impl DataType {
    pub const ALL: [Self; 2] = [Self::Steps, Self::Bpm];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Bpm => "bpm",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|data_type| data_type.name() == name)
    }
}

/// The unit of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Count,
    CountPerMinute,
    CountPerSecond,
}

impl Unit {
    const ALL: [Self; 3] = [Self::Count, Self::CountPerMinute, Self::CountPerSecond];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::CountPerMinute => "count/min",
            Self::CountPerSecond => "count/s",
        }
    }

    /// The largest value, if there is a limit.
    fn most(self) -> Option<f64> {
        match self {
            Self::Count => Some(30_000.0),
            Self::CountPerMinute => Some(300.0),
            Self::CountPerSecond => None,
        }
    }
}

/// A sample of a valid batch.
#[derive(Debug)]
pub struct Sample<'a> {
    pub device_name: Cow<'a, str>,
    pub device_version: Option<Cow<'a, str>>,
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub unit: Unit,
    pub value: f64,
}

/// The first broken rule, by the position of the sample and then in the order of the fields, after unknown fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The index of the sample, from 0, if the rule is about a single one.
    pub index: Option<usize>,
    pub field: String,
    /// The message, which contains the value that was sent, so that a client must not show it.
    pub message: String,
}

impl Problem {
    fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { index: None, field: field.into(), message: message.into() }
    }
}

impl From<Stray> for Problem {
    fn from(stray: Stray) -> Self {
        match stray {
            Stray::Unknown(name) => {
                let message = format!("{name:?} is no field of the API");
                Self::new(name, message)
            }
            Stray::Twice(name) => {
                let message = format!("{name} is given twice");
                Self::new(name, message)
            }
        }
    }
}

/// Checks a batch, and returns its type and samples.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(batch: Batch<'_>) -> Result<(DataType, Vec<Sample<'_>>), Problem> {
    let (data_type, data) = match batch {
        Batch::Object { stray: Some(stray), .. } => return Err(stray.into()),
        Batch::Object { data_type, data, stray: None } => (data_type, data),
        Batch::Other(what) => {
            return Err(Problem::new("", format!("the body is {what}; an object is expected")));
        }
    };
    let data_type = text("data_type", data_type)?;
    let data_type = DataType::named(&data_type).ok_or_else(|| {
        Problem::new("data_type", format!("data_type is {data_type:?}; steps or bpm is expected"))
    })?;
    let (count, elements) = match data {
        Some(List::Elements { count, first }) => (count, first),
        Some(List::Other(what)) => {
            return Err(Problem::new("data", format!("data is {what}; a list is expected")));
        }
        None => return Err(Problem::new("data", "data is missing")),
    };
    if !ELEMENTS.contains(&count) {
        let (least, most) = (ELEMENTS.start(), ELEMENTS.end());
        return Err(Problem::new(
            "data",
            format!("data has {count} elements; {least} to {most} are expected"),
        ));
    }
    let samples = elements
        .into_iter()
        .enumerate()
        .map(|(index, element)| sample(element).map_err(|problem| Problem { index: Some(index), ..problem }));
    Ok((data_type, samples.collect::<Result<_, _>>()?))
}

fn sample(element: Element<'_>) -> Result<Sample<'_>, Problem> {
    let fields = match element {
        Element::Object { stray: Some(stray), .. } => return Err(stray.into()),
        Element::Object { fields, stray: None } => fields,
        Element::Other(what) => {
            return Err(Problem::new("", format!("the element is {what}; an object is expected")));
        }
    };
    let [device_name, device_version, start, end, unit, value] = fields;
    let device_name = text(FIELDS[0], device_name)?;
    let device_version = device_version.map(|version| text(FIELDS[1], Some(version))).transpose()?;
    let start = timestamp(FIELDS[2], start)?;
    let end = end.map(|end| timestamp(FIELDS[3], Some(end))).transpose()?;
    if let Some(end) = end.filter(|end| *end < start) {
        return Err(Problem::new(FIELDS[3], format!("end_date {end} is before start_date {start}")));
    }
    let unit = text(FIELDS[4], unit)?;
    let unit = Unit::ALL.into_iter().find(|known| known.name() == unit).ok_or_else(|| {
        Problem::new(FIELDS[4], format!("unit is {unit:?}; count, count/min or count/s is expected"))
    })?;
    let value = number(FIELDS[5], value, unit)?;
    Ok(Sample { device_name, device_version, start, end, unit, value })
}

/// Reads a string that must not be empty.
fn text<'a>(name: &str, field: Option<Field<'a>>) -> Result<Cow<'a, str>, Problem> {
    match field {
        Some(Field::Text(text)) if text.is_empty() => Err(Problem::new(name, format!("{name} is empty"))),
        Some(Field::Text(text)) => Ok(text),
        Some(other) => Err(Problem::new(name, format!("{name} is {}; a string is expected", other.what()))),
        None => Err(Problem::new(name, format!("{name} is missing"))),
    }
}

fn timestamp(name: &str, field: Option<Field<'_>>) -> Result<Timestamp, Problem> {
    let text = text(name, field)?;
    Timestamp::parse(&text).ok_or_else(|| {
        let message =
            format!("{name} is {text:?}; an instant is expected, as in 2023-11-01T08:04:51.000+04:00");
        Problem::new(name, message)
    })
}

fn number(name: &str, field: Option<Field<'_>>, unit: Unit) -> Result<f64, Problem> {
    let value = match field {
        Some(Field::Number(value)) => value,
        Some(other) => {
            return Err(Problem::new(name, format!("{name} is {}; a number is expected", other.what())));
        }
        None => return Err(Problem::new(name, format!("{name} is missing"))),
    };
    if value <= 0.0 {
        return Err(Problem::new(name, format!("{name} is {value}; more than 0 is expected")));
    }
    match unit.most() {
        Some(most) if value > most => {
            Err(Problem::new(name, format!("{name} is {value} {}; at most {most} is expected", unit.name())))
        }
        _ => Ok(value),
    }
}
