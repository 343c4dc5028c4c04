//! Tables as programs write them, and damaged ones.

mod properties;
mod rejections;
mod tables;

use crate::test_support::{self, Outcome, SentSample, reasons};
use crate::{DataType, Format};

fn read_in(text: &[u8], sizes: &[usize]) -> Outcome {
    test_support::read(Format::Csv, DataType::Steps, text, sizes)
}

/// Reads a text at once, and makes sure that pieces of other sizes give the same.
fn read(text: &str) -> Outcome {
    let whole = read_in(text.as_bytes(), &[usize::MAX]);
    for size in [1, 2, 7, 64] {
        assert_eq!(read_in(text.as_bytes(), &[size]), whole, "in pieces of {size}");
    }
    whole
}

const START: &str = "2023-11-01T08:04:51.000+04:00";
const END: &str = "2023-11-01T08:04:58.000+04:00";
const HEADER: &str = "device_name,device_version,start_date,end_date,value,unit\n";

fn steps(value: f64) -> SentSample {
    ("iPhone".into(), Some("17.0.3".into()), START.into(), Some(END.into()), "count", value)
}

fn row(value: &str) -> String {
    format!("iPhone,17.0.3,{START},{END},{value},count\n")
}
