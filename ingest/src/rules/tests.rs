//! Every rule of the API, with the code and the path of a rejection.

use crate::test_support::{self, Outcome, SAMPLE, reasons};
use crate::{DataType, Format};

fn read(format: Format, text: &str) -> Outcome {
    test_support::read(format, DataType::Steps, text.as_bytes(), &[usize::MAX])
}

/// [`SAMPLE`] with this JSON as the value of a field, or without the field if `value` is empty.
fn with(field: &str, value: &str) -> String {
    let mut sample: serde_json::Map<String, serde_json::Value> = serde_json::from_str(SAMPLE).unwrap();
    sample.remove(field);
    let text = serde_json::to_string(&sample).unwrap();
    if value.is_empty() { text } else { text.replacen('{', &format!("{{\"{field}\":{value},"), 1) }
}

/// A field, its value, and the expected path and code.
type Case<'a> = (&'a str, &'a str, Option<(&'a str, &'a str)>);

#[test]
fn every_rule_has_its_code_and_its_path() {
    let long = format!("\"{}\"", "x".repeat(1000));
    #[rustfmt::skip]
    let table: &[Case<'_>] = &[
        ("device_name", "\"a\"",   None),
        ("device_name", &long,     None),
        ("device_name", "\" \"",   None),
        ("device_name", "\"Üñí\\u0041\\ud83d\\ude00\"", None),
        ("device_name", "",        Some(("/device_name", "missing"))),
        ("device_name", "null",    Some(("/device_name", "type"))),
        ("device_name", "7",       Some(("/device_name", "type"))),
        ("device_name", "[\"a\"]", Some(("/device_name", "type"))),
        ("device_name", "{\"a\":{\"b\":[1,2,{}]}}", Some(("/device_name", "type"))),
        ("device_name", "true",    Some(("/device_name", "type"))),
        ("device_name", "\"\"",    Some(("/device_name", "empty"))),
        ("device_name", "\"\\ud83d\"", Some(("", "syntax"))),
        ("device_name", "\"\\ude00\"", Some(("", "syntax"))),
        ("device_name", "\"\\ud83dx\"", Some(("", "syntax"))),
        ("device_name", "\"\\ud83d\\u0041\"", Some(("", "syntax"))),
        ("device_name", "\"\\x\"", Some(("", "syntax"))),
        ("device_name", "\"\\u00g0\"", Some(("", "syntax"))),
        ("device_name", "\"a\tb\"", Some(("", "syntax"))),
        ("device_name", "nul",     Some(("", "syntax"))),
        ("device_version", "",     None),
        ("device_version", "null", None),
        ("device_version", "\"\"", Some(("/device_version", "empty"))),
        ("device_version", "17",   Some(("/device_version", "type"))),
        ("device_version", "false", Some(("/device_version", "type"))),
        ("start_date", "\"2023-11-01T04:04:51Z\"", None),
        ("start_date", "\"2023-11-01t04:04:51z\"", None),
        ("start_date", "\"2023-11-01 04:04:51.5-00:00\"", None),
        ("start_date", "1698811491000", None),
        ("start_date", "",         Some(("/start_date", "missing"))),
        ("start_date", "null",     Some(("/start_date", "type"))),
        ("start_date", "{}",       Some(("/start_date", "type"))),
        ("start_date", "1e400",    Some(("/start_date", "type"))),
        ("start_date", "1e17",     Some(("/start_date", "timestamp"))),
        ("start_date", "\"\"",     Some(("/start_date", "empty"))),
        ("start_date", "\"2023-11-01\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T04:04:51\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T04:04Z\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T24:00:00Z\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T04:04:60Z\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-31T04:04:00Z\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-02-29T04:04:00Z\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"20231101T040451Z\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T04:04:51+0400\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T04:04:51+24:00\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T04:04:51.Z\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T04:04:51.0000000001Z\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T04:04:51.0000000010Z\"", None),
        ("start_date", "\"yesterday\"", Some(("/start_date", "timestamp"))),
        ("start_date", "\"2023-11-01T09:04:58+04:00\"", Some(("/end_date", "end-before-start"))),
        ("end_date", "",           None),
        ("end_date", "null",       None),
        ("end_date", "\"2023-11-01T04:04:51Z\"", None),
        ("end_date", "\"2123-11-01T04:04:51Z\"", None),
        ("end_date", "\"\"",       Some(("/end_date", "empty"))),
        ("end_date", "true",       Some(("/end_date", "type"))),
        ("end_date", "\"2023-11-01T04:04:50.999999999Z\"", Some(("/end_date", "end-before-start"))),
        ("end_date", "\"2023-11-01\"", Some(("/end_date", "timestamp"))),
        ("unit", "\"count/min\"",  None),
        ("unit", "\"count/s\"",    None),
        ("unit", "",               Some(("/unit", "missing"))),
        ("unit", "null",           Some(("/unit", "type"))),
        ("unit", "1",              Some(("/unit", "type"))),
        ("unit", "\"\"",           Some(("/unit", "empty"))),
        ("unit", "\"Count\"",      Some(("/unit", "unit"))),
        ("unit", "\"counts\"",     Some(("/unit", "unit"))),
        ("value", "0.5",           None),
        ("value", "30000",         None),
        ("value", "3E4",           None),
        ("value", "1e-300",        None),
        ("value", "",              Some(("/value", "missing"))),
        ("value", "null",          Some(("/value", "type"))),
        ("value", "\"14\"",        Some(("/value", "type"))),
        ("value", "1e400",         Some(("/value", "type"))),
        ("value", "-1e400",        Some(("/value", "type"))),
        ("value", "NaN",           Some(("", "syntax"))),
        ("value", "014",           Some(("", "syntax"))),
        ("value", "+1",            Some(("", "syntax"))),
        ("value", ".5",            Some(("", "syntax"))),
        ("value", "1.",            Some(("", "syntax"))),
        ("value", "1e",            Some(("", "syntax"))),
        ("value", "0",             Some(("/value", "not-positive"))),
        ("value", "-0.0",          Some(("/value", "not-positive"))),
        ("value", "-3",            Some(("/value", "not-positive"))),
        ("value", "1e-400",        Some(("/value", "not-positive"))),
        ("value", "30000.000000001", Some(("/value", "too-large"))),
        ("value", "30001",         Some(("/value", "too-large"))),
        ("extra", "null",          Some(("/extra", "unknown-field"))),
        ("Unit", "\"count\"",      Some(("/Unit", "unknown-field"))),
        ("a/b~c", "{}",            Some(("/a~1b~0c", "unknown-field"))),
        ("start_date\\u0020", "1", Some(("/start_date ", "unknown-field"))),
    ];
    for &(field, value, expected) in table {
        let sample = with(field, value);
        for (format, text) in [(Format::Ndjson, sample.clone()), (Format::Json, format!("[{sample}]"))] {
            let (rows, rejections) = read(format, &text);
            let found = reasons(&rejections).first().map(|&(_, _, path, code)| (path, code));
            assert_eq!(found, expected, "{field}: {value} as {}", format.name());
            assert_eq!(rows.len() + rejections.len(), 1, "{field}: {value}");
        }
    }
}

