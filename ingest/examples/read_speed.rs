//! How long a native build takes: `cargo run --release -p humansync-ingest --example read_speed [FILE]`.
//!
//! Without a file, an Apple Health export, it reads generated sources: a million samples of JSON, and exports in which
//! the records of one type are rare, a tenth of all, or all.

#![allow(clippy::as_conversions, clippy::expect_used)]

use humansync_ingest::{DataType, Format, Numbers, SampleReader};
use std::fmt::Write;
use std::time::{Duration, Instant};

const COUNT: u32 = 1_000_000;
const BATCH: usize = 1000;
const RECORDS: usize = 600_000;

fn main() {
    if let Some(file) = std::env::args().nth(1) {
        return run(&file, Format::AppleHealth, &std::fs::read(&file).expect(&file));
    }
    let in_order = samples("\n", |index| index);
    run("ndjson, in order", Format::Ndjson, in_order.as_bytes());
    let runs = samples("\n", |index| (index % (COUNT / 4)) * 4 + index / (COUNT / 4));
    run("ndjson, four runs", Format::Ndjson, runs.as_bytes());
    let shuffled = samples("\n", |index| index.wrapping_mul(7_368_787) % COUNT);
    run("ndjson, shuffled", Format::Ndjson, shuffled.as_bytes());
    let json = ["[", samples(",", |index| index).trim_end_matches(','), "]"].concat();
    run("json, in order", Format::Json, json.as_bytes());
    // A thousand layouts, and no two neighbours with the same one.
    let odd = in_order.lines().enumerate().map(|(index, line)| {
        let [first, second] = [index * 7 % 31, index * 5 % 37].map(|spaces| " ".repeat(spaces));
        let line = line.replace("\"value", &[&first, "\"value"].concat());
        [line.trim_end_matches('}'), &second, "}\n"].concat()
    });
    run("ndjson, no layout", Format::Ndjson, odd.collect::<String>().as_bytes());
    run("export, one of 1000 is a step count", Format::AppleHealth, export(1000, false).as_bytes());
    run("export, one of 10", Format::AppleHealth, export(10, false).as_bytes());
    run("export, all", Format::AppleHealth, export(1, false).as_bytes());
    run("export, all, each of another device", Format::AppleHealth, export(1, true).as_bytes());
}

fn run(name: &str, format: Format, bytes: &[u8]) {
    for size in [1 << 16, bytes.len().max(1)] {
        let mut best = [Duration::MAX; 5];
        let mut counts = [0; 5];
        for _ in 0..3 {
            let mut begin = Instant::now();
            let mut reader = SampleReader::new(DataType::Steps, Some(format), Numbers::native());
            bytes.chunks(size).for_each(|chunk| reader.feed(chunk));
            reader.finish();
            let mut lap = || std::mem::replace(&mut begin, Instant::now()).elapsed();
            let read = lap();
            let rejected = reader.rejected_count();
            let mut rows = reader.into_rows();
            rows.order();
            let ordered = lap();
            let duplicates = rows.drop_duplicates();
            let dropped = lap();
            let (mut body, mut total) = (Vec::new(), 0);
            for first in (0..rows.len()).step_by(BATCH) {
                body.clear();
                rows.write_body(DataType::Steps, first..first + BATCH, &mut body);
                total += body.len() as u64;
            }
            let written = lap();
            let hash = rows.iter().fold(0, |all, row| all ^ row.hash(rows.series()));
            counts = [rows.len() as u64, rejected, duplicates, total, hash];
            let laps = [read, ordered, dropped, written, lap()];
            best.iter_mut().zip(laps).for_each(|(best, lap)| *best = lap.min(*best));
        }
        let [rows, rejected, duplicates, total, hash] = counts;
        let [read, ordered, dropped, written, hashed] = best.map(|time| time.as_millis());
        println!(
            "{name}, {} MB in pieces of {size}: {rows} rows, {rejected} rejected, {duplicates} dropped, {total} bytes, {hash:016x}: \
             read {read} ms, order {ordered}, duplicates {dropped}, bodies {written}, hashes {hashed}",
            bytes.len() / 1_000_000
        );
    }
}

/// Samples a few seconds apart; `place` maps an index to a place in time.
fn samples(separator: &str, place: impl Fn(u32) -> u32) -> String {
    let mut out = String::new();
    for index in 0..COUNT {
        let second = u64::from(place(index)) * 7;
        let (day, clock) = (second / 86_400, second % 86_400);
        let date = format!("{}-{:02}-{:02}", 2010 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
        let time = |clock: u64| format!("{:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60);
        let (start, end) = (time(clock), time((clock + 5).min(86_399)));
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "{{\"device_name\":\"iPhone\",\"device_version\":\"17.0.3\",\"start_date\":\"{date}T{start}.000+04:00\",\
             \"end_date\":\"{date}T{end}.000+04:00\",\"value\":{},\"unit\":\"count\"}}{separator}",
            index % 90 + 1
        );
    }
    out
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
        let [year, month, day] =
            [2015 + number / 1_008_000, 1 + number / 84_000 % 12, 1 + number / 3000 % 28];
        let date = format!("{year}-{month:02}-{day:02}");
        let time = format!("{:02}:{:02}", number / 125 % 24, number % 60);
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
