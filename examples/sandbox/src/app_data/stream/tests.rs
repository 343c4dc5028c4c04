use std::collections::BTreeSet;

use super::*;

const NOW: i64 = 1_751_284_800;
const DAY: i64 = 86_400_000;

fn stream(records: u64, days: i64, rate: u32) -> Stream {
    let app = Size { users: 50, ..Size::default() };
    Stream::new(7, NOW, app, StreamSize { batch_type: BatchType::HeartRates, records, days, rate })
}

fn all(stream: Stream, now: i64) -> Vec<Entry> {
    stream.entries(0..stream.count(now)).collect()
}

#[test]
fn records_are_in_order_different_and_within_their_days() {
    for (records, days) in [(0, 1), (1, 1), (15, 31), (16, 31), (17, 1), (10_007, 3), (100_000, 1)] {
        let entries = all(stream(records, days, 0), NOW * 1000);
        assert_eq!(entries.len() as u64, records);
        assert!(entries.is_sorted_by_key(|entry| entry.updated), "{records}");
        assert!(entries.is_sorted_by_key(|entry| entry.at), "{records}: by recording as well");
        let ids: BTreeSet<u64> = entries.iter().map(|entry| entry.key).collect();
        assert_eq!(ids.len(), entries.len(), "{records}");
        for entry in &entries {
            assert!((NOW * 1000 - days * DAY..NOW * 1000).contains(&entry.updated), "{entry:?}");
            assert!(entry.created <= entry.updated && entry.at * 1000 < entry.created && entry.user < 50);
        }
    }
}

#[test]
fn a_window_is_exact_at_every_bound() {
    for (stream, now) in [
        (stream(1, 1, 0), NOW * 1000),
        (stream(5003, 2, 0), NOW * 1000),
        (stream(5003, 2, 7), NOW * 1000 + 61_234),
        (stream(0, 2, 1001), NOW * 1000 + 2500),
        (stream(5003, 2, 7), NOW * 1000 - DAY),
    ] {
        let entries = all(stream, now);
        let mut bounds: Vec<i64> =
            entries.iter().flat_map(|entry| [entry.updated - 1, entry.updated, entry.updated + 1]).collect();
        bounds.extend([i64::MIN, 0, NOW * 1000 - 1, NOW * 1000, NOW * 1000 + 1, now, now + 1, i64::MAX]);
        for bound in bounds {
            let expected = entries.partition_point(|entry| entry.updated < bound) as u64;
            assert_eq!(stream.window(i64::MIN, bound, now), 0..expected, "{bound}");
            assert_eq!(stream.window(bound, i64::MAX, now), expected..entries.len() as u64, "{bound}");
        }
        assert!(stream.window(NOW * 1000, NOW * 1000 - DAY, now).is_empty());
    }
}

#[test]
fn any_part_is_that_part_of_all() {
    let (stream, now) = (stream(1000, 1, 10), NOW * 1000 + 9000);
    let entries = all(stream, now);
    assert_eq!(entries.len(), 1090);
    for (start, end) in
        [(0, 0), (0, 1), (15, 16), (15, 17), (990, 1010), (998, 1090), (1000, 1001), (3, 1088)]
    {
        let part: Vec<Entry> = stream.entries(start..end).collect();
        assert_eq!(part, entries[start as usize..end as usize], "{start}..{end}");
    }
}

#[test]
fn records_share_seconds_and_some_are_at_the_very_start_of_one() {
    // One in 27 seconds on average.
    let entries = all(stream(100_000, 31, 0), NOW * 1000);
    let second = |entry: &Entry| entry.updated / 1000;
    let shared = entries.windows(2).filter(|pair| second(&pair[0]) == second(&pair[1])).count();
    assert!((20_000..40_000).contains(&shared), "{shared}");
    let whole = entries.iter().filter(|entry| entry.updated % 1000 == 0).count();
    assert!((5000..10_000).contains(&whole), "{whole}");
    let distances: BTreeSet<i64> = entries.windows(2).map(|pair| pair[1].updated - pair[0].updated).collect();
    assert!(distances.len() > 1000, "{} distances", distances.len());
}

#[test]
fn as_many_arrive_in_a_second_as_the_rate_says() {
    let stream = stream(10, 1, 100);
    for (elapsed, count) in [(-5000, 10), (0, 10), (1, 11), (10, 11), (11, 12), (1000, 110), (60_000, 6010)] {
        assert_eq!(stream.count(NOW * 1000 + elapsed), count, "{elapsed}");
    }
    let now = NOW * 1000 + 1500;
    let arrived: Vec<Entry> = stream.entries(10..stream.count(now)).collect();
    assert_eq!(arrived.len(), 150);
    assert!(arrived.iter().all(|entry| (NOW * 1000..now).contains(&entry.updated)));
}

#[test]
fn twenty_million_are_counted_and_read_at_any_place() {
    let (stream, now) = (stream(20_000_000, 31, 0), NOW * 1000);
    assert_eq!(stream.window(now - 31 * DAY, now, now), 0..20_000_000);
    let hours = (0..31 * 24).map(|hour| now - 31 * DAY + hour * 3_600_000);
    let counts: Vec<u64> = hours
        .map(|start| {
            let window = stream.window(start, start + 3_600_000, now);
            window.end - window.start
        })
        .collect();
    assert_eq!(counts.iter().sum::<u64>(), 20_000_000);
    assert!(counts.iter().all(|count| (26_800..27_000).contains(count)), "{counts:?}");
    let middle: Vec<Entry> = stream.entries(10_000_000..10_000_500).collect();
    assert_eq!(middle.len(), 500);
    assert_eq!(stream.window(middle[0].updated, middle[499].updated + 1, now).start, 10_000_000);
}

#[test]
fn a_checksum_is_the_sum_of_its_parts() {
    let stream = stream(1000, 1, 0);
    let sum = stream.checksum(0..400).wrapping_add(stream.checksum(400..1000));
    assert_eq!(stream.checksum(0..1000), sum);
    assert_ne!(stream.checksum(0..999), sum);
    assert_eq!(stream.checksum(5..5), 0);
}
