//! Exports as phones write them, as other XML writers would, and damaged ones.

mod documents;
mod properties;
mod records;

use crate::test_support::{self, Outcome, SentSample, reasons};
use crate::{DataType, Format};

fn read_in(text: &[u8], data_type: DataType, sizes: &[usize]) -> Outcome {
    test_support::read(Format::AppleHealth, data_type, text, sizes)
}

/// Reads a text at once, and makes sure that pieces of other sizes give the same.
fn read(text: &str, data_type: DataType) -> Outcome {
    let whole = read_in(text.as_bytes(), data_type, &[usize::MAX]);
    for size in [1, 3, 64] {
        assert_eq!(read_in(text.as_bytes(), data_type, &[size]), whole, "in pieces of {size}");
    }
    whole
}

/// Reads an export with these elements.
fn read_elements(elements: &str) -> Outcome {
    read(&["<HealthData locale=\"en_US\">\n", elements, "\n</HealthData>\n"].concat(), DataType::Steps)
}

fn steps(value: f64) -> SentSample {
    (
        "iPhone".into(),
        Some("17.0.3".into()),
        "2023-11-01T08:04:51+04:00".into(),
        Some("2023-11-01T08:04:58+04:00".into()),
        "count",
        value,
    )
}

const TYPE: &str = "type=\"HKQuantityTypeIdentifierStepCount\"";
const REST: &str = "sourceName=\"iPhone\" sourceVersion=\"17.0.3\" unit=\"count\" creationDate=\"2023-11-01 08:14:51 +0400\" \
                    startDate=\"2023-11-01 08:04:51 +0400\" endDate=\"2023-11-01 08:04:58 +0400\"";

/// A record as Apple writes it, with this value.
fn record(value: &str) -> String {
    format!(" <Record {TYPE} {REST} value=\"{value}\"/>\n")
}

/// A record with one part replaced.
fn record_with(attribute: &str, other: &str) -> String {
    let record = record("14");
    assert!(record.contains(attribute));
    record.replace(attribute, other)
}
