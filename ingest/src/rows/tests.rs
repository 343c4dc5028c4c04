//! Rows: sorting, duplicates, request bodies, encoding and hashes.

use std::collections::HashSet;

use super::BLOCK;
use crate::test_support::{self, SAMPLE, body, sent};
use crate::time::{Instant, UtcOffset};
use crate::{DataType, DeviceShare, Format, Numbers, Rows, Unit};
use proptest::prelude::*;

/// The rows of NDJSON.
fn rows_of(text: &str) -> Rows {
    test_support::reader(Some(Format::Ndjson), DataType::Steps, text.as_bytes(), &[usize::MAX]).into_rows()
}

/// Start and duration in nanoseconds, device, and value.
type SampleSpec = (i64, Option<i64>, u8, u8);

fn at(nanos: i64, offset: i64) -> Instant {
    let local = nanos.div_euclid(1_000_000_000) + offset * 60;
    let offset = UtcOffset::from_minutes(i16::try_from(offset).unwrap()).unwrap();
    let below = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap();
    Instant::from_local(local.div_euclid(86_400), local.rem_euclid(86_400), below, 9, offset)
}

fn rows(specs: &[SampleSpec]) -> Rows {
    let mut rows = Rows::new(Numbers::native());
    push_all(&mut rows, specs);
    rows
}

fn push_all(rows: &mut Rows, specs: &[SampleSpec]) {
    for (index, &(start, end, device, value)) in specs.iter().enumerate() {
        let series = rows.series_mut().intern(&format!("d{device}"), None, Unit::Count);
        // The same instant, with another offset each time.
        let end = end.map(|end| at(start + end, index as i64 % 7));
        rows.push(series, at(start, index as i64 % 1000), end, f64::from(value) + 0.5, index as u32);
    }
}

fn positions(rows: &Rows) -> Vec<u32> {
    rows.iter().map(|row| row.position()).collect()
}

/// The positions of the rows that are left, sorted, and how many were dropped.
fn expected_positions(specs: &[SampleSpec]) -> (Vec<u32>, u64) {
    let mut all: Vec<(SampleSpec, u32)> = specs.iter().copied().zip(0..).collect();
    all.sort_by_key(|(sample, position)| (sample.0, *position));
    let mut seen = HashSet::new();
    let before = all.len();
    all.retain(|(sample, _)| seen.insert(*sample));
    (all.iter().map(|(_, position)| *position).collect(), (before - all.len()) as u64)
}

