//! JSON documents and NDJSON: what is read, what a broken part spoils, and what happens when the input is cut off.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::unreachable
)]

mod support;

use humansync_ingest::Format;
use support::{SAMPLE, brief, read, reader};

type ExpectedRejections<'a> = &'a [(u64, u64, &'a str, &'a str)];

/// In `text`, `S` stands for a sample.
fn check(format: Format, text: &str, row_count: usize, expected: ExpectedRejections<'_>) {
    let bytes = text.replace('S', SAMPLE).into_bytes();
    for step in [usize::MAX, 64, 7, 1] {
        let cuts: Vec<usize> = (0..bytes.len()).step_by(step).collect();
        let outcome = read(format, &bytes, &cuts);
        assert_eq!(brief(&outcome.rejections), expected, "{text:?} in pieces of {step}");
        assert_eq!(outcome.rows.len(), row_count, "{text:?} in pieces of {step}");
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
        let text = [SAMPLE.as_bytes(), b"\n", &line, b"\n", SAMPLE.as_bytes()].concat();
        let outcome = read(Format::Ndjson, &text, &[]);
        assert_eq!((outcome.rows.len(), brief(&outcome.rejections)), (2, vec![(1, 2, "", "syntax")]));
        let text = [b"[", SAMPLE.as_bytes(), b",", &line, b",", SAMPLE.as_bytes(), b"]"].concat();
        let outcome = read(Format::Json, &text, &[]);
        assert_eq!((outcome.rows.len(), brief(&outcome.rejections)), (2, vec![(1, 1, "", "syntax")]));
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
        let reader = reader(Some(Format::Json), text.replace('S', SAMPLE).as_bytes(), &[]);
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
    for step in [usize::MAX, 1 << 16, 1000] {
        for (format, text, line, expected) in
            [(Format::Ndjson, &lines, 2, 1), (Format::Json, &document, 1, 1), (Format::Json, &member, 0, 0)]
        {
            let cuts: Vec<usize> = (0..text.len()).step_by(step).collect();
            let outcome = read(format, text.as_bytes(), &cuts);
            assert_eq!(outcome.rows.len(), 2, "in pieces of {step}");
            assert_eq!(outcome.rejections.len(), expected);
            if expected > 0 {
                assert_eq!(brief(&outcome.rejections), [(1, line, "", "syntax")]);
            }
        }
    }
}

#[test]
fn a_long_record_in_single_bytes_takes_linear_time() {
    let mut text = SAMPLE.replace("iPhone", &"x".repeat(1 << 19));
    text.push('\n');
    let cuts: Vec<usize> = (0..text.len()).collect();
    // If each byte led to reading from the start, this would take hours.
    assert_eq!(read(Format::Ndjson, text.as_bytes(), &cuts).rows.len(), 1);
    assert_eq!(read(Format::Json, format!("[{text}]").as_bytes(), &cuts).rows.len(), 1);
}

#[test]
fn json_that_is_nested_too_deep_is_rejected() {
    let nested = |depth: usize| SAMPLE.replace("14", &("[".repeat(depth) + &"]".repeat(depth)));
    assert_eq!(
        brief(&read(Format::Ndjson, nested(100).as_bytes(), &[]).rejections),
        [(0, 1, "/value", "type")]
    );
    assert_eq!(
        brief(&read(Format::Ndjson, nested(100_000).as_bytes(), &[]).rejections),
        [(0, 1, "", "syntax")]
    );
    let text = format!("[{},{SAMPLE}]", nested(100_000));
    let outcome = read(Format::Json, text.as_bytes(), &[]);
    assert_eq!((outcome.rows.len(), brief(&outcome.rejections)), (1, vec![(0, 1, "", "syntax")]));
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
        for step in [usize::MAX, 5, 1] {
            let cuts: Vec<usize> = (0..text.len()).step_by(step).collect();
            let mut reader = reader(None, text.as_bytes(), &cuts);
            assert_eq!(reader.take_rejections(), [], "{text:?} in pieces of {step}");
            assert_eq!(reader.into_rows().len(), row_count, "{text:?} in pieces of {step}");
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
            let mut with_format = reader(Some(format), &bytes, &[]);
            let expected = with_format.take_rejections();
            let row_count = with_format.into_rows().len();
            assert!(!expected.is_empty());
            for step in [usize::MAX, 7, 1] {
                let cuts: Vec<usize> = (0..bytes.len()).step_by(step).collect();
                let mut detected = reader(None, &bytes, &cuts);
                assert_eq!(detected.take_rejections(), expected, "{blanks:?} {text:?} in pieces of {step}");
                assert_eq!(detected.into_rows().len(), row_count, "{blanks:?} {text:?}");
            }
        }
    }
}

#[test]
fn many_unrelated_objects_are_all_counted() {
    let count = 50_000;
    let lines = "{\"a\":1}\n".repeat(count);
    let mut none = reader(Some(Format::Ndjson), lines.as_bytes(), &[1000]);
    assert_eq!((none.sample_count(), brief(&none.take_rejections())), (1, vec![(0, 1, "", "type")]));

    let bytes = [&*lines, SAMPLE, "\n{\"a\":1}\n"].concat().into_bytes();
    let mut reader = reader(Some(Format::Ndjson), &bytes, &[1000]);
    assert_eq!((reader.sample_count(), reader.rejected_count()), (count as u64 + 2, count as u64 + 1));
    let rejections = reader.take_rejections();
    let [.., together, last] = &*rejections else { panic!() };
    assert_eq!((last.index, last.line), (count as u64 + 1, Some(count as u64 + 2)));
    assert_eq!((together.index, together.line), (16_384, Some(16_385)));
    assert!(together.message.ends_with(": 33616"), "{}", together.message);
    assert_eq!(rejections.len(), 16_384 + 2);
}
