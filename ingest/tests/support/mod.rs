//! Reads a text, cut anywhere, and gives its samples and rejections.

#![allow(dead_code, reason = "each test file uses its own part of it")]

use proptest::test_runner::Config as ProptestConfig;

use humansync_ingest::{DataType, Format, Numbers, Rejection, Rows, SampleReader};

/// Runs this number of cases. A failing case is printed, not stored in a file.
pub fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(count) }
}

/// The samples and rejections of a source.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub rows: Vec<SpelledRow>,
    pub rejections: Vec<Rejection>,
}

/// A row as text.
#[derive(Clone, Debug, PartialEq)]
pub struct SpelledRow {
    pub device_name: String,
    pub device_version: Option<String>,
    pub start: String,
    pub end: Option<String>,
    pub unit: &'static str,
    pub value: f64,
    pub position: u32,
}

/// Reads a source in pieces that end at the given places.
pub fn reader(format: Option<Format>, bytes: &[u8], cuts: &[usize]) -> SampleReader {
    let mut reader = SampleReader::new(DataType::Steps, format, Numbers::native());
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.sort_unstable();
    cuts.push(bytes.len());
    let mut from = 0;
    for cut in cuts {
        reader.feed(&bytes[from..cut]);
        from = cut;
    }
    reader.finish();
    reader
}

pub fn read(format: Format, bytes: &[u8], cuts: &[usize]) -> Outcome {
    let mut reader = reader(Some(format), bytes, cuts);
    let rejections = reader.take_rejections();
    assert_eq!(reader.rejected_count(), rejections.len() as u64);
    let count = reader.sample_count();
    let rows = reader.into_rows();
    assert_eq!(count, (rows.len() + rejections.len()) as u64);
    Outcome { rows: spelled(&rows), rejections }
}

pub fn spelled(rows: &Rows) -> Vec<SpelledRow> {
    let series = rows.series();
    rows.iter()
        .map(|row| SpelledRow {
            device_name: series.device_name(series.device(row.series())).to_owned(),
            device_version: series.device_version(row.series()).map(str::to_owned),
            start: row.start().to_rfc3339(),
            end: row.end().map(|end| end.to_rfc3339()),
            unit: series.unit(row.series()).name(),
            value: row.value(),
            position: row.position(),
        })
        .collect()
}

/// Index, line, path and code of each rejection.
pub fn brief(rejections: &[Rejection]) -> Vec<(u64, u64, &str, &'static str)> {
    rejections
        .iter()
        .map(|rejection| {
            (rejection.index, rejection.line.unwrap_or(0), rejection.path.as_str(), rejection.code.name())
        })
        .collect()
}

pub const SAMPLE: &str = r#"{"device_name":"iPhone","device_version":"17.0.3","start_date":"2023-11-01T08:04:51.000+04:00","end_date":"2023-11-01T08:04:58.000+04:00","value":14,"unit":"count"}"#;
