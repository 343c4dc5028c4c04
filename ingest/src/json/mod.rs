//! Reads samples in JSON: one document, or an object on every line.
//!
//! There are two ways from bytes to a row. The general one reads any JSON, and has the fields checked. The fast one
//! knows the layouts of earlier records, and reads only the dates and the value of a record that looks like one of
//! them. It takes only what the general one would read with the same result, and leaves everything else to it.

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

/// Longest record in bytes. A longer one is rejected, and skipped as it comes.
const LONGEST: usize = 1 << 20;

pub(crate) const TOO_LONG: &str = "longer than 1 MiB";
const TOO_LONG_LINE: &str = "longer than 1 MiB: a line must be one sample";
/// What a document must be.
const EXPECTED_DOCUMENT: &str = "expected an array of samples, or an object with such an array as `data`";
/// What the elements of the array must be.
const NO_SAMPLE_AT_ALL: &str = "none of the objects is a sample: expected objects with device_name, start_date, unit and value, and where known device_version and end_date";
const NOT_A_SAMPLE: &str = "not a sample: expected an object with device_name, start_date, unit and value";
const INVALID: &str = "not valid JSON";
const TRUNCATED: &str = "the input breaks off";
const NOT_AN_OBJECT: &str = "a sample must be an object";

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|&byte| u64::from(byte == b'\n')).sum()
}
