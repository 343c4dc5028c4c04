//! How long a native build takes for a million samples: `cargo run --release -p humansync-ingest --example read_speed`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::unreachable
)]

use std::time::Instant;

use humansync_ingest::{DataType, Format, Numbers, SampleReader};

const COUNT: u32 = 1_000_000;
const BATCH: usize = 1000;

/// Samples a few seconds apart; `place` maps an index to a place in time.
fn samples(separator: &str, place: impl Fn(u32) -> u32) -> Vec<u8> {
    let mut out = Vec::new();
    for index in 0..COUNT {
        let second = u64::from(place(index)) * 7;
        let (day, clock) = (second / 86_400, second % 86_400);
        let (month, day) = (day / 28, day % 28 + 1);
        let (year, month) = (2010 + month / 12, month % 12 + 1);
        let time = |clock: u64| format!("{:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60);
        let (start, end) = (time(clock), time((clock + 5).min(86_399)));
        let value = index % 90 + 1;
        out.extend_from_slice(
            format!(
                "{{\"device_name\":\"iPhone\",\"device_version\":\"17.0.3\",\
                 \"start_date\":\"{year}-{month:02}-{day:02}T{start}.000+04:00\",\
                 \"end_date\":\"{year}-{month:02}-{day:02}T{end}.000+04:00\",\
                 \"value\":{value},\"unit\":\"count\"}}{separator}"
            )
            .as_bytes(),
        );
    }
    out
}

fn main() {
    let in_order = |index| index;
    let runs = |index: u32| (index % (COUNT / 4)) * 4 + index / (COUNT / 4);
    let shuffled = |index: u32| index.wrapping_mul(7_368_787) % COUNT;
    let mut json = samples(",", in_order);
    json.pop();
    json.insert(0, b'[');
    json.push(b']');
    run("ndjson, in order", Format::Ndjson, &samples("\n", in_order));
    run("ndjson, four runs", Format::Ndjson, &samples("\n", runs));
    run("ndjson, shuffled", Format::Ndjson, &samples("\n", shuffled));
    run("json, in order", Format::Json, &json);
    let odd: String = String::from_utf8_lossy(&samples("\n", in_order))
        .lines()
        .enumerate()
        .map(|(index, line)| {
            // A thousand layouts, and no two neighbours with the same one.
            let [first, second] = [index * 7 % 31, index * 5 % 37].map(|spaces| " ".repeat(spaces));
            let line = line.replace("\"value", &[&first, "\"value"].concat());
            [line.trim_end_matches('}'), &second, "}\n"].concat()
        })
        .collect();
    run("ndjson, no layout", Format::Ndjson, odd.as_bytes());
}

fn run(name: &str, format: Format, bytes: &[u8]) {
    for _ in 0..3 {
        let begin = Instant::now();
        let mut reader = SampleReader::new(DataType::Steps, Some(format), Numbers::native());
        for chunk in bytes.chunks(1 << 16) {
            reader.feed(chunk);
        }
        reader.finish();
        let read = begin.elapsed();
        let rejected = reader.rejected_count();
        let mut rows = reader.into_rows();
        rows.order();
        let ordered = begin.elapsed() - read;
        let duplicates = rows.drop_duplicates();
        let dropped = begin.elapsed() - read - ordered;
        let mut body = Vec::new();
        let mut total = 0;
        for first in (0..rows.len()).step_by(BATCH) {
            body.clear();
            rows.write_body(DataType::Steps, first..first + BATCH, &mut body);
            total += body.len();
        }
        let written = begin.elapsed() - read - ordered - dropped;
        let hash = rows.iter().fold(0_u64, |all, row| all ^ row.hash(rows.series()));
        let hashed = begin.elapsed() - read - ordered - dropped - written;
        println!(
            "{name}: {} rows, {rejected} rejected, {duplicates} dropped, {total} bytes, {hash:016x}: read {} ms, order {}, duplicates {}, bodies {}, hashes {}",
            rows.len(),
            read.as_millis(),
            ordered.as_millis(),
            dropped.as_millis(),
            written.as_millis(),
            hashed.as_millis()
        );
    }
}