#[test]
fn each_unit_has_its_own_largest_value() {
    for (unit, value, code) in [
        ("count/min", "300", None),
        ("count/min", "300.5", Some("too-large")),
        ("count/s", "1e300", None),
        ("count/s", "0", Some("not-positive")),
        ("count", "30000.5", Some("too-large")),
    ] {
        let sample = with("unit", &format!("\"{unit}\"")).replace(":14", &format!(":{value}"));
        let (_, rejections) = read(Format::Ndjson, &sample);
        assert_eq!(rejections.first().map(|rejection| rejection.code.name()), code, "{unit} {value}");
    }
}

#[test]
fn only_the_first_mistake_is_reported() {
    let (_, rejections) = read(
        Format::Ndjson,
        r#"{}
{"device_name":"","start_date":1,"value":-1}
{"device_name":"a","device_version":1,"start_date":"x"}
{"device_name":"a","start_date":"x","end_date":"x"}
{"device_name":"a","start_date":"2023-11-01T00:00:00Z","end_date":"x","unit":1}
{"device_name":"a","start_date":"2023-11-01T00:00:00Z","unit":"x","value":0}
{"value":0,"unit":"count","start_date":"2023-11-01T00:00:00Z","device_name":"a","what":1,"else":2}
"#,
    );
    assert_eq!(
        reasons(&rejections),
        [
            (0, 1, "/device_name", "missing"),
            (1, 2, "/device_name", "empty"),
            (2, 3, "/device_version", "type"),
            (3, 4, "/start_date", "timestamp"),
            (4, 5, "/end_date", "timestamp"),
            (5, 6, "/unit", "unit"),
            (6, 7, "/what", "unknown-field"),
        ]
    );
}

