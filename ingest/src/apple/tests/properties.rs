//! Compared with quick-xml, with the general way to read a record, and cut anywhere.

use super::{SentSample, read_in};
use crate::DataType;
use proptest::prelude::*;
use quick_xml::events::Event;

/// The records of a type as quick-xml reads them.
fn read_with_quick_xml(text: &str, identifier: &str) -> Vec<SentSample> {
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
            Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
        };
        if tag.name().as_ref() != "Record" || attribute("type").as_deref() != Some(identifier) {
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

/// A well-formed element of an export.
fn element() -> impl Strategy<Value = String> {
    let name = any_of("iPhone|Ali&#8217;s&#xA0;Watch|a &amp; b|\u{5bfc}\u{51fa}'s|&lt;&gt;");
    let version = prop::option::of(any_of("|17.0.3|10.1|&quot;1&quot;"));
    let device = prop::option::of(any_of("&lt;&lt;HKDevice: 0x1&gt;, name:iPhone&gt;|a > b"));
    let kind = prop::sample::select(vec![
        ("HKQuantityTypeIdentifierStepCount", "count"),
        ("HKQuantityTypeIdentifierHeartRate", "count/min"),
        ("HKQuantityTypeIdentifierBodyMass", "kg"),
    ]);
    let date = (2015_u32..2026, 1_u32..13, 1_u32..29, 0_u32..24, any_of("+0400|-0530|+0000"));
    let value = any_of("14|1|299.5|0.25|100|1e1");
    let form = (
        any::<bool>(),
        any_of(" |  |\n\t"),
        0_usize..8,
        any_of("/>|></Record>|><MetadataEntry key=\"a\" value='/>'/></Record>"),
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

/// One of some texts, which are divided by `|`.
fn any_of(texts: &'static str) -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(texts.split('|').collect::<Vec<_>>())
}

/// The first of some texts in nine of ten cases.
fn mostly(texts: &'static str) -> impl Strategy<Value = &'static str> {
    prop_oneof![9 => Just(texts.split('|').next().unwrap()), 1 => any_of(texts)]
}

/// A record that is almost as Apple writes it.
fn nearly_regular_record() -> impl Strategy<Value = String> {
    let date = |regular| {
        prop_oneof![9 => Just(regular), 1 => any_of(
            "2023-11-01 08:04:51 +0400|2023-11-02 08:04:51 +0400|2023-11-01 08:04:50 +0400|2023-02-30 08:04:51 +0400|\
             2023-11-01 24:04:51 +0400|2023-11-01T08:04:51+04:00|2023-11-01 08:04:51 +9900|2023-11-01 08:04:51 -0000|\
             2023-11-01 08:04:5\" +0400|2023-11-01 08:04:58 +0400|",
        )]
    };
    let head = (
        mostly("StepCount|HeartRate|StepCounts|&#83;tepCount"),
        mostly(r#"sourceName="iPhone"|sourceName="a&b"|sourceName="&#65;"|sourceName=""|sourceName="a|"#),
        mostly(r#" sourceVersion="17.0.3"|| sourceVersion=""| sourceVersion="&x;""#),
        mostly(r#" device="&lt;a&gt;"| device="a<b"| device="&x;"| device=""| device="a"b"| device="a|"#),
    );
    let unit = mostly(r#" unit="count"| unit="count/s"| unit="km"|"#);
    let created =
        mostly("2023-11-01 08:14:51 +0400|2023-11-01 08:14:5\" +0400|2023-11-01 08:14:5< +0400|never|")
            .prop_map(
                |date| if date.is_empty() { String::new() } else { format!(" creationDate=\"{date}\"") },
            );
    let value = mostly("14|30000|0|-1|61.5|1e2|014|30001||x|1234567890123456789|1 ");
    let end = mostly("/>|>| />|/|| a=\"b\"/>| value=\"1\"/>|x/>");
    let dates = (date("2023-11-01 08:04:51 +0400"), date("2023-11-01 08:04:58 +0400"));
    (head, unit, created, dates, value, end).prop_map(
        |((kind, name, version, device), unit, created, (start, finish), value, end)| {
            format!(
                " <Record type=\"HKQuantityTypeIdentifier{kind}\" {name}{version}{device}{unit}{created} startDate=\"{start}\" endDate=\"{finish}\" value=\"{value}\"{end}\n"
            )
        },
    )
}

proptest! {
    #[test]
    fn records_are_those_that_quick_xml_reads(
        elements in prop::collection::vec(element(), 0..12),
        sizes in prop::collection::vec(1_usize..300, 1..5),
    ) {
        let text = format!("<?xml version=\"1.0\"?>\n<HealthData locale=\"en\">\n {}\n</HealthData>\n", elements.join("\n "));
        for (data_type, identifier) in [
            (DataType::Steps, "HKQuantityTypeIdentifierStepCount"),
            (DataType::Bpm, "HKQuantityTypeIdentifierHeartRate"),
        ] {
            let (rows, rejections) = read_in(text.as_bytes(), data_type, &sizes);
            prop_assert_eq!(rows, read_with_quick_xml(&text, identifier));
            prop_assert_eq!(rejections, vec![]);
        }
    }

    #[test]
    fn both_ways_to_read_a_record_agree(
        records in prop::collection::vec(nearly_regular_record(), 1..10),
        sizes in prop::collection::vec(1_usize..300, 1..5),
    ) {
        let text = format!("<HealthData>\n{}</HealthData>\n", records.concat());
        // A second space keeps every record off the fast path.
        let spaced = text.replace(" endDate", "  endDate");
        let expected = read_in(spaced.as_bytes(), DataType::Steps, &[usize::MAX]);
        prop_assert_eq!(read_in(text.as_bytes(), DataType::Steps, &[usize::MAX]), expected.clone());
        prop_assert_eq!(read_in(text.as_bytes(), DataType::Steps, &sizes), expected);
    }

    #[test]
    fn cuts_make_no_difference_for_any_text(
        pieces in prop::collection::vec(
            prop_oneof![
                nearly_regular_record(),
                "[<>!?/a\"'= \n\\[\\]-]{0,12}",
                any_of("<HealthData>|</HealthData>|<!--|-->|<![CDATA[|]]>|<?|?>|<Record |\0").prop_map(str::to_owned),
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
