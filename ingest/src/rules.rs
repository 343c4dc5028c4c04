//! The API's rules: which fields a sample must have, and what each may hold.

use crate::RejectionCode::{
    self, Empty, EndBeforeStart, Missing, NotPositive, Syntax, Timestamp, TooLarge, Type,
};
use crate::{Instant, RawSample, RawValue, Unit};

impl Unit {
    /// The largest value that the API accepts in this unit.
    pub(crate) const fn max_value(self) -> f64 {
        match self {
            Self::Count => 30_000.0,
            Self::CountPerMinute => 300.0,
            Self::CountPerSecond => f64::MAX,
        }
    }

    /// Whether the API accepts the value in this unit.
    pub(crate) fn accepts(self, value: f64) -> bool {
        value > 0.0 && value <= self.max_value()
    }
}

/// A sample that obeys every rule.
pub(crate) struct ValidSample<'a> {
    pub(crate) device_name: &'a str,
    pub(crate) device_version: Option<&'a str>,
    pub(crate) start: Instant,
    pub(crate) end: Option<Instant>,
    pub(crate) unit: Unit,
    pub(crate) value: f64,
}

/// The first rule that a sample breaks: JSON pointer to the field (empty for the whole sample), code, and what was
/// expected.
pub(crate) struct Violation(pub(crate) &'static str, pub(crate) RejectionCode, pub(crate) &'static str);

/// Checks every field but the names of unknown ones.
pub(crate) fn check<'a>(raw: &RawSample<'a>) -> Result<ValidSample<'a>, Violation> {
    let device_name = text(raw.device_name, "/device_name")?.ok_or(MISSING_NAME)?;
    let device_version = match raw.device_version {
        RawValue::Null => None,
        version => text(version, "/device_version")?,
    };
    let start = instant(raw.start_date, "/start_date")?.ok_or(MISSING_START)?;
    let end = match raw.end_date {
        RawValue::Null => None,
        end => instant(end, "/end_date")?,
    };
    if end.is_some_and(|end| end < start) {
        return Err(Violation("/end_date", EndBeforeStart, "ends before it starts"));
    }
    let unit = unit(raw.unit)?;
    let value = match raw.value {
        RawValue::Number(value) if value.is_finite() => value,
        RawValue::Absent => return Err(Violation("/value", Missing, "a sample must have a value")),
        _ => return Err(Violation("/value", Type, "must be a number")),
    };
    if value <= 0.0 {
        return Err(Violation("/value", NotPositive, "must be greater than 0"));
    }
    if !unit.accepts(value) {
        let message =
            if unit == Unit::Count { "must be at most 30000" } else { "must be at most 300 in count/min" };
        return Err(Violation("/value", TooLarge, message));
    }
    Ok(ValidSample { device_name, device_version, start, end, unit, value })
}

pub(crate) const NOT_UTF8: &str = "the text is not UTF-8";

const MISSING_NAME: Violation = Violation("/device_name", Missing, "a sample must have a device_name");
const MISSING_START: Violation = Violation("/start_date", Missing, "a sample must have a start_date");

/// A text that is UTF-8 and not empty; `None` where the field is absent.
fn text<'a>(value: RawValue<'a>, path: &'static str) -> Result<Option<&'a str>, Violation> {
    match value {
        RawValue::Absent => Ok(None),
        RawValue::Text(b"") => Err(Violation(path, Empty, "must not be empty")),
        RawValue::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Violation("", Syntax, NOT_UTF8)),
        },
        _ => Err(Violation(path, Type, "must be a text")),
    }
}

fn instant(value: RawValue<'_>, path: &'static str) -> Result<Option<Instant>, Violation> {
    let instant = match value {
        RawValue::Absent => return Ok(None),
        RawValue::Instant(instant) => Some(instant),
        RawValue::Text(b"") => return Err(Violation(path, Empty, "must not be empty")),
        RawValue::Text(text) => Instant::parse_rfc3339(text),
        RawValue::Number(millis) if millis.is_finite() => Instant::from_unix_millis(millis).ok(),
        _ => return Err(Violation(path, Type, "must be an instant, as text")),
    };
    let message = "must be RFC 3339 with Z or an offset, such as 2023-11-01T08:04:51+04:00";
    instant.map(Some).ok_or(Violation(path, Timestamp, message))
}

fn unit(value: RawValue<'_>) -> Result<Unit, Violation> {
    match value {
        RawValue::Absent => Err(Violation("/unit", Missing, "a sample must have a unit")),
        RawValue::Text(b"") => Err(Violation("/unit", Empty, "must not be empty")),
        RawValue::Text(name) => Unit::from_name(name).ok_or(Violation(
            "/unit",
            RejectionCode::Unit,
            "must be \"count\", \"count/min\" or \"count/s\"",
        )),
        _ => Err(Violation("/unit", Type, "must be a text")),
    }
}

#[cfg(test)]
mod tests;