#[test]
fn messages_repeat_no_value() {
    let bad = [
        with("device_name", "\"\""),
        with("value", "-987654"),
        with("value", "987654"),
        with("start_date", "\"secret-day\""),
        with("unit", "\"secret-unit\""),
        with("end_date", "\"1999-01-01T00:00:00Z\""),
    ]
    .join("\n");
    for rejection in read(Format::Ndjson, &bad).1 {
        assert!(rejection.message.len() > 10, "{rejection:?}");
        for secret in ["987654", "secret", "1999", "iPhone", "17.0.3"] {
            assert!(!rejection.message.contains(secret), "{rejection:?}");
        }
    }
}

#[test]
fn a_misspelt_field_is_named() {
    let (_, rejections) = read(Format::Ndjson, &with("startDate", "1"));
    assert!(rejections[0].message.contains("start_date"), "{rejections:?}");
}

#[test]
fn the_last_of_fields_with_the_same_name_counts() {
    let (rows, _) = read(Format::Ndjson, &with("value", "-5,\"value\":6"));
    assert_eq!(rows[0].5, 6.0);
    let (_, rejections) = read(Format::Ndjson, &with("value", "6,\"value\":null"));
    assert_eq!(reasons(&rejections), [(0, 1, "/value", "type")]);
}

#[test]
fn dates_are_written_as_they_were_read() {
    for (given, expected) in [
        ("2023-11-01T08:04:51.000+04:00", "2023-11-01T08:04:51.000+04:00"),
        ("2023-11-01t08:04:51z", "2023-11-01T08:04:51Z"),
        ("2023-11-01 08:04:51.120-00:00", "2023-11-01T08:04:51.120-00:00"),
        ("2023-11-01T08:04:51+00:00", "2023-11-01T08:04:51+00:00"),
        ("2023-11-01T08:04:51.123456789000-11:30", "2023-11-01T08:04:51.123456789000-11:30"),
        ("0000-01-01T00:00:00+23:59", "0000-01-01T00:00:00+23:59"),
        ("9999-12-31T23:59:59.999999999-23:59", "9999-12-31T23:59:59.999999999-23:59"),
    ] {
        let sample = with("start_date", &format!("\"{given}\""))
            .replace("\"end_date\":\"2023-11-01T08:04:58.000+04:00\",", "");
        let (rows, rejections) = read(Format::Ndjson, &sample);
        assert_eq!(rows.first().map(|row| &*row.2), Some(expected), "{rejections:?}");
    }
    let (rows, _) = read(Format::Ndjson, &with("start_date", "1698811491000.25"));
    assert_eq!(rows[0].2, "2023-11-01T04:04:51.000250Z");
}
