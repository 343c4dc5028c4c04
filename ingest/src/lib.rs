//! Reads samples of steps and heart rate, checks them, stores them in compact rows, sorts them, and writes them as
//! request bodies.
//!
//! ```text
//! bytes ─ Decompressor ─ SampleReader ─ a reader for each format ─ Collector ─ rules ─ Rows ─ request bodies
//! ```
//! Nothing here does I/O, and nothing decides which samples are sent in which request.
//!
//! What runs for each sample, or for each comparison of two, is marked `#[inline(always)]`. The package is compiled so
//! that the compiler would otherwise call it (docs/decisions/0009-size.md), and reading would take half as long again.

// The lints that forbid panics (the workspace's) hold outside tests.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::as_conversions
    )
)]

mod apple;
mod as_double;
mod collector;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod counting_allocator;
mod crc;
mod csv;
mod data_type;
mod decompress;
mod find;
mod format;
mod gzip;
mod hash;
mod inflate;
mod intern;
mod js_objects;
mod json;
mod json_string;
mod number;
mod raw_sample;
mod rejection;
mod rows;
mod rules;
mod sample_reader;
mod scan_count;
mod series;
mod slot_table;
#[cfg(test)]
mod test_support;
pub mod time;
mod zip;

pub use as_double::as_double;
pub use data_type::{DataType, Unit};
pub use decompress::{Decompressor, UnreadableSource};
pub use format::Format;
pub use hash::sort_hashes;
pub use number::Numbers;
pub use rejection::{Rejection, RejectionCode};
pub use rows::{DeviceDay, DeviceShare, Row, Rows};
pub use sample_reader::SampleReader;
pub use series::SeriesTable;
pub use time::Instant;

use collector::Collector;
use raw_sample::{FIELD_NAMES, RawSample, RawValue};
