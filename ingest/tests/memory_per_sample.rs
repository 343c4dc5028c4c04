//! Memory: at most 48 bytes per sample, while samples are read, sorted, and freed of duplicates.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::unreachable
)]

use humansync_ingest::{DataType, Format, Numbers, SampleReader};

#[path = "support/counting_allocator.rs"]
mod counting_allocator;

const COUNT: u64 = 300_000;

/// The most bytes in use while samples are read and sorted. `sample` gives the second of a start, and an end.
fn most_bytes(sample: impl Fn(u64) -> (u64, &'static str)) -> usize {
    counting_allocator::most_bytes(|| read_and_order(sample))
}

fn read_and_order(sample: impl Fn(u64) -> (u64, &'static str)) {
    let mut reader = SampleReader::new(DataType::Steps, Some(Format::Ndjson), Numbers::native());
    let mut chunk = Vec::with_capacity(1 << 12);
    for index in 0..COUNT {
        let (second, end) = sample(index);
        let (day, second) = (second / 86_400, second % 86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        chunk.extend_from_slice(b"{\"device_name\":\"a\",\"start_date\":\"2020-01-");
        for (number, after) in [(day + 1, b'T'), (hour, b':'), (minute, b':'), (second, b'Z')] {
            chunk.extend_from_slice(&[b'0' + (number / 10) as u8, b'0' + (number % 10) as u8, after]);
        }
        chunk.extend_from_slice(b"\",\"end_date\":\"");
        chunk.extend_from_slice(end.as_bytes());
        chunk.extend_from_slice(b"\",\"value\":1,\"unit\":\"count\"}\n");
        if chunk.len() > 3800 {
            reader.feed(&chunk);
            chunk.clear();
        }
    }
    reader.feed(&chunk);
    reader.finish();
    let mut rows = reader.into_rows();
    assert_eq!(rows.len(), COUNT as usize);
    rows.order();
    rows.drop_duplicates();
}

#[test]
fn a_sample_takes_at_most_48_bytes() {
    let near = "2020-02-01T00:00:00Z";
    let in_order = most_bytes(|index| (index * 5, near));
    assert!(in_order as u64 / COUNT <= 33, "in order: {in_order}");
    let runs = most_bytes(|index| (index % (COUNT / 3) * 15, near));
    assert!(runs as u64 / COUNT <= 41, "three runs: {runs}");
    let shuffled = most_bytes(|index| (index * 7919 % COUNT * 8, near));
    assert!(shuffled as u64 / COUNT <= 41, "shuffled: {shuffled}");
    let backwards = most_bytes(|index| ((COUNT - index) * 8, near));
    assert!(backwards as u64 / COUNT <= 41, "backwards: {backwards}");
    let at_once = most_bytes(|index| (index % 2, near));
    assert!(at_once as u64 / COUNT <= 48, "at two instants: {at_once}");
    // Distant ends, which are not stored in the rows.
    let distant = most_bytes(|index| (index * 5, "2120-01-01T00:00:00Z"));
    assert!(distant as u64 / COUNT <= 41, "distant ends: {distant}");
}
