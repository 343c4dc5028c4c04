//! Records of the type that is read.

use super::{TYPE, read_elements, read_in, reasons, record, record_with, steps};
use crate::DataType;

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
        // Twice, since the second one may take the fast path.
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
    // The text of one source begins like that of another.
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
fn many_sources_in_turn_are_kept_apart() {
    let names: Vec<_> = (0..40).map(|number| format!("phone {number}")).collect();
    let text: String = names.iter().map(|name| record_with("iPhone", name)).collect();
    let (rows, _) = read_elements(&text.repeat(3));
    let read: Vec<_> = rows.iter().map(|row| &row.0).collect();
    assert_eq!(read, names.iter().cycle().take(120).collect::<Vec<_>>());
}

#[test]
fn attribute_values_are_decoded_as_in_xml() {
    for (written, name) in [
        ("Ali&#8217;s", "Ali\u{2019}s"),
        ("a\u{a0}b\u{1f600}", "a\u{a0}b\u{1f600}"),
        ("a\tb\r\nc", "a b c"),
        ("a&#10;b", "a\nb"),
        ("&quot;&apos;&lt;&gt;&amp;amp;", "\"'<>&amp;"),
        ("a > b", "a > b"),
        // Not allowed in XML, but some phones write it.
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
        // Between records with other offsets.
        let (rows, rejections) = read_elements(&[&*record("1"), &*text, &*text, &*record("2")].concat());
        assert_eq!(rejections, [], "{written}");
        let starts: Vec<_> = rows.iter().map(|row| &*row.2).collect();
        let regular = "2023-11-01T08:04:51+04:00";
        assert_eq!(starts, [regular, expected, expected, regular]);
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
        // Not well-formed.
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
        assert_eq!(reasons(&rejections), [(2, 4, path, code)], "{bad}");
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
        assert_eq!(reasons(&rejections), [(1, 3, "", "syntax")]);
    }
}
