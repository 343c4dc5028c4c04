//! A second reader, made of serde_json, chrono and a few plain rules, must agree on every sample.

use chrono::{DateTime, FixedOffset};
use proptest::prelude::*;
use serde_json::Value;

use crate::test_support::{self, Outcome, SentSample, body, reasons, sent};
use crate::{DataType, Format};

const NAMES: [&str; 6] = ["device_name", "device_version", "start_date", "end_date", "unit", "value"];

fn read(format: Format, text: &[u8], sizes: &[usize]) -> Outcome {
    test_support::read(format, DataType::Steps, text, sizes)
}

/// A sample, or path and code of a rejection.
type Judgement = Result<
    (String, Option<String>, DateTime<FixedOffset>, Option<DateTime<FixedOffset>>, String, f64),
    (String, &'static str),
>;

fn judge(line: &[u8]) -> Judgement {
    let fail = |path: &str, code| Err((path.to_owned(), code));
    let text = std::str::from_utf8(line).map_err(|_| (String::new(), "syntax"))?;
    let value: Value = serde_json::from_str(text).map_err(|_| (String::new(), "syntax"))?;
    let Value::Object(fields) = value else { return fail("", "type") };
    let mut unknown = fields.keys().filter(|name| !NAMES.contains(&name.as_str()));
    if let Some(name) = unknown.next() {
        // serde_json sorts the fields, so which unknown one came first is not known here.
        let has_others = unknown.next().is_some();
        let name = if has_others { "*".to_owned() } else { name.replace('~', "~0").replace('/', "~1") };
        return fail(&format!("/{name}"), "unknown-field");
    }
    let text = |field: &str, required: bool| match fields.get(field) {
        None if required => Err((format!("/{field}"), "missing")),
        None => Ok(None),
        Some(Value::Null) if !required => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Err((format!("/{field}"), "empty")),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err((format!("/{field}"), "type")),
    };
    let instant = |field: &str, required: bool| {
        let Some(text) = text(field, required)? else { return Ok(None) };
        let is_ours = !text.contains(":60") && text.as_bytes().get(16) == Some(&b':');
        let fraction_ends = text.find('.').is_none_or(|point| {
            let digits: String = text[point + 1..].chars().take_while(char::is_ascii_digit).collect();
            digits.len() <= 9 || digits[9..].bytes().all(|digit| digit == b'0')
        });
        match DateTime::parse_from_rfc3339(&text) {
            Ok(time) if is_ours && fraction_ends => Ok(Some(time)),
            _ => Err((format!("/{field}"), "timestamp")),
        }
    };
    let name = text("device_name", true)?.unwrap();
    let version = text("device_version", false)?;
    let start = instant("start_date", true)?.unwrap();
    let end = instant("end_date", false)?;
    if end.is_some_and(|end| end < start) {
        return fail("/end_date", "end-before-start");
    }
    let unit = text("unit", true)?.unwrap();
    let most = match unit.as_str() {
        "count" => 30_000.0,
        "count/min" => 300.0,
        "count/s" => f64::INFINITY,
        _ => return fail("/unit", "unit"),
    };
    let value = match fields.get("value") {
        None => return fail("/value", "missing"),
        Some(Value::Number(value)) => value.as_f64().unwrap(),
        Some(_) => return fail("/value", "type"),
    };
    if value <= 0.0 {
        return fail("/value", "not-positive");
    }
    if value > most {
        return fail("/value", "too-large");
    }
    Ok((name, version, start, end, unit, value))
}

fn agree(
    line: &[u8],
    row: Option<&SentSample>,
    rejection: Option<(&str, &'static str)>,
) -> Result<(), TestCaseError> {
    match judge(line) {
        Err((path, code)) if path == "/*" => prop_assert_eq!(rejection.map(|found| found.1), Some(code)),
        Err((path, code)) => prop_assert_eq!(rejection, Some((path.as_str(), code))),
        Ok((name, version, start, end, unit, value)) => {
            prop_assert_eq!(rejection, None);
            let (found_name, found_version, found_start, found_end, found_unit, found_value) = row.unwrap();
            prop_assert_eq!((found_name, found_version), (&name, &version));
            prop_assert_eq!((*found_unit, *found_value), (unit.as_str(), value));
            let time = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
            // `==` compares only the instants, so the offsets are compared, too.
            let found = (time(found_start), time(found_start).offset().to_owned());
            prop_assert_eq!(found, (start, start.offset().to_owned()));
            prop_assert_eq!(found_end.as_deref().map(time), end);
        }
    }
    Ok(())
}

/// JSON for a field, valid in most cases.
fn value_of(field: &'static str) -> BoxedStrategy<String> {
    let good = match field {
        "device_name" => prop_oneof![
            Just("\"iPhone\"".to_owned()),
            Just("\"Watch \\u00fc\\ud83d\\ude00\"".to_owned()),
            "\"[a-cé]{1,3}\""
        ]
        .boxed(),
        "device_version" => prop_oneof![Just("\"17.0.3\"".to_owned()), Just("null".to_owned())].boxed(),
        "start_date" => instant(0).boxed(),
        "end_date" => prop_oneof![9 => instant(30), 1 => Just("null".to_owned())].boxed(),
        "unit" => prop::sample::select(vec!["\"count\"", "\"count/min\"", "\"count/s\""])
            .prop_map(str::to_owned)
            .boxed(),
        _ => prop_oneof![
            (1..400_u32).prop_map(|n| n.to_string()),
            (1..40_000_u32, 1..1000_u32).prop_map(|(n, d)| format!("{n}.{d}")),
            "[1-9]e[-+]?[0-3]"
        ]
        .boxed(),
    };
    const BAD: &str = r#"null|""|true|[1,{"a":"]"}]|{}|-1|0|1e9|tru|01|"\ud800"|"x|"2023-02-30T00:00:00Z"|"2023-01-01T00:00:60Z"|"2023-01-01T00:00:00""#;
    let bad = prop::sample::select(BAD.split('|').collect::<Vec<_>>());
    // Numbers are dates for us, but not for the second reader.
    let is_date = field.ends_with("date");
    let bad = bad.prop_map(move |text| {
        if is_date && text.parse::<f64>().is_ok() { "false".to_owned() } else { text.to_owned() }
    });
    prop_oneof![40 => good, 1 => bad].boxed()
}

fn instant(later: u32) -> impl Strategy<Value = String> {
    let fraction = prop_oneof![4 => Just(String::new()), 4 => Just(".000".to_owned()), 1 => "\\.[0-9]{1,9}", 1 => "\\.[0-9]{9}0{0,3}"];
    let offset =
        prop::sample::select(vec!["Z", "z", "+04:00", "-03:30", "-00:00", "+00:00", "+23:59", "+24:00"]);
    let letter = prop::sample::select(vec!["T", "T", "T", "t", " "]);
    (0..40_u32, 0..26_u32, 0..60_u32, fraction, offset, letter).prop_map(
        move |(day, hour, second, fraction, offset, letter)| {
            let (month, day) = (1 + day / 31, 1 + day % 31);
            format!(
                "\"2023-{month:02}-{day:02}{letter}{:02}:{:02}:{second:02}{fraction}{offset}\"",
                hour.min(23),
                later
            )
        },
    )
}

prop_compose! {
    /// A line whose fields are mostly valid, in any order and with white space; sometimes a field is missing, or
    /// there is one too many.
    fn line()(
        values in NAMES.map(value_of),
        order in prop_oneof![3 => Just(vec![0_usize, 1, 2, 3, 5, 4]), 1 => Just(vec![0, 1, 2, 3, 4, 5]).prop_shuffle()],
        without in prop_oneof![12 => Just(9_usize), 1 => 0..6_usize],
        extra in prop_oneof![20 => Just(""), 1 => Just("\"a/b~\":[\"}\"]"), 1 => Just("\"value\":5"), 1 => Just("\"val\\u0075e\":6")],
        space in prop_oneof![5 => Just(""), 1 => Just(" "), 1 => Just("\t ")],
        flip in prop_oneof![8 => Just(None), 1 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(Some)],
    ) -> Vec<u8> {
        let mut fields: Vec<String> = order.iter().filter(|&&index| index != without)
            .map(|&index| format!("\"{}\"{space}:{space}{}", NAMES[index], values[index])).collect();
        if !extra.is_empty() {
            fields.push(extra.to_owned());
        }
        let mut line = format!("{{{space}{}{space}}}", fields.join(&format!("{space},"))).into_bytes();
        if let Some((at, byte)) = flip {
            let at = at.index(line.len());
            line[at] = if matches!(byte, b'\n' | b'\r') { b' ' } else { byte };
        }
        line
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn both_readers_agree_on_every_line(
        lines in prop::collection::vec(line(), 1..12),
        repeats in 1..4_usize,
        end in prop::sample::select(vec![&b"\n"[..], b"\r\n", b"\r"]),
        sizes in prop::collection::vec(1..300_usize, 1..6),
    ) {
        // Repeated, so that layouts are learned and used.
        let all: Vec<&[u8]> = std::iter::repeat_n(&lines, repeats).flatten().map(Vec::as_slice).collect();
        let (rows, rejections) = read(Format::Ndjson, &all.join(end), &sizes);
        let mut rejections = reasons(&rejections).into_iter().peekable();
        let mut rows = rows.iter();
        let mut index = 0;
        for (number, line) in all.iter().enumerate() {
            if line.iter().all(|byte| b" \t\r".contains(byte)) {
                continue;
            }
            let rejection = rejections.next_if(|rejection| rejection.0 == index);
            let row = if let Some((_, line, ..)) = rejection {
                prop_assert_eq!(line, number as u64 + 1);
                None
            } else {
                rows.next()
            };
            agree(line, row, rejection.map(|(_, _, path, code)| (path, code)))?;
            index += 1;
        }
        prop_assert_eq!((rejections.next(), rows.next()), (None, None));
    }

    #[test]
    fn a_document_and_its_samples_on_lines_are_read_alike(
        lines in prop::collection::vec(line(), 0..12),
        wrapped in any::<bool>(),
        space in prop::sample::select(vec!["", "\n", " \r\n\t"]),
        sizes in prop::collection::vec(1..300_usize, 1..6),
    ) {
        let good: Vec<&[u8]> = lines.iter().map(Vec::as_slice).filter(|line| serde_json::from_slice::<Value>(line).is_ok()).collect();
        let array = [space.as_bytes(), b"[", space.as_bytes(), &good.join([space, ",", space].concat().as_bytes()), space.as_bytes(), b"]"].concat();
        let text = if wrapped { [b"{\"data_type\":\"steps\",\"data\":", &array[..], b",\"more\":[]}"].concat() } else { array };
        let [document, lines] = [
            read(Format::Json, &text, &sizes),
            read(Format::Ndjson, &good.join(&b"\n"[..]), &[usize::MAX]),
        ]
        .map(|(rows, mut rejections)| {
            rejections.iter_mut().for_each(|rejection| rejection.line = None);
            (rows, rejections)
        });
        prop_assert_eq!(document, lines);
    }

    #[test]
    fn cuts_make_no_difference(
        mut text in prop::collection::vec(prop_oneof![6 => line(), 1 => Just(b"{\"a\":}".to_vec()), 1 => Just(b"7".to_vec()), 1 => Just(b"[]".to_vec())], 0..8)
            .prop_map(|lines| [b"\xef\xbb\xbf[", &lines.join(&b",\r\n"[..])[..], b"]"].concat()),
        mutations in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"{}[]\",:\\ \n\xff1".to_vec())), 0..3),
        sizes in prop::collection::vec(1..100_usize, 1..20),
        format in prop::sample::select(vec![Format::Json, Format::Ndjson]),
        kept in any::<prop::sample::Index>(),
    ) {
        for (at, byte) in mutations {
            let at = at.index(text.len());
            text[at] = byte;
        }
        text.truncate(kept.index(text.len() * 3).max(1));
        let whole = read(format, &text, &[usize::MAX]);
        prop_assert_eq!(&read(format, &text, &sizes), &whole);
        prop_assert_eq!(&read(format, &text, &[1]), &whole);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), sizes in prop::collection::vec(1..300_usize, 1..6)) {
        for format in [Format::Json, Format::Ndjson] {
            read(format, &bytes, &sizes);
        }
    }

    #[test]
    fn request_bodies_have_what_was_read(lines in prop::collection::vec(line(), 0..20)) {
        let reader = test_support::reader(Some(Format::Ndjson), DataType::Bpm, &lines.join(&b"\n"[..]), &[usize::MAX]);
        let rows = reader.into_rows();
        let parsed: Value = serde_json::from_str(&body(DataType::Bpm, &rows)).unwrap();
        prop_assert_eq!(&parsed["data_type"], "bpm");
        let data = parsed["data"].as_array().unwrap();
        prop_assert_eq!(data.len(), rows.len());
        for (printed, (name, version, start, end, unit, value)) in data.iter().zip(sent(&rows)) {
            let fields = printed.as_object().unwrap();
            let text = |field: &str| fields.get(field).and_then(Value::as_str);
            prop_assert_eq!((text("device_name"), text("device_version")), (Some(&*name), version.as_deref()));
            prop_assert_eq!((text("start_date"), text("end_date")), (Some(&*start), end.as_deref()));
            prop_assert_eq!((text("unit"), fields["value"].as_f64()), (Some(unit), Some(value)));
            prop_assert_eq!(fields.len(), 4 + usize::from(end.is_some()) + usize::from(version.is_some()));
        }
    }
}
