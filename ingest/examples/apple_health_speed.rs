//! How fast an Apple Health export is read:
//! `cargo run --release -p humansync-ingest --example apple_health_speed [FILE]`.
//!
//! Without a file it reads generated exports in which the records of one type are rare, a tenth of all, or all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::unreachable
)]

use humansync_ingest::{DataType, Format, Numbers, SampleReader};
use std::fmt::Write;
use std::time::{Duration, Instant};

const NUMBERS: Numbers =
    Numbers { parse: |text| text.parse().unwrap_or(f64::NAN), print: |number| number.to_string() };
const RECORDS: usize = 600_000;

fn main() {
    if let Some(file) = std::env::args().nth(1) {
        let text = std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        return measure(&file, &text);
    }
    measure("one of 1000 is a step count", export(1000, false).as_bytes());
    measure("one of 10", export(10, false).as_bytes());
    measure("all", export(1, false).as_bytes());
    measure("all, each of another device", export(1, true).as_bytes());
}

fn measure(what: &str, text: &[u8]) {
    for size in [64 * 1024, text.len()] {
        let mut best = Duration::MAX;
        let mut read = 0;
        for _ in 0..5 {
            let begin = Instant::now();
            let mut reader = SampleReader::new(DataType::Steps, Some(Format::AppleHealth), NUMBERS);
            for piece in text.chunks(size.max(1)) {
                reader.feed(piece);
            }
            reader.finish();
            best = best.min(begin.elapsed());
            assert_eq!(reader.rejected_count(), 0, "{:?}", reader.take_rejections().first());
            read = reader.sample_count();
        }
        let per_microsecond = |count: f64| count / best.as_secs_f64() / 1e6;
        println!(
            "{what}, {} MB in pieces of {size}: {:.0} MB/s, {:.2} million records of {read} in a second",
            text.len() / 1_000_000,
            per_microsecond(text.len() as f64),
            per_microsecond(read as f64),
        );
    }
}

/// An export in which one of `steps` records is a step count. Its devices are all the same, or all different.
fn export(steps: usize, devices_differ: bool) -> String {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HealthData locale=\"en_US\">\n");
    for number in 0..RECORDS {
        let (kind, unit, value) = match number {
            _ if number % steps == 0 => ("StepCount", "count", 1 + number % 400),
            _ if number % 2 == 0 => ("HeartRate", "count/min", 50 + number % 100),
            _ => ("ActiveEnergyBurned", "kcal", 1 + number % 40),
        };
        let device = 0x2_81f0_ee90 + if devices_differ { number } else { 0 };
        let date = format!(
            "{}-{:02}-{:02}",
            2015 + number / 1_008_000,
            1 + number / 84_000 % 12,
            1 + number / 3000 % 28
        );
        let time = format!("{:02}:{:02}", number / 125 % 24, number % 60);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            " <Record type=\"HKQuantityTypeIdentifier{kind}\" sourceName=\"Ali\u{2019}s Apple\u{a0}Watch\" sourceVersion=\"10.1\" \
             device=\"&lt;&lt;HKDevice: {device:#x}&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2, \
             software:10.1&gt;\" unit=\"{unit}\" creationDate=\"{date} {time}:59 +0400\" startDate=\"{date} {time}:0{} +0400\" \
             endDate=\"{date} {time}:58 +0400\" value=\"{value}\"/>",
            number % 10,
        );
    }
    text.push_str("</HealthData>\n");
    text
}
