//! Samples of steps and heart rate: read from bytes, checked, held in compact rows, ordered, and printed as request bodies.

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
mod crc;
mod csv;
mod detect;
mod draft;
mod find;
mod gzip;
mod hash;
mod inflate;
mod intake;
mod intern;
mod json;
mod kinds;

mod number;
mod packed;
mod rejection;
mod rows;
mod sink;
mod slot_table;
pub mod time;
mod unit;
mod unpack;
mod work;
mod zip;

pub use draft::{Draft, Field, Place};
pub use intake::{Format, Intake};
pub use kinds::Kinds;
pub use number::Numbers;
pub use rejection::{Code, Rejection};
pub use rows::{Row, Rows};
pub use sink::Sink;
pub use time::Instant as Moment;
pub use unit::{DataType, Unit};
pub use unpack::{Unfit, Unpack};
