//! Exports as phones write them, as other XML writers would, and damaged ones.

use crate::{DataType, Format, Intake, Numbers, Rejection};
use proptest::prelude::*;
use quick_xml::events::Event;

/// A sample as it would be sent: device, version, start, end, unit, value.
type Row = (String, Option<String>, String, Option<String>, &'static str, f64);

const NUMBERS: Numbers =
    Numbers { parse: |text| text.parse().unwrap_or(f64::NAN), print: |number| number.to_string() };

/// What is read of a text that is fed in pieces of those sizes, in turn.
fn read_in(text: &[u8], data_type: DataType, sizes: &[usize]) -> (Vec<Row>, Vec<Rejection>) {
    let mut intake = Intake::new(data_type, Some(Format::AppleHealth), NUMBERS);
    let mut rest = text;
    for size in sizes.iter().cycle() {
        let (piece, more) = rest.split_at(rest.len().min(*size));
        intake.feed(piece);
        rest = more;
        if rest.is_empty() {
            break;
        }
    }
    intake.finish();
    let rejections = intake.take_rejections();
    assert_eq!(intake.taken(), (intake.rows().len() + rejections.len()) as u64);
    let rows = intake.rows();
    let kinds = rows.kinds();
    let row = |row: crate::Row| {
        (
            kinds.device_name(kinds.device(row.kind())).to_owned(),
            kinds.device_version(row.kind()).map(str::to_owned),
            row.start().to_text(),
            row.end().map(crate::Moment::to_text),
            kinds.unit(row.kind()).name(),
            row.value(),
        )
    };
    (rows.iter().map(row).collect(), rejections)
}

fn read(text: &str, data_type: DataType) -> (Vec<Row>, Vec<Rejection>) {
    let whole = read_in(text.as_bytes(), data_type, &[usize::MAX]);
    for size in [1, 3, 64] {
        assert_eq!(read_in(text.as_bytes(), data_type, &[size]), whole, "in pieces of {size}");
    }
    whole
}

/// What is read of these elements, as the whole of an export.
fn read_elements(elements: &str) -> (Vec<Row>, Vec<Rejection>) {
    read(&["<HealthData locale=\"en_US\">\n", elements, "\n</HealthData>\n"].concat(), DataType::Steps)
}

/// Index, line, path and code.
fn reasons(rejections: &[Rejection]) -> Vec<(u64, Option<u64>, &str, &str)> {
    rejections.iter().map(|found| (found.index, found.line, &*found.path, found.code.name())).collect()
}

fn steps(value: f64) -> Row {
    (
        "iPhone".into(),
        Some("17.0.3".into()),
        "2023-11-01T08:04:51+04:00".into(),
        Some("2023-11-01T08:04:58+04:00".into()),
        "count",
        value,
    )
}

const TYPE: &str = "type=\"HKQuantityTypeIdentifierStepCount\"";
const REST: &str = "sourceName=\"iPhone\" sourceVersion=\"17.0.3\" unit=\"count\" creationDate=\"2023-11-01 08:14:51 +0400\" \
                    startDate=\"2023-11-01 08:04:51 +0400\" endDate=\"2023-11-01 08:04:58 +0400\"";

/// As Apple writes it, with that value.
fn record(value: &str) -> String {
    format!(" <Record {TYPE} {REST} value=\"{value}\"/>\n")
}

/// With one of its attributes written otherwise.
fn record_with(attribute: &str, other: &str) -> String {
    let record = record("14");
    assert!(record.contains(attribute));
    record.replace(attribute, other)
}

const EXPORT: &str = include_str!("export.xml");

#[test]
fn an_export_of_a_phone_is_read() {
    let phone = |start: &str, end: &str, value| {
        let at = |time: &str| format!("2023-11-01T{time}+04:00");
        (
            "Ali\u{2019}s iPhone".to_owned(),
            Some("17.0.3".to_owned()),
            at(start),
            Some(at(end)),
            "count",
            value,
        )
    };
    let watch = |start: &str, end: &str, value| {
        let at = |time: &str| format!("2023-11-01T{time}+04:00");
        let version = (value == 150.0).then(|| "10.1".to_owned());
        (
            "Ali\u{2019}s Apple\u{a0}Watch \"2\" <b> & co".to_owned(),
            version,
            at(start),
            Some(at(end)),
            "count",
            value,
        )
    };
    let (rows, rejections) = read(EXPORT, DataType::Steps);
    assert_eq!(
        rows,
        [
            phone("08:04:51", "08:04:58", 14.0),
            phone("08:14:51", "08:15:58", 120.0),
            watch("09:00:00", "09:10:00", 150.0),
            watch("09:10:00", "09:20:00", 30.0),
        ]
    );
    assert_eq!(rejections, []);
    let heart = |start: &str, value| {
        let at = format!("2023-11-01T{start}+04:00");
        let name = "Ali\u{2019}s Apple\u{a0}Watch \"2\" <b> & co".to_owned();
        (name, Some("10.1".to_owned()), at.clone(), Some(at), "count/min", value)
    };
    let (rows, rejections) = read(EXPORT, DataType::Bpm);
    // The second one stands in a correlation as well: duplicates are found later.
    assert_eq!(rows, [heart("08:04:51", 72.0), heart("08:09:51", 61.5), heart("08:09:51", 61.5)]);
    assert_eq!(rejections, []);
}

#[test]
fn an_export_with_a_byte_order_mark_or_other_line_breaks_is_read_as_well() {
    let plain = read(EXPORT, DataType::Steps);
    assert_eq!(read(&["\u{feff}", EXPORT].concat(), DataType::Steps), plain);
    assert_eq!(read(&EXPORT.replace('\n', "\r\n"), DataType::Steps), plain);
    assert_eq!(read(&EXPORT.replace('\n', ""), DataType::Steps), plain);
}

#[test]
fn a_tag_may_be_written_in_any_way_that_xml_allows() {
    let reordered = " <Record value='14' endDate='2023-11-01 08:04:58 +0400' unit='count'\n  startDate = \"2023-11-01 08:04:51 +0400\"\r\n\t\
                     sourceVersion\n=\n\"17.0.3\" type='HKQuantityTypeIdentifierStepCount' sourceName=\"iPhone\" ></Record>";
    for text in [
        record("14"),
        record("14")
            .replace("/>", ">\n  <MetadataEntry key=\"HKMetadataKeySyncVersion\" value=\"1\"/>\n </Record>"),
        record("14").replace("/>", " />"),
        record("14").replace("/>", "\n></Record>"),
        record("14").replace('"', "'"),
        record("14").replace("type", "device='&lt;\"a\" > b&gt;' type"),
        record("14").replace(" unit", " device=\"&lt;&lt;HKDevice: 0x1&gt;, name:'a'>\" unit"),
        record_with("iPhone", "&#105;&#x50;ho&#110;e"),
        record_with("HKQuantity", "HK&#81;uantity"),
        record_with("count", "&#x63;ount"),
        record_with(" creationDate=\"2023-11-01 08:14:51 +0400\"", ""),
        record_with("2023-11-01 08:14:51 +0400", "whenever"),
        record_with(" creationDate", " metadata=\"&unknown;\" creationDate"),
        record("14.0"),
        record("1.4e1"),
        reordered.to_owned(),
    ] {
        // Twice: the second time its layout is known.
        let (rows, rejections) = read_elements(&text.repeat(2));
        assert_eq!(rows, [steps(14.0), steps(14.0)], "{text}");
        assert_eq!(rejections, [], "{text}");
    }
}

#[test]
fn a_source_may_be_without_version_or_device() {
    let unversioned = ("iPhone".to_owned(), None, steps(14.0).2, steps(14.0).3, "count", 14.0);
    for text in [record_with(" sourceVersion=\"17.0.3\"", ""), record_with("17.0.3", "")] {
        assert_eq!(read_elements(&text), (vec![unversioned.clone()], vec![]), "{text}");
    }
    // One source's text begins as another's does.
    let texts = [
        record("14"),
        record_with(" sourceVersion=\"17.0.3\"", ""),
        record_with("unit", "device=\"a\" unit"),
    ];
    let (rows, rejections) = read_elements(&texts.concat().repeat(3));
    assert_eq!(rejections, []);
    let once = [steps(14.0), unversioned, steps(14.0)];
    assert_eq!(rows, [once.clone(), once.clone(), once].concat());
}

#[test]
fn many_sources_in_turn_are_told_apart() {
    let names: Vec<_> = (0..40).map(|number| format!("phone {number}")).collect();
    let text: String = names.iter().map(|name| record_with("iPhone", name)).collect();
    let (rows, _) = read_elements(&text.repeat(3));
    let read: Vec<_> = rows.iter().map(|row| &row.0).collect();
    assert_eq!(read, names.iter().cycle().take(120).collect::<Vec<_>>());
}

#[test]
fn values_of_attributes_are_what_xml_says_they_are() {
    for (written, name) in [
        ("Ali&#8217;s", "Ali\u{2019}s"),
        ("a\u{a0}b\u{1f600}", "a\u{a0}b\u{1f600}"),
        ("a\tb\r\nc", "a b c"),
        ("a&#10;b", "a\nb"),
        ("&quot;&apos;&lt;&gt;&amp;amp;", "\"'<>&amp;"),
        ("a > b", "a > b"),
        // Not allowed, but written by some phones.
        ("a\u{b}b", "a\u{b}b"),
    ] {
        let (rows, rejections) = read_elements(&record_with("iPhone", written).repeat(2));
        assert_eq!(rejections, [], "{written}");
        assert_eq!(rows.iter().map(|row| &*row.0).collect::<Vec<_>>(), [name, name], "{written}");
    }
}

#[test]
fn dates_keep_their_offsets() {
    for (written, expected) in [
        ("2023-11-01 08:04:51 +0400", "2023-11-01T08:04:51+04:00"),
        ("2023-11-01 08:04:51 -0930", "2023-11-01T08:04:51-09:30"),
        ("2023-11-01 08:04:51 +0000", "2023-11-01T08:04:51+00:00"),
        ("2023-11-01 08:04:51 -0000", "2023-11-01T08:04:51-00:00"),
        ("2024-02-29 23:59:59 +1400", "2024-02-29T23:59:59+14:00"),
        ("1999-12-31 00:00:00 -1200", "1999-12-31T00:00:00-12:00"),
        ("2023-11-01T08:04:51.250Z", "2023-11-01T08:04:51.250Z"),
    ] {
        let text =
            record_with("2023-11-01 08:04:51 +0400", written).replace("2023-11-01 08:04:58 +0400", written);
        // Behind others, and others behind them.
        let (rows, rejections) = read_elements(&[&*record("1"), &*text, &*text, &*record("2")].concat());
        assert_eq!(rejections, [], "{written}");
        let starts: Vec<_> = rows.iter().map(|row| &*row.2).collect();
        let usual = "2023-11-01T08:04:51+04:00";
        assert_eq!(starts, [usual, expected, expected, usual]);
        assert_eq!(rows[2].3.as_deref(), Some(expected));
    }
}

#[test]
fn a_sample_that_breaks_a_rule_is_rejected_with_its_line() {
    for (attribute, other, path, code) in [
        ("sourceName=\"iPhone\"", "", "/device_name", "missing"),
        ("iPhone", "", "/device_name", "empty"),
        ("unit=\"count\"", "", "/unit", "missing"),
        ("\"count\"", "\"\"", "/unit", "empty"),
        ("\"count\"", "\"km\"", "/unit", "unit"),
        ("\"count\"", "\"Count\"", "/unit", "unit"),
        ("startDate=\"2023-11-01 08:04:51 +0400\"", "", "/start_date", "missing"),
        ("2023-11-01 08:04:51 +0400", "", "/start_date", "empty"),
        ("2023-11-01 08:04:51 +0400", "2023-11-01 08:04:51", "/start_date", "timestamp"),
        ("2023-11-01 08:04:51 +0400", "2023-11-01 08:04:60 +0400", "/start_date", "timestamp"),
        ("2023-11-01 08:04:51 +0400", "2023-11-01 24:00:00 +0400", "/start_date", "timestamp"),
        ("2023-11-01 08:04:51 +0400", "2023-11-31 08:04:51 +0400", "/start_date", "timestamp"),
        ("2023-11-01 08:04:51 +0400", "2023-11-01T08:04:51 +0400", "/start_date", "timestamp"),
        ("2023-11-01 08:04:51 +0400", "2023-11-01 08:04:51 +2400", "/start_date", "timestamp"),
        ("2023-11-01 08:04:51 +0400", "2023-11-01 08:04:51 +0460", "/start_date", "timestamp"),
        ("2023-11-01 08:04:58 +0400", "soon", "/end_date", "timestamp"),
        ("2023-11-01 08:04:58 +0400", "2023-11-01 08:04:50 +0400", "/end_date", "end-before-start"),
        ("2023-11-01 08:04:58 +0400", "2023-11-01 08:04:58 +0500", "/end_date", "end-before-start"),
        ("value=\"14\"", "", "/value", "missing"),
        ("14\"/", "\"/", "/value", "type"),
        ("14\"/", "many\"/", "/value", "type"),
        ("14\"/", "014\"/", "/value", "type"),
        ("14\"/", "14 \"/", "/value", "type"),
        ("14\"/", "1,4\"/", "/value", "type"),
        ("14\"/", "0\"/", "/value", "not-positive"),
        ("14\"/", "-1\"/", "/value", "not-positive"),
        ("14\"/", "30000.5\"/", "/value", "too-large"),
        ("14\"/", "1e999\"/", "/value", "type"),
        // Not XML.
        ("iPhone", "&nbsp;", "", "syntax"),
        ("iPhone", "a & b", "", "syntax"),
        ("iPhone\"", "iPhone", "", "syntax"),
        ("\"iPhone\"", "iPhone", "", "syntax"),
        ("unit", "value=\"1\" unit", "", "syntax"),
        ("\" unit", "\"unit", "", "syntax"),
        ("\"/>", "\"", "", "syntax"),
        ("\"/>", "/>", "", "syntax"),
        ("\"/>", "\"/", "", "syntax"),
        ("unit=", "unit", "", "syntax"),
        ("unit", "", "", "syntax"),
        ("iPhone", "i<Phone", "", "syntax"),
        (TYPE, "type=HKQuantityTypeIdentifierStepCount", "", "syntax"),
    ] {
        let bad = record_with(attribute, other);
        let text = [&*record("1"), &*record("2"), &*bad, &*record("3")].concat();
        let (rows, rejections) = read_elements(&text);
        assert_eq!(rows, [steps(1.0), steps(2.0), steps(3.0)], "{bad}");
        assert_eq!(reasons(&rejections), [(2, Some(4), path, code)], "{bad}");
    }
}

#[test]
fn a_name_that_is_not_utf_8_is_rejected() {
    let text =
        ["<HealthData>\n", &record("1"), &record_with("iPhone", "?"), &record("2"), "</HealthData>"].concat();
    let bytes: Vec<u8> = text.bytes().map(|byte| if byte == b'?' { 0xff } else { byte }).collect();
    for size in [1, 1000] {
        let (rows, rejections) = read_in(&bytes, DataType::Steps, &[size]);
        assert_eq!(rows, [steps(1.0), steps(2.0)]);
        assert_eq!(reasons(&rejections), [(1, Some(3), "", "syntax")]);
    }
}

#[test]
fn records_of_other_types_are_not_read_and_not_counted() {
    for other in [
        record_with("StepCount", "StepCounts"),
        record_with("StepCount", "Step"),
        record_with("StepCount", "HeartRate"),
        record_with("StepCount", "&Q"),
        record_with(TYPE, "type=\"\""),
        record_with(TYPE, ""),
        record_with(TYPE, "kind=\"HKQuantityTypeIdentifierStepCount\""),
        record_with("Record", "Records"),
        record_with("Record", "record"),
        record_with("Record", "WorkoutStatistics"),
        record_with("StepCount", "HeartRate").replace("/>", ""),
        record_with("StepCount", "HeartRate").replace("sourceName", "source Name"),
        "<Record/><Record></Record><Record  ><Rec ord><R/><>< Record type=\"\">".to_owned(),
        "<Workout workoutActivityType=\"HKWorkoutActivityTypeRunning\" device=\"a\">text</Workout>"
            .to_owned(),
    ] {
        let (rows, rejections) = read_elements(&[&*record("1"), &*other, &*record("2")].concat());
        assert_eq!(rows, [steps(1.0), steps(2.0)], "{other}");
        assert_eq!(rejections, [], "{other}");
    }
}

#[test]
fn what_only_looks_like_a_record_is_none() {
    for (start, end) in [
        ("<!--", "-->"),
        ("<![CDATA[", "]]>"),
        ("<?x", "?>"),
        ("<!-- - -> <a>", "--->"),
        ("<![CDATA[ ]>", "]]]>"),
    ] {
        let hidden = [start, &record("5"), "</HealthData>", end].concat();
        let (rows, rejections) = read_elements(&[&*record("1"), &*hidden, &*record("2")].concat());
        assert_eq!(rows, [steps(1.0), steps(2.0)], "{hidden}");
        assert_eq!(rejections, [], "{hidden}");
    }
    // Short beginnings of what hides tags hide none.
    let (rows, _) =
        read_elements(&["<!-", &*record("1"), "<![CDATA", &*record("2"), "<!>", &*record("3")].concat());
    assert_eq!(rows.len(), 3);
}

#[test]
fn a_file_that_is_cut_off_is_rejected_once_and_keeps_what_came_before() {
    let whole = [
        "<?xml version=\"1.0\"?>\n<!-- a -->\n<HealthData>\n",
        &record("1"),
        &record("2"),
        "</HealthData>\n",
    ]
    .concat();
    let first = whole.find("\n <Record").unwrap() + record("1").len();
    let second = first + record("2").len();
    for cut in 0..whole.len() - 1 {
        let (rows, rejections) = read(&whole[..cut], DataType::Steps);
        let expected = usize::from(cut >= first) + usize::from(cut >= second);
        assert_eq!(rows.len(), expected, "{cut}");
        let line = whole[..cut].matches('\n').count() as u64 + 1;
        assert_eq!(reasons(&rejections), [(rows.len() as u64, Some(line), "", "syntax")], "{cut}");
        let begun = cut > whole.find("<HealthData>").unwrap() + "<HealthData".len() - 1;
        assert_eq!(rejections[0].message.contains("cut off"), begun, "{cut}");
    }
    assert_eq!(read(&whole[..whole.len() - 1], DataType::Steps).1, []);
}

#[test]
fn what_stands_behind_the_root_element_is_not_read() {
    let end = |end: &str| {
        let (rows, rejections) =
            read(&["<HealthData>", &record("1"), "</HealthData", end].concat(), DataType::Steps);
        assert_eq!(rows, [steps(1.0)], "{end:?}");
        reasons(&rejections).iter().map(|reason| reason.3.to_owned()).collect::<Vec<_>>()
    };
    for complete in [">", " \n>", ">\n\n", "><!-- end -->\n", "><?x?>", &format!(">\n{}", record("2"))] {
        assert_eq!(end(complete), [""; 0], "{complete:?}");
    }
    for damaged in [">\0", ">\n text", "", " ", "X>", "/>"] {
        assert_eq!(end(damaged), ["syntax"], "{damaged:?}");
    }
    assert_eq!(read("<HealthData/>", DataType::Steps), (vec![], vec![]));
    assert_eq!(read("<HealthData locale='a>b'\n/>\n", DataType::Steps), (vec![], vec![]));
}

#[test]
fn what_is_no_export_is_rejected_once() {
    for text in ["", " ", "<ClinicalDocument><a/></ClinicalDocument>", "<html>", "no tags at all", "<"] {
        let (rows, rejections) = read(text, DataType::Steps);
        assert_eq!(rows, []);
        assert_eq!(reasons(&rejections), [(0, Some(1), "", "syntax")], "{text}");
        assert!(rejections[0].message.contains("not an Apple Health export"));
    }
}

#[test]
fn a_tag_without_end_is_not_waited_for() {
    let long = "a".repeat(super::LONGEST_TAG);
    let text = [
        "<HealthData>\n",
        &record("1"),
        &record_with("unit", &format!("device=\"{long}\" unit")),
        &record("2"),
        &record_with("unit", &format!("device=\"{}\" unit", &long[..super::LONGEST_TAG - 1000])),
        &long,
        "</HealthData>",
    ]
    .concat();
    for size in [4096, 100_000, usize::MAX] {
        let (rows, rejections) = read_in(text.as_bytes(), DataType::Steps, &[size]);
        assert_eq!(rows, [steps(1.0), steps(2.0), steps(14.0)], "{size}");
        assert_eq!(reasons(&rejections), [(1, Some(3), "", "syntax")], "{size}");
    }
}

/// The records of a type as an XML reader finds them.
fn read_by_another(text: &str, identifier: &str) -> Vec<Row> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut rows = Vec::new();
    loop {
        let (Event::Start(tag) | Event::Empty(tag)) = (match reader.read_event().unwrap() {
            Event::Eof => return rows,
            event => event,
        }) else {
            continue;
        };
        let attribute = |name: &str| {
            let attribute = tag.try_get_attribute(name).unwrap()?;
            Some(attribute.unescape_value().unwrap().into_owned())
        };
        if tag.name().as_ref() != b"Record" || attribute("type").as_deref() != Some(identifier) {
            continue;
        }
        let date = |name: &str| {
            let date =
                chrono::DateTime::parse_from_str(&attribute(name).unwrap(), "%Y-%m-%d %H:%M:%S %z").unwrap();
            date.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
        };
        rows.push((
            attribute("sourceName").unwrap(),
            attribute("sourceVersion").filter(|version| !version.is_empty()),
            date("startDate"),
            Some(date("endDate")),
            if attribute("unit").unwrap() == "count" { "count" } else { "count/min" },
            attribute("value").unwrap().parse().unwrap(),
        ));
    }
}

