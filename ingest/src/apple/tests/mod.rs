//! Exports as phones write them, as other XML writers would, and damaged ones.

mod documents;
mod properties;
mod records;

use crate::{DataType, Format, Numbers, Rejection, SampleReader};

/// A sample as it would be sent: device, version, start, end, unit, value.
type Row = (String, Option<String>, String, Option<String>, &'static str, f64);

const NUMBERS: Numbers =
    Numbers { parse: |text| text.parse().unwrap_or(f64::NAN), print: |number| number.to_string() };

/// What is read of a text that is fed in pieces of those sizes, in turn.
fn read_in(text: &[u8], data_type: DataType, sizes: &[usize]) -> (Vec<Row>, Vec<Rejection>) {
    let mut reader = SampleReader::new(data_type, Some(Format::AppleHealth), NUMBERS);
    let mut rest = text;
    for size in sizes.iter().cycle() {
        let (piece, more) = rest.split_at(rest.len().min(*size));
        reader.feed(piece);
        rest = more;
        if rest.is_empty() {
            break;
        }
    }
    reader.finish();
    let rejections = reader.take_rejections();
    assert_eq!(reader.sample_count(), (reader.rows().len() + rejections.len()) as u64);
    let rows = reader.rows();
    let series = rows.series();
    let row = |row: crate::Row| {
        (
            series.device_name(series.device(row.series())).to_owned(),
            series.device_version(row.series()).map(str::to_owned),
            row.start().to_text(),
            row.end().map(crate::Moment::to_text),
            series.unit(row.series()).name(),
            row.value(),
        )
    };
    (rows.iter().map(row).collect(), rejections)
}

fn read(text: &str, data_type: DataType) -> (Vec<Row>, Vec<Rejection>) {
    let whole = read_in(text.as_bytes(), data_type, &[usize::MAX]);
    for size in [1, 3, 64] {
        assert_eq!(read_in(text.as_bytes(), data_type, &[size]), whole, "in pieces of {size}");
    }
    whole
}

/// What is read of these elements, as the whole of an export.
fn read_elements(elements: &str) -> (Vec<Row>, Vec<Rejection>) {
    read(&["<HealthData locale=\"en_US\">\n", elements, "\n</HealthData>\n"].concat(), DataType::Steps)
}

/// Index, line, path and code.
fn reasons(rejections: &[Rejection]) -> Vec<(u64, Option<u64>, &str, &str)> {
    rejections.iter().map(|found| (found.index, found.line, &*found.path, found.code.name())).collect()
}

fn steps(value: f64) -> Row {
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

/// As Apple writes it, with that value.
fn record(value: &str) -> String {
    format!(" <Record {TYPE} {REST} value=\"{value}\"/>\n")
}

/// With one of its attributes written otherwise.
fn record_with(attribute: &str, other: &str) -> String {
    let record = record("14");
    assert!(record.contains(attribute));
    record.replace(attribute, other)
}
