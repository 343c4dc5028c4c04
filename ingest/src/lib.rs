//! Samples of steps and heart rate: read from bytes, checked, held in compact rows, ordered, and printed as request bodies.

#![deny(missing_docs)]
#![deny(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented
)]
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
mod collector;
mod crc;
mod csv;
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
mod moment;
mod number;
mod raw_sample;
mod rejection;
mod rows;
mod rules;
mod sample_reader;
mod scan_count;
mod series;
mod unit;
mod zip;

pub use decompress::{Decompressor, UnreadableSource};
pub use format::Format;
pub use moment::{Moment, Offset};
pub use number::Numbers;
pub use rejection::{Rejection, RejectionCode};
pub use rows::{Row, Rows};
pub use sample_reader::SampleReader;
pub use series::SeriesTable;
pub use unit::{DataType, Unit};
