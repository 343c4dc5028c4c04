//! JSON documents and NDJSON: what is read, what a broken part spoils, and what happens when the input is cut off.

mod fast_path;
mod reference_reader;

use crate::test_support::{self, Outcome, SAMPLE, outcome, reasons};
use crate::{DataType, Format, SampleReader};

fn reader(format: Option<Format>, text: &[u8], size: usize) -> SampleReader {
    test_support::reader(format, DataType::Steps, text, &[size])
}

fn read(format: Format, text: impl AsRef<[u8]>, size: usize) -> Outcome {
    test_support::read(format, DataType::Steps, text.as_ref(), &[size])
}

type ExpectedRejections<'a> = &'a [(u64, u64, &'a str, &'a str)];

/// In `text`, `S` stands for a sample.
fn check(format: Format, text: &str, row_count: usize, expected: ExpectedRejections<'_>) {
    for size in [usize::MAX, 64, 7, 1] {
        let (rows, rejections) = read(format, text.replace('S', SAMPLE), size);
        assert_eq!(reasons(&rejections), expected, "{text:?} in pieces of {size}");
        assert_eq!(rows.len(), row_count, "{text:?} in pieces of {size}");
    }
}

#[test]
fn documents() {
    #[rustfmt::skip]
    let table: &[(&str, usize, ExpectedRejections<'_>)] = &[
        ("[]", 0, &[]),
        (" \r\n[ ]\n", 0, &[]),
        ("[S]", 1, &[]),
        ("\u{feff}[S,S ,\r\n S]", 3, &[]),
        ("{\"data\":[S,S]}", 2, &[]),
        ("{\"data_type\":\"steps\",\"data\":[S],\"more\":{\"data\":[1,{}]}}", 1, &[]),
        ("{\"a\":[[],{\"data\":[S]}],\"d\\u0061ta\":[S]}\n", 1, &[]),
        ("{\"data\":[]}", 0, &[]),
        // Valid JSON without samples.
        ("[1,\"a\",null,true,[S],[],S]", 1, &[
            (0, 1, "", "type"), (1, 1, "", "type"), (2, 1, "", "type"), (3, 1, "", "type"), (4, 1, "", "type"), (5, 1, "", "type"),
        ]),
        // A broken sample spoils only itself.
        ("[S,{\"value\":},S]", 2, &[(1, 1, "", "syntax")]),
        ("[S,\n{\"value\":1 \"unit\":\"count\"},\nS,\n{\"value\":1,},\n{value:1},S]", 3, &[
            (1, 2, "", "syntax"), (3, 4, "", "syntax"), (4, 5, "", "syntax"),
        ]),
        ("[{\"a\":{\"b\":tru},\"value\":3},S]", 1, &[(0, 1, "", "syntax")]),
        ("[S,{\"device_name\":\"a,\n\"value\":3},S,S]", 3, &[(1, 1, "", "syntax")]),
        ("[S,{\"value\":1}}, S]", 2, &[(1, 1, "/device_name", "missing"), (2, 1, "", "syntax")]),
        ("{\"data\":[S,{\"value\":tru}],\"more\":1}", 1, &[(1, 1, "", "syntax")]),
        ("[nope,S,\"\\x\",S]", 2, &[(0, 1, "", "syntax"), (2, 1, "", "syntax")]),
        ("[S,,S]", 2, &[(1, 1, "", "syntax")]),
        ("[,S]", 1, &[(0, 1, "", "syntax")]),
        ("[S,]", 1, &[(1, 1, "", "syntax")]),
        ("[S S,S]", 2, &[(1, 1, "", "syntax")]),
        // Input that is cut off is one syntax error; earlier samples are kept.
        ("", 0, &[(0, 1, "", "syntax")]),
        (" \n", 0, &[(0, 2, "", "syntax")]),
        ("[", 0, &[(0, 1, "", "syntax")]),
        ("[S", 1, &[(1, 1, "", "syntax")]),
        ("[S,\n", 1, &[(1, 2, "", "syntax")]),
        ("[S,\n{\"device_name\":\"iPh", 1, &[(1, 2, "", "syntax")]),
        ("[S,12", 1, &[(1, 1, "", "syntax")]),
        ("{\"data\":[S]", 1, &[(1, 1, "", "syntax")]),
        ("{\"data\":[S],\"more\":[", 1, &[(1, 1, "", "syntax")]),
        ("{\"data", 0, &[(0, 1, "", "syntax")]),
        ("[S,{\"value\":tru, \"unit\":", 1, &[(1, 1, "", "syntax")]),
        // Other JSON.
        ("5", 0, &[(0, 1, "", "syntax")]),
        ("null", 0, &[(0, 1, "", "syntax")]),
        ("{}", 0, &[(0, 1, "/data", "missing")]),
        ("{\"Data\":[S]}", 0, &[(0, 1, "/data", "missing")]),
        ("{\"data\":{}}", 0, &[(0, 1, "/data", "missing")]),
        // Exports of other programs.
        ("{\"data\":{\"steps\":[{\"a\":1},{\"a\":2}]}}", 0, &[(0, 1, "/data", "missing")]),
        ("{\n \"steps\": [\n  {\"a\": 1}\n ]\n}", 0, &[(0, 5, "/data", "missing")]),
        ("{\"data\":{\"steps\":[]},\"data\":[S]}", 1, &[]),
        ("[{\"a\":1},\n{\"a\":2},{\"b\":{}}]", 0, &[(0, 1, "", "type")]),
        ("{\"data\":[\n{\"a\":1},{\"a\":2}]}", 0, &[(0, 2, "", "type")]),
        ("[{\"a\":1},\n{\"a\":2},S,\n{\"a\":3}]", 1, &[(0, 1, "", "type"), (1, 2, "", "type"), (3, 3, "", "type")]),
        ("[{\"a\":1},{\"a\":2},7]", 0, &[(0, 1, "", "type"), (1, 1, "", "type"), (2, 1, "", "type")]),
        ("[{\"a\":1},{\"a\":2}", 0, &[(0, 1, "", "type"), (1, 1, "", "type"), (2, 1, "", "syntax")]),
        ("{\"data\":[S],\"data\":[S]}", 1, &[(1, 1, "", "syntax")]),
        ("[S]\n[S]", 1, &[(1, 2, "", "syntax")]),
        ("[S]x", 1, &[(1, 1, "", "syntax")]),
        ("{data:[S]}", 0, &[(0, 1, "", "syntax")]),
    ];
    for &(text, row_count, expected) in table {
        check(Format::Json, text, row_count, expected);
    }
}

#[test]
fn lines() {
    #[rustfmt::skip]
    let table: &[(&str, usize, ExpectedRejections<'_>)] = &[
        ("", 0, &[]),
        ("\n\r\n \t\n", 0, &[]),
        ("S", 1, &[]),
        ("S\n", 1, &[]),
        ("\u{feff}S\r\nS\r\n\r\nS", 3, &[]),
        ("  S \t\r\n", 1, &[]),
        ("S\n1\n[S]\n\"a\"\nnull\n{}\nS", 2, &[
            (1, 2, "", "type"), (2, 3, "", "type"), (3, 4, "", "type"), (4, 5, "", "type"), (5, 6, "/device_name", "missing"),
        ]),
        ("S,\nS S\nS}\nx\n{\"a\n-\nS", 1, &[
            (0, 1, "", "syntax"), (1, 2, "", "syntax"), (2, 3, "", "syntax"), (3, 4, "", "syntax"), (4, 5, "", "syntax"), (5, 6, "", "syntax"),
        ]),
        ("S\n\n{\"device_name\":\"iPh", 1, &[(1, 3, "", "syntax")]),
        // Carriage returns as line breaks.
        ("S\rS\r\rS", 3, &[]),
        ("S\r\rx\r\nx\nS\r", 2, &[(1, 3, "", "syntax"), (2, 4, "", "syntax")]),
        ("S\rS\rS\rS\rS\rx\n\rx", 5, &[(5, 6, "", "syntax"), (6, 8, "", "syntax")]),
        // Exports of other programs.
        ("{\"a\":1}\n\n{\"a\":2}\n", 0, &[(0, 1, "", "type")]),
        ("{\"a\":1}\nS\n{\"a\":2}", 1, &[(0, 1, "", "type"), (2, 3, "", "type")]),
        ("{\"a\":1}\nx", 0, &[(0, 1, "", "type"), (1, 2, "", "syntax")]),
    ];
    for &(text, row_count, expected) in table {
        check(Format::Ndjson, text, row_count, expected);
    }
}

#[test]
fn bytes_that_are_not_utf_8_spoil_only_their_sample() {
    for bad in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80"] {
        let mut line = SAMPLE.as_bytes().to_vec();
        line.splice(18..18, bad.iter().copied());
        let records = [SAMPLE.as_bytes(), &line, SAMPLE.as_bytes()];
        let document = [b"[", &*records.join(&b','), b"]"].concat();
        for (format, text, line) in [(Format::Ndjson, records.join(&b'\n'), 2), (Format::Json, document, 1)] {
            let (rows, rejections) = read(format, text, usize::MAX);
            assert_eq!((rows.len(), reasons(&rejections)), (2, vec![(1, line, "", "syntax")]));
        }
    }
}

#[test]
fn a_document_may_say_that_it_is_of_another_type() {
    for (text, mismatch) in [
        ("{\"data_type\":\"steps\",\"data\":[S]}", false),
        ("{\"data_type\":\"st\\u0065ps\",\"data\":[S]}", false),
        ("{\"data_type\":\"bpm\",\"data\":[S]}", true),
        ("{\"data\":[S],\"data_type\":\"bpm\"}", true),
        ("{\"data\":[S],\"data_type\":1}", true),
        ("{\"data\":[S],\"data_type\":\"\"}", true),
        ("[{\"data_type\":\"bpm\"}]", false),
    ] {
        let reader = reader(Some(Format::Json), text.replace('S', SAMPLE).as_bytes(), usize::MAX);
        assert_eq!(reader.type_mismatch(), mismatch, "{text}");
    }
}

#[test]
fn a_record_that_is_too_long_is_rejected_once_and_skipped() {
    let long = format!(
        "{{\"device_name\":\"{}\\\"}},{{\",\"x\":[{{}},{{\"a\":[]}}],\"value\":1}}",
        "x".repeat(3 << 20)
    );
    let lines = [SAMPLE, &long, SAMPLE].join("\n");
    let document = ["[", SAMPLE, ",", &long, ",", SAMPLE, "]"].concat();
    let member = ["{\"raw\":", &long, ",\"data\":[", SAMPLE, ",", SAMPLE, "]}"].concat();
    for (format, text, expected) in [
        (Format::Ndjson, &lines, &[(1, 2, "", "syntax")][..]),
        (Format::Json, &document, &[(1, 1, "", "syntax")]),
        (Format::Json, &member, &[]),
    ] {
        for size in [usize::MAX, 1 << 16, 1000] {
            let (rows, rejections) = read(format, text, size);
            assert_eq!((rows.len(), &*reasons(&rejections)), (2, expected), "in pieces of {size}");
        }
    }
}

#[test]
fn a_long_record_in_single_bytes_takes_linear_time() {
    let text = SAMPLE.replace("iPhone", &"x".repeat(1 << 19)) + "\n";
    // If each byte led to reading from the start, this would take hours.
    assert_eq!(read(Format::Ndjson, &text, 1).0.len(), 1);
    assert_eq!(read(Format::Json, format!("[{text}]"), 1).0.len(), 1);
}

#[test]
fn json_that_is_nested_too_deep_is_rejected() {
    let nested = |depth: usize| SAMPLE.replace("14", &("[".repeat(depth) + &"]".repeat(depth)));
    for (format, text, row_count, reason) in [
        (Format::Ndjson, nested(100), 0, (0, 1, "/value", "type")),
        (Format::Ndjson, nested(100_000), 0, (0, 1, "", "syntax")),
        (Format::Json, format!("[{},{SAMPLE}]", nested(100_000)), 1, (0, 1, "", "syntax")),
    ] {
        let (rows, rejections) = read(format, text, usize::MAX);
        assert_eq!((rows.len(), reasons(&rejections)), (row_count, vec![reason]));
    }
}

#[test]
fn without_a_format_the_content_decides() {
    let line = [SAMPLE, "\n"].concat();
    for (text, row_count) in [
        (String::new(), 0),
        ("\u{feff}".to_owned(), 0),
        (" \r\n".to_owned(), 0),
        (line.repeat(3), 3),
        (["\u{feff}\n", &line.repeat(3)].concat(), 3),
        (format!("\u{feff} [{SAMPLE}, {SAMPLE}]"), 2),
        (format!("{{\"data\": [{SAMPLE}]}}"), 1),
    ] {
        for size in [usize::MAX, 5, 1] {
            let (rows, rejections) = outcome(reader(None, text.as_bytes(), size).collector);
            assert_eq!((rows.len(), rejections), (row_count, vec![]), "{text:?} in pieces of {size}");
        }
    }
}

#[test]
fn leading_white_space_changes_no_line_number() {
    for (format, text) in [
        (Format::Json, "[\nnope,\n§]"),
        (Format::Json, "{\n\"data\":[\nnope,\n§]}"),
        (Format::Ndjson, "{\"value\":1}\n§"),
        (Format::Csv, "value,unit\n1,count\n"),
        (
            Format::AppleHealth,
            "<a>\n<HealthData><Record type=\"HKQuantityTypeIdentifierStepCount\"/>\n</HealthData>",
        ),
    ] {
        for blanks in ["", "\n", "\r\n\r\n", "\n\n\r\n", "\r\n\r", "\u{feff}\n\n"] {
            let bytes = [blanks, &text.replace('§', SAMPLE)].concat().into_bytes();
            let expected = read(format, &bytes, usize::MAX);
            assert!(!expected.1.is_empty());
            for size in [usize::MAX, 7, 1] {
                let detected = outcome(reader(None, &bytes, size).collector);
                assert_eq!(detected, expected, "{blanks:?} {text:?} in pieces of {size}");
            }
        }
    }
}

#[test]
fn many_unrelated_objects_are_all_counted() {
    let count = 50_000;
    let lines = "{\"a\":1}\n".repeat(count);
    let mut none = reader(Some(Format::Ndjson), lines.as_bytes(), 1000);
    assert_eq!((none.sample_count(), reasons(&none.take_rejections())), (1, vec![(0, 1, "", "type")]));

    let bytes = [&*lines, SAMPLE, "\n{\"a\":1}\n"].concat().into_bytes();
    let mut reader = reader(Some(Format::Ndjson), &bytes, 1000);
    assert_eq!((reader.sample_count(), reader.rejected_count()), (count as u64 + 2, count as u64 + 1));
    let rejections = reader.take_rejections();
    let [.., together, last] = &*rejections else { panic!() };
    assert_eq!((last.index, last.line), (count as u64 + 1, Some(count as u64 + 2)));
    assert_eq!((together.index, together.line), (16_384, Some(16_385)));
    assert!(together.message.ends_with(": 33616"), "{}", together.message);
    assert_eq!(rejections.len(), 16_384 + 2);
}
