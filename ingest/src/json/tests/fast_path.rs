//! The fast path gives the same as the general one, for any input.

use proptest::prelude::*;

use crate::DataType;
use crate::json::{JsonDocumentReader, NdjsonReader};
use crate::test_support::{Outcome, outcome};
use crate::{Collector, Numbers};

/// Feeds a reader in two pieces, as a [`SampleReader`](crate::SampleReader) does.
fn read_in_two_pieces(
    text: &[u8],
    cut: usize,
    mut read: impl FnMut(&[u8], bool, &mut Collector) -> usize,
) -> Outcome {
    let mut collector = Collector::new(Numbers::native());
    let used = read(&text[..cut], false, &mut collector);
    read(&text[used..], true, &mut collector);
    outcome(collector)
}

fn lines(text: &[u8], cut: usize, off: bool) -> Outcome {
    let mut reader = NdjsonReader::new(0);
    reader.layouts.is_disabled = off;
    read_in_two_pieces(text, cut, |bytes, last, collector| reader.read(bytes, last, collector))
}

fn document(text: &[u8], cut: usize, off: bool) -> Outcome {
    let mut reader = JsonDocumentReader::new(DataType::Steps, 0);
    reader.layouts.is_disabled = off;
    read_in_two_pieces(text, cut, |bytes, last, collector| reader.read(bytes, last, collector))
}

/// Records as files have them: few layouts, with other dates and values in each.
fn records() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let layout = prop::sample::select(vec![
        r#"{"device_name":"a","device_version":"17.0.3","start_date":"DT+04:00","end_date":"DU+04:00","value":V,"unit":"count"}"#,
        r#"{"device_name":"b \u00e9","start_date":"DTZ","end_date":"DUZ","value":V,"unit":"count/min"}"#,
        r#"{ "unit":"count/s", "value" : V , "end_date":null,"start_date":"DT.F-00:00","device_name":"é" }"#,
        r#"{"end_date":"DU.F-03:30","start_date":"DT.F-03:30","unit":"count","value":V,"device_name":"a"}"#,
        r#"{"start_date":"DTZ","start_date":"DUZ","unit":"count","value":V,"device_name":"a"}"#,
        r#"{"start_date":"DT\u005a","unit":"count","value":V,"device_name":"a"}"#,
        r#"{"value":V,"start_date":"DTZ","end_date":"2093-01-01T00:00:00Z","unit":"count","device_name":"a"}"#,
    ]);
    let value = prop_oneof![6 => (1..500_u32).prop_map(|n| n.to_string()), 1 => "[0-9]{1,3}\\.[0-9]{1,2}", 1 => "-?[0-9]{1,6}(e[0-9])?", 1 => Just("01".to_owned())];
    let time = (0..4_u32, 0..25_u32, 0..61_u32);
    let digits = prop_oneof![6 => "[0-9]{3}", 1 => "[0-9]{1,9}", 1 => Just("123456789000".to_owned())];
    let record = (layout, time, 0..61_u32, digits, value).prop_map(
        |(layout, (day, hour, minute), second, digits, value)| {
            let day = format!("2023-02-{:02}", day * 9 + 1);
            let time = |letter: &str, minute: u32| format!("{letter}{hour:02}:{minute:02}:{second:02}");
            layout
                .replace('V', &value)
                .replace("DT", &[day.as_str(), &time("T", minute)].concat())
                .replace("DU", &[day.as_str(), &time("T", minute.max(30))].concat())
                .replace(".F", &[".", &digits].concat())
                .into_bytes()
        },
    );
    prop::collection::vec(record, 0..30)
}

fn with_changes(mut text: Vec<u8>, changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    for (at, byte, series) in changes {
        if text.is_empty() {
            break;
        }
        let at = at.index(text.len());
        match series {
            0 => text[at] = *byte,
            1 => text.insert(at, *byte),
            _ => drop(text.remove(at)),
        }
    }
    text
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    let byte =
        prop_oneof![4 => prop::sample::select(b"0159:-+TtZz .,\"\\{}[]\n\reE".to_vec()), 1 => any::<u8>()];
    prop::collection::vec((any::<prop::sample::Index>(), byte, 0..3_u8), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn lines_are_read_alike_both_ways(
        records in records(), changes in changes(), crlf in any::<bool>(), cut in any::<prop::sample::Index>(),
    ) {
        let text = with_changes(records.join(if crlf { &b"\r\n"[..] } else { b"\n" }), &changes);
        let cut = cut.index(text.len() + 1);
        let general = lines(&text, text.len(), true);
        prop_assert_eq!(&lines(&text, cut, false), &general);
        prop_assert_eq!(&lines(&text, cut, true), &general);
    }

    #[test]
    fn documents_are_read_alike_both_ways(
        records in records(), changes in changes(), space in "[ \n]{0,3}", cut in any::<prop::sample::Index>(),
    ) {
        let between = [space.as_bytes(), b",", space.as_bytes()].concat();
        let text = with_changes([b"[", &records.join(&between[..])[..], b"]"].concat(), &changes);
        let cut = cut.index(text.len() + 1);
        let general = document(&text, text.len(), true);
        prop_assert_eq!(&document(&text, cut, false), &general);
        prop_assert_eq!(&document(&text, cut, true), &general);
    }
}

fn line(device: &str, second: u32) -> String {
    format!(
        "{{\"device_name\":\"{device}\",\"start_date\":\"2023-01-01T00:00:{second:02}Z\",\"value\":1,\"unit\":\"count\"}}\n"
    )
}

#[test]
fn learned_layouts_are_used() {
    let mut reader = NdjsonReader::new(0);
    let mut collector = Collector::new(Numbers::native());
    reader.read(line("a", 1).as_bytes(), true, &mut collector);
    let mut is_read = |line: &str| reader.layouts.read(line.as_bytes(), true, &mut collector).is_some();
    // Another day or value is read; another name, an end date, or an hour that does not exist is not.
    let next = line("a", 2);
    assert!(is_read(&next));
    assert!(is_read(&next.replace("01-01", "12-31").replace(":1,", ":29.5,")));
    for (from, to) in [
        ("\"a\"", "\"b\""),
        ("T00", "T24"),
        ("01-01", "02-30"),
        ("}\n", "} \n"),
        ("\":1", "\":0"),
        ("\":1", "\":-1"),
        ("\":1", "\":30001"),
        ("02Z", "02.5Z"),
    ] {
        assert!(!is_read(&next.replace(from, to)), "{to}");
    }
    assert_eq!(collector.rows.len(), 3);
}

#[test]
fn learning_stops_if_no_two_records_look_alike() {
    let mut reader = NdjsonReader::new(0);
    let mut collector = Collector::new(Numbers::native());
    let text: String = (0..500).map(|index| line(&index.to_string(), 0)).collect();
    reader.read(text.as_bytes(), true, &mut collector);
    assert_eq!(collector.rows.len(), 500);
    // When the file goes on with one layout, that is learned after all.
    reader.read(line("0", 0).repeat(200).as_bytes(), true, &mut collector);
    assert!(reader.layouts.read(line("0", 0).as_bytes(), true, &mut collector).is_some());
}