/// An element of an export, well-formed.
fn element() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "iPhone",
        "Ali&#8217;s&#xA0;Watch",
        "a &amp; b",
        "\u{5bfc}\u{51fa}'s",
        "&lt;&gt;",
    ]);
    let version = prop::option::of(prop::sample::select(vec!["", "17.0.3", "10.1", "&quot;1&quot;"]));
    let device =
        prop::option::of(prop::sample::select(vec!["&lt;&lt;HKDevice: 0x1&gt;, name:iPhone&gt;", "a > b"]));
    let kind = prop::sample::select(vec![
        ("HKQuantityTypeIdentifierStepCount", "count"),
        ("HKQuantityTypeIdentifierHeartRate", "count/min"),
        ("HKQuantityTypeIdentifierBodyMass", "kg"),
    ]);
    let date = (
        2015_u32..2026,
        1_u32..13,
        1_u32..29,
        0_u32..24,
        prop::sample::select(vec!["+0400", "-0530", "+0000"]),
    );
    let value = prop::sample::select(vec!["14", "1", "299.5", "0.25", "100", "1e1"]);
    let form = (
        any::<bool>(),
        prop::sample::select(vec![" ", "  ", "\n\t"]),
        0_usize..8,
        prop::sample::select(vec!["/>", "></Record>", "><MetadataEntry key=\"a\" value='/>'/></Record>"]),
    );
    let record = (name, version, device, kind, date, value, form).prop_map(
        |(
            name,
            version,
            device,
            (kind, unit),
            (year, month, day, hour, zone),
            value,
            (is_single, space, turn, end),
        )| {
            let quote = |text: &str| {
                let quote = if is_single && !text.contains('\'') { '\'' } else { '"' };
                format!("{quote}{text}{quote}")
            };
            let date = |minute: u32| format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:51 {zone}");
            let mut attributes = vec![("type", quote(kind)), ("sourceName", quote(name))];
            attributes.extend(version.map(|version| ("sourceVersion", quote(version))));
            attributes.extend(device.map(|device| ("device", quote(device))));
            attributes.extend([
                ("unit", quote(unit)),
                ("creationDate", quote(&date(59))),
                ("startDate", quote(&date(4))),
                ("endDate", quote(&date(5))),
                ("value", quote(value)),
            ]);
            // Most are as Apple writes them.
            if turn < 3 {
                attributes.rotate_left(turn * 2);
            }
            let attributes: Vec<_> =
                attributes.iter().map(|(name, value)| format!("{space}{name}={value}")).collect();
            format!("<Record{}{end}", attributes.concat())
        },
    );
    let other = prop::sample::select(vec![
        "<!-- <Record type=\"HKQuantityTypeIdentifierStepCount\" -->".to_owned(),
        "<![CDATA[<Record type=\"HKQuantityTypeIdentifierStepCount\"/>]]>".to_owned(),
        "<?note <Record type=\"HKQuantityTypeIdentifierStepCount\"/> ?>".to_owned(),
        "<ActivitySummary dateComponents=\"2023-11-01\"/>".to_owned(),
        "text &amp; more".to_owned(),
    ]);
    prop_oneof![
        6 => record.clone(),
        1 => record.prop_map(|record| format!("<Correlation type=\"a\">\n  {record}\n </Correlation>")),
        1 => other,
    ]
}

