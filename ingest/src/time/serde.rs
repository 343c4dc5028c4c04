//! Times as serde writes and reads them.

use super::{Date, Instant, TimeError};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;

/// As its text.
impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

/// RFC 3339 with an offset or `Z`, or milliseconds since 1970-01-01T00:00:00Z. An error is about a text that is none,
/// NaN (which an invalid JavaScript `Date` is), infinities, and times outside the years 0000 to 9999. No error repeats
/// what was given: times of records are health values.
impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InstantVisitor)
    }
}

struct InstantVisitor;

impl Visitor<'_> for InstantVisitor {
    type Value = Instant;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an RFC 3339 text or milliseconds since 1970")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Instant, E> {
        Instant::parse(text).map_err(of_text)
    }

    fn visit_f64<E: Error>(self, millis: f64) -> Result<Instant, E> {
        Instant::from_unix_millis(millis).map_err(|error| E::custom(error.message()))
    }
}

/// `YYYY-MM-DD`.
impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DateVisitor)
    }
}

struct DateVisitor;

impl Visitor<'_> for DateVisitor {
    type Value = Date;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a day such as 2014-01-10")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        Date::parse(text).map_err(of_text)
    }
}

fn of_text<E: Error>(error: TimeError) -> E {
    E::custom(error.message_about_text())
}