fn specs(starts: i64, count: usize) -> impl Strategy<Value = Vec<SampleSpec>> {
    let end = prop_oneof![1 => Just(None), 3 => (0..3_i64).prop_map(Some), 1 => Just(Some(600_000_000_000_000_000))];
    prop::collection::vec((0..starts, end, 0..2_u8, 0..2_u8), 0..count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn rows_are_sorted_and_deduplicated_like_a_plain_list(
        specs in prop_oneof![specs(5, 60), specs(1000, 100), specs(100_000, 100), specs(2, 200)],
        runs in 1..5_usize,
    ) {
        let mut specs = specs;
        // Sorted runs, as real data has them.
        for run in specs.chunks_mut(60 / runs) {
            run.sort_unstable_by_key(|sample| sample.0);
        }
        let mut rows = rows(&specs);
        rows.order();
        let (expected, dropped) = expected_positions(&specs);
        prop_assert_eq!(rows.drop_duplicates(), dropped);
        prop_assert_eq!(positions(&rows), expected);
    }

    #[test]
    fn each_device_has_its_share(specs in prop_oneof![specs(5, 60), specs(1000, 100)], from in 0..40_usize, to in 0..100_usize, ordered in any::<bool>()) {
        let mut rows = rows(&specs);
        if ordered {
            rows.order();
        }
        let mut expected: Vec<DeviceShare> = Vec::new();
        for (index, row) in rows.iter().enumerate().take(to).skip(from) {
            let device = rows.series().device(row.series());
            let found = expected.iter().position(|share| share.device == device);
            let place = found.unwrap_or_else(|| {
                expected.push(DeviceShare { device, rows: 0, first: index, last: index });
                expected.len() - 1
            });
            expected[place].rows += 1;
            expected[place].last = index;
        }
        prop_assert_eq!(rows.device_shares(from..to), expected);
    }

    #[test]
    fn rows_are_retained_pushed_and_sorted_in_any_order(
        specs in specs(50, 300),
        modulus in 1..5_u32,
        more in specs(50, 40),
        order_first in any::<bool>(),
    ) {
        let mut rows = rows(&specs);
        if order_first {
            rows.order();
        }
        let before = positions(&rows);
        rows.retain(|index| !before[index].is_multiple_of(modulus));
        let mut expected_rows: Vec<(SampleSpec, u32)> = specs.iter().copied().zip(0_u32..).filter(|(_, position)| !position.is_multiple_of(modulus)).collect();
        push_all(&mut rows, &more);
        expected_rows.extend(more.iter().copied().zip(0_u32..));
        rows.order();
        expected_rows.sort_by_key(|(sample, _)| sample.0);
        let found: Vec<(i64, u32)> = rows.iter().map(|row| (row.start().unix_seconds() * 1_000_000_000 + i64::from(row.start().subsec_nanos()), row.position())).collect();
        if order_first {
            // Samples that start at the same instant keep their order; the first ones were sorted before.
            let expected: Vec<(i64, u32)> = expected_rows.iter().map(|(sample, position)| (sample.0, *position)).collect();
            prop_assert_eq!(found, expected);
        } else {
            prop_assert!(found.is_sorted_by_key(|(start, _)| *start));
            prop_assert_eq!(found.len(), expected_rows.len());
        }
    }

    #[test]
    fn decoded_rows_are_those_that_were_encoded(specs in specs(1_000_000_000_000, 10), from in 0..5_usize, to in 0..12_usize) {
        let rows = rows(&specs);
        let bytes = rows.encode(from..to);
        let back = Rows::decode(&bytes, Numbers::native()).unwrap();
        let mut expected = sent(&rows);
        expected.truncate(to);
        expected.drain(..from.min(expected.len()));
        prop_assert!(positions(&back).into_iter().eq(0..expected.len() as u32));
        prop_assert_eq!(sent(&back), expected);
        for cut in 1..bytes.len().min(40) {
            // Cut between two rows, the bytes are valid.
            if let Some(part) = Rows::decode(&bytes[..bytes.len() - cut], Numbers::native()) {
                prop_assert!(part.len() < back.len());
            }
        }
    }

    #[test]
    fn no_bytes_make_decoding_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), at in 0..60_usize, byte in any::<u8>()) {
        let _ = Rows::decode(&bytes, Numbers::native());
        let mut stored = rows_of(SAMPLE).encode(0..1);
        let at = at % stored.len();
        stored[at] = byte;
        if let Some(rows) = Rows::decode(&stored, Numbers::native()) {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&body(DataType::Steps, &rows)).is_ok());
        }
    }

    #[test]
    fn samples_are_equal_if_and_only_if_their_hashes_are(a in specs(3, 12)) {
        let rows = rows(&a);
        let hashes: Vec<u64> = rows.iter().map(|row| row.hash(rows.series())).collect();
        for (index, first) in a.iter().enumerate() {
            for (other, second) in a.iter().enumerate() {
                prop_assert_eq!(first == second, hashes[index] == hashes[other]);
            }
        }
    }
}

