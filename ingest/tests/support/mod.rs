//! Reads a text in any pieces, and says what became of its samples.

#![allow(dead_code, reason = "each test file uses its own part of it")]

use proptest::test_runner::Config as ProptestConfig;

use humansync_ingest::{DataType, Format, Intake, Numbers, Rejection, Rows};

/// So many cases, and no file of those that failed: a failing one prints itself.
pub fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(count) }
}

/// What became of a source.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub held: Vec<Held>,
    pub rejections: Vec<Rejection>,
}

/// A row, spelled out.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub device_name: String,
    pub device_version: Option<String>,
    pub start: String,
    pub end: Option<String>,
    pub unit: &'static str,
    pub value: f64,
    pub position: u32,
}

/// Reads a source in pieces that end at the given places.
pub fn intake(format: Option<Format>, bytes: &[u8], cuts: &[usize]) -> Intake {
    let mut intake = Intake::new(DataType::Steps, format, Numbers::native());
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.sort_unstable();
    cuts.push(bytes.len());
    let mut from = 0;
    for cut in cuts {
        intake.feed(&bytes[from..cut]);
        from = cut;
    }
    intake.finish();
    intake
}

pub fn read(format: Format, bytes: &[u8], cuts: &[usize]) -> Outcome {
    let mut intake = intake(Some(format), bytes, cuts);
    let rejections = intake.take_rejections();
    assert_eq!(intake.rejected(), rejections.len() as u64);
    let rows = intake.rows();
    assert_eq!(intake.taken(), rows.len() as u64 + intake.rejected());
    Outcome { held: spelled(rows), rejections }
}

pub fn spelled(rows: &Rows) -> Vec<Held> {
    let kinds = rows.kinds();
    rows.iter()
        .map(|row| Held {
            device_name: kinds.device_name(kinds.device(row.kind())).to_owned(),
            device_version: kinds.device_version(row.kind()).map(str::to_owned),
            start: row.start().to_rfc3339(),
            end: row.end().map(|end| end.to_rfc3339()),
            unit: kinds.unit(row.kind()).name(),
            value: row.value(),
            position: row.position(),
        })
        .collect()
}

/// Index, line, path and code of the rejections.
pub fn brief(rejections: &[Rejection]) -> Vec<(u64, u64, &str, &'static str)> {
    rejections
        .iter()
        .map(|rejection| {
            (rejection.index, rejection.line.unwrap_or(0), rejection.path.as_str(), rejection.code.name())
        })
        .collect()
}

pub const SAMPLE: &str = r#"{"device_name":"iPhone","device_version":"17.0.3","start_date":"2023-11-01T08:04:51.000+04:00","end_date":"2023-11-01T08:04:58.000+04:00","value":14,"unit":"count"}"#;