/// A record that is nearly as Apple writes it.
fn nearly() -> impl Strategy<Value = String> {
    let one_of = |values: &[&'static str]| prop::sample::select(values.to_vec());
    let date = || {
        one_of(&[
            "2023-11-01 08:04:51 +0400",
            "2023-11-01 08:04:51 +0400",
            "2023-11-01 08:04:58 +0400",
            "2023-11-02 08:04:51 +0400",
            "2023-02-30 08:04:51 +0400",
            "2023-11-01 24:04:51 +0400",
            "2023-11-01T08:04:51+04:00",
            "2023-11-01 08:04:51 +9900",
            "2023-11-01 08:04:51 -0000",
            "2023-11-01 08:04:5\" +0400",
            "",
        ])
    };
    let optional = |name: &'static str, values: &[&'static str]| {
        prop::option::of(one_of(values))
            .prop_map(move |value| value.map_or_else(String::new, |value| format!(" {name}=\"{value}\"")))
    };
    let head = (
        one_of(&[
            "HKQuantityTypeIdentifierStepCount",
            "HKQuantityTypeIdentifierStepCount",
            "HKQuantityTypeIdentifierHeartRate",
        ]),
        one_of(&[
            " sourceName=\"iPhone\"",
            " sourceName=\"iPhone\"",
            " sourceName=\"a&b\"",
            " sourceName=\"&#65;\"",
            " sourceName=\"\"",
            " sourceName=\"a",
            "",
        ]),
        optional("sourceVersion", &["17.0.3", "17.0.3", "", "&x;"]),
        optional("device", &["&lt;a&gt;", "&lt;a&gt;", "a<b", "&x;", "", "a'b", "a\"b"]),
    );
    let unit = one_of(&[
        " unit=\"count\"",
        " unit=\"count\"",
        " unit=\"count\"",
        " unit=\"count/s\"",
        " unit=\"km\"",
        "",
    ]);
    let created = optional(
        "creationDate",
        &["2023-11-01 08:04:51 +0400", "2023-11-01 08:04:5\" +0400", "2023-11-01 08:04:5< +0400", "never"],
    );
    let value = one_of(&[
        "14",
        "14",
        "30000",
        "0",
        "-1",
        "61.5",
        "1e2",
        "014",
        "30001",
        "",
        "x",
        "1234567890123456789",
        "1 ",
    ]);
    let end = one_of(&["/>", "/>", "/>", ">", " />", "/", "", " a=\"b\"/>", " value=\"1\"/>", "x/>"]);
    (head, unit, created, date(), date(), value, end).prop_map(
        |((kind, name, version, device), unit, created, start, finish, value, end)| {
            format!(
                " <Record type=\"{kind}\"{name}{version}{device}{unit}{created} startDate=\"{start}\" endDate=\"{finish}\" value=\"{value}\"{end}\n"
            )
        },
    )
}

