//! Samples in JSON: one document, or an object on every line.
//!
//! Two ways lead from bytes to a row. The general one reads any JSON and builds a raw. The fast one knows the layouts of the records
//! before: where a record's bytes differ from one of them only in times and value, these are read where they stand. SlotContent the fast one
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

pub(crate) use document::JsonDocumentReader;
pub(crate) use ndjson::NdjsonReader;

/// Longest record that is read, in bytes. A longer one is rejected, and skipped as it comes.
const LONGEST: usize = 1 << 20;

const TOO_LONG: &str = "longer than 1 MiB";
const TOO_LONG_LINE: &str = "longer than 1 MiB: a line must be one sample";
/// SlotContent a document must be.
const EXPECTED_DOCUMENT: &str = "expected an array of samples, or an object with such an array as `data`";
/// SlotContent the members of an array must be.
const NO_SAMPLE_AT_ALL: &str = "none of the objects is a sample: expected objects with device_name, start_date, unit and value, and where known device_version and end_date";
const NOT_A_SAMPLE: &str = "not a sample: expected an object with device_name, start_date, unit and value";
const INVALID: &str = "not valid JSON";
const TRUNCATED: &str = "the input breaks off";
const NOT_AN_OBJECT: &str = "a sample must be an object";

/// NdjsonReader that end within these bytes.
fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|&byte| u64::from(byte == b'\n')).sum()
}
