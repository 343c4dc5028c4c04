//! Samples in JSON: one document, or an object on every line.
//!
//! Two ways lead from bytes to a row. The general one reads any JSON and builds a draft. The fast one knows the layouts of the records
//! before: where a record's bytes differ from one of them only in times and value, these are read where they stand. What the fast one
//! takes, the general one would take just so; everything else is left to it.

mod document;
mod layout;
mod ndjson;
mod recovery;
mod sample_object;
mod scanner;
#[cfg(test)]
mod tests;
mod unrelated_objects;

pub(crate) use document::Document;
pub(crate) use ndjson::Lines;

/// Longest record that is read, in bytes. A longer one is rejected, and skipped as it comes.
const LONGEST: usize = 1 << 20;

const TOO_LONG: &str = "longer than 1 MiB";
const TOO_LONG_LINE: &str = "longer than 1 MiB: a line must be one sample";
/// What a document must be.
const SHAPE: &str = "expected an array of samples, or an object with such an array as `data`";
/// What the members of an array must be.
const NO_SAMPLES: &str = "none of the objects is a sample: expected objects with device_name, start_date, unit and value, and where known device_version and end_date";
const NO_SAMPLE: &str = "not a sample: expected an object with device_name, start_date, unit and value";
const BROKEN: &str = "not valid JSON";
const BROKEN_OFF: &str = "the input breaks off";
const NO_OBJECT: &str = "a sample must be an object";

/// Lines that end within these bytes.
fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|&byte| u64::from(byte == b'\n')).sum()
}