proptest! {
    #[test]
    fn it_reads_what_an_xml_reader_reads(
        elements in prop::collection::vec(element(), 0..12),
        sizes in prop::collection::vec(1_usize..300, 1..5),
    ) {
        let text = format!("<?xml version=\"1.0\"?>\n<HealthData locale=\"en\">\n {}\n</HealthData>\n", elements.join("\n "));
        for (data_type, identifier) in [
            (DataType::Steps, "HKQuantityTypeIdentifierStepCount"),
            (DataType::Bpm, "HKQuantityTypeIdentifierHeartRate"),
        ] {
            let (rows, rejections) = read_in(text.as_bytes(), data_type, &sizes);
            prop_assert_eq!(rows, read_by_another(&text, identifier));
            prop_assert_eq!(rejections, vec![]);
        }
    }

    #[test]
    fn a_record_is_read_the_same_whatever_came_before_it(
        records in prop::collection::vec(nearly(), 1..10),
        sizes in prop::collection::vec(1_usize..300, 1..5),
    ) {
        let text = format!("<HealthData>\n{}</HealthData>\n", records.concat());
        // With a second space no record has the usual layout.
        let spaced = text.replace(" endDate", "  endDate");
        let expected = read_in(spaced.as_bytes(), DataType::Steps, &[usize::MAX]);
        prop_assert_eq!(read_in(text.as_bytes(), DataType::Steps, &[usize::MAX]), expected.clone());
        prop_assert_eq!(read_in(text.as_bytes(), DataType::Steps, &sizes), expected);
    }

    #[test]
    fn where_it_is_cut_does_not_matter_for_any_text(
        pieces in prop::collection::vec(
            prop_oneof![
                nearly(),
                "[<>!?/a\"'= \n\\[\\]-]{0,12}",
                prop::sample::select(vec!["<HealthData>", "</HealthData>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<Record ", "\0"]).prop_map(str::to_owned),
            ],
            0..10,
        ),
        sizes in prop::collection::vec(1_usize..100, 1..5),
    ) {
        let text = pieces.concat();
        let whole = read_in(text.as_bytes(), DataType::Steps, &[usize::MAX]);
        prop_assert_eq!(read_in(text.as_bytes(), DataType::Steps, &sizes), whole);
    }
}