#[test]
fn rows_in_many_blocks_are_sorted() {
    for stretch in [1, 3, 100, 5000, 20_000] {
        // Sorted runs, each of which starts over.
        let specs: Vec<SampleSpec> = (0..20_000_i64)
            .map(|index| {
                ((index % stretch) * 7919 % 65_536 + (index / stretch) % 5, None, 0, (index % 50) as u8)
            })
            .collect();
        let mut rows = rows(&specs);
        rows.order();
        let (expected, dropped) = expected_positions(&specs);
        assert_eq!(rows.drop_duplicates(), dropped, "{stretch}");
        assert_eq!(positions(&rows), expected, "{stretch}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rows_that_are_a_little_late_are_sorted_where_they_are_stored(
        count in 0..5 * BLOCK,
        most in prop::sample::select(vec![1_i64, 2, 30, 2000]),
        early in prop::option::weighted(0.3, 0..5 * BLOCK),
        factor in 1..10_000_i64,
    ) {
        let mut specs: Vec<SampleSpec> = (0..count as i64).map(|at| (at - at * factor % 7919 % most, None, 0, (at % 2) as u8)).collect();
        // One that reaches back to the first.
        if let Some(spec) = early.and_then(|early| specs.get_mut(early)) {
            spec.0 = -10_000;
        }
        let mut rows = rows(&specs);
        rows.order();
        let is_late = early.is_some_and(|early| (2 * BLOCK..specs.len()).contains(&early));
        prop_assert_eq!(rows.order.is_some(), is_late);
        let (expected, dropped) = expected_positions(&specs);
        prop_assert_eq!(rows.drop_duplicates(), dropped);
        prop_assert_eq!(positions(&rows), expected);
    }

    #[test]
    fn blocks_that_have_lost_rows_are_sorted_with_those_that_come_after(
        count in 0..4 * BLOCK,
        (stretch, modulus) in (1..6000_i64, 2..9_u32),
        more in 0..3 * BLOCK,
        order_first in any::<bool>(),
    ) {
        let spec = |at: usize| (at as i64 * 7919 % stretch, None, 0, (at % 3) as u8);
        let first: Vec<SampleSpec> = (0..count).map(spec).collect();
        let more: Vec<SampleSpec> = (0..more).map(spec).collect();
        let mut rows = rows(&first);
        if order_first {
            rows.order();
        }
        let before = positions(&rows);
        rows.retain(|index| !before[index].is_multiple_of(modulus));
        push_all(&mut rows, &more);
        rows.order();
        let kept = first.iter().copied().zip(0..).filter(|(_, position): &(_, u32)| !position.is_multiple_of(modulus));
        let mut expected: Vec<(SampleSpec, u32)> = kept.chain(more.iter().copied().zip(0..)).collect();
        expected.sort_by_key(|(spec, _)| spec.0);
        let expected: Vec<u32> = expected.into_iter().map(|(_, position)| position).collect();
        prop_assert_eq!(positions(&rows), expected);
    }
}

#[test]
fn many_rows_with_the_same_start_take_linear_time() {
    let specs: Vec<SampleSpec> = (0..200_000_i64).map(|index| (0, Some(index % 100_000), 0, 0)).collect();
    let mut rows = rows(&specs);
    rows.order();
    assert_eq!(rows.drop_duplicates(), 100_000);
    assert!(positions(&rows).into_iter().eq(0..100_000));
}

#[test]
fn a_hash_is_the_same_in_every_release() {
    let hash = |sample: &str| {
        let rows = rows_of(sample);
        rows.get(0).unwrap().hash(rows.series())
    };
    let base = hash(SAMPLE);
    // Hashes are stored, so these numbers must never change.
    let without_end = SAMPLE.replace(r#","end_date":"2023-11-01T08:04:58.000+04:00""#, "");
    for (sample, expected) in [
        (SAMPLE, 0x555f_6b66_24b1_75fe),
        (&SAMPLE.replace("17.0.3", "17.0.4"), 0x0ddc_cb2e_f3ee_e442),
        (&SAMPLE.replace(r#""device_version":"17.0.3","#, ""), 0xda69_f38a_9446_390f),
        (&without_end, 0x212f_0645_a823_60cb),
    ] {
        assert_eq!(hash(sample), expected, "{sample}");
    }
    // The same instants, written in another way.
    assert_eq!(hash(&SAMPLE.replace("08:04:51.000+04:00", "04:04:51Z")), base);
    // An end at the start is not the same as no end.
    assert_ne!(hash(&SAMPLE.replace("08:04:58", "08:04:51")), hash(&without_end));
    // Moving a character from one text to the next changes the hash.
    assert_ne!(hash(&SAMPLE.replace("iPhone", "iPhone1").replace("17.0.3", "7.0.3")), base);
}

#[test]
fn hashes_do_not_collide() {
    let mut rows = Rows::new(Numbers::native());
    for index in 0..200_000_i64 {
        let series = rows.series_mut().intern(if index % 2 == 0 { "a" } else { "b" }, None, Unit::Count);
        let start = at(index / 4 * 1_000_000_000, 0);
        rows.push(series, start, Some(at((index / 4 + index % 4 / 2) * 1_000_000_000, 0)), 1.0, 0);
    }
    let hashes: HashSet<u64> = rows.iter().map(|row| row.hash(rows.series())).collect();
    assert_eq!(hashes.len(), 200_000);
    // Nor do the upper halves collide more often than by chance: 200 000² / 2 / 2³² is 4.7.
    let halves: HashSet<u64> = hashes.iter().map(|hash| hash >> 32).collect();
    assert!(200_000 - halves.len() < 20, "{}", halves.len());
}

#[test]
fn request_bodies_are_exact() {
    let text = [
        SAMPLE,
        r#"{"unit":"count/min","value":61.5,"start_date":"2023-11-02t00:00:00.12z","device_name":"W \"\\\n\u0001\u2028\ud83d\ude00"}"#,
        r#"{"device_name":"iPhone","device_version":"17.0.3","start_date":"2023-11-03T08:04:51.000+04:00","end_date":"2073-11-03T08:04:58.000+04:00","value":1e-7,"unit":"count/s"}"#,
    ]
    .join("\n");
    let rows = rows_of(&text);
    let mut body = b"kept".to_vec();
    rows.write_body(DataType::Steps, 0..3, &mut body);
    let expected = [
        r#"kept{"data_type":"steps","data":["#,
        SAMPLE,
        ",",
        "{\"device_name\":\"W \\\"\\\\\\n\\u0001\u{2028}\u{1f600}\",\"start_date\":\"2023-11-02T00:00:00.12Z\",\"value\":61.5,\"unit\":\"count/min\"}",
        ",",
        r#"{"device_name":"iPhone","device_version":"17.0.3","start_date":"2023-11-03T08:04:51.000+04:00","end_date":"2073-11-03T08:04:58.000+04:00","value":1e-7,"unit":"count/s"}"#,
        "]}",
    ]
    .concat();
    assert_eq!(String::from_utf8(body).unwrap(), expected);
    let mut body = Vec::new();
    rows.write_body(DataType::Bpm, 1..1, &mut body);
    assert_eq!(body, br#"{"data_type":"bpm","data":[]}"#);
}

#[test]
fn devices_are_distinguished_by_their_names() {
    let text = [
        SAMPLE.to_owned(),
        SAMPLE.replace("17.0.3", "18"),
        SAMPLE.replace("iPhone", "Watch"),
        SAMPLE.replace("\"unit\":\"count\"", "\"unit\":\"count/s\""),
    ]
    .join("\n");
    let rows = rows_of(&text);
    let series = rows.series();
    let series_of = |index| rows.get(index).unwrap().series();
    assert_eq!([0, 1, 2, 3].map(series_of), [0, 1, 2, 3]);
    assert_eq!(series.devices(), 2);
    assert_eq!([0, 1, 2, 3].map(|index| series.device(series_of(index))), [0, 0, 1, 0]);
    assert_eq!(series.device_name(1), "Watch");
    assert_eq!(series.device_version(series_of(1)), Some("18"));
    assert_eq!(series.unit(series_of(3)), Unit::CountPerSecond);
}

#[test]
fn days_are_those_of_utc() {
    let mut rows = Rows::new(Numbers::native());
    let series = rows.series_mut().intern("a", None, Unit::Count);
    for (text, position) in [("1970-01-02T03:00:00+04:00", 0), ("1969-12-31T23:59:59.999Z", 1)] {
        rows.push(series, Instant::parse(text).unwrap(), None, 1.0, position);
    }
    assert_eq!(rows.iter().map(|row| row.day()).collect::<Vec<_>>(), [0, -1]);
}
