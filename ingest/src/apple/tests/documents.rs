//! Whole exports: as a phone writes them, cut off, damaged, and other files.

use super::{TYPE, read, read_elements, read_in, reasons, record, record_with, steps};
use crate::DataType;
use crate::apple::MAX_TAG_LENGTH;

const EXPORT: &str = include_str!("../export.xml");

#[test]
fn an_export_of_a_phone_is_read() {
    let (phone, watch) = ("Ali\u{2019}s iPhone", "Ali\u{2019}s Apple\u{a0}Watch \"2\" <b> & co");
    let sample = |name: &str, version: &str, start: &str, end: &str, unit, value| {
        let at = |time: &str| format!("2023-11-01T{time}+04:00");
        let version = (!version.is_empty()).then(|| version.to_owned());
        (name.to_owned(), version, at(start), Some(at(end)), unit, value)
    };
    let steps = [
        sample(phone, "17.0.3", "08:04:51", "08:04:58", "count", 14.0),
        sample(phone, "17.0.3", "08:14:51", "08:15:58", "count", 120.0),
        sample(watch, "10.1", "09:00:00", "09:10:00", "count", 150.0),
        sample(watch, "", "09:10:00", "09:20:00", "count", 30.0),
    ];
    assert_eq!(read(EXPORT, DataType::Steps), (steps.to_vec(), vec![]));
    let heart = |time, value| sample(watch, "10.1", time, time, "count/min", value);
    // The second one is also part of a correlation. Duplicates are found later.
    let rates = [heart("08:04:51", 72.0), heart("08:09:51", 61.5), heart("08:09:51", 61.5)];
    assert_eq!(read(EXPORT, DataType::Bpm), (rates.to_vec(), vec![]));
}

#[test]
fn a_byte_order_mark_and_other_line_breaks_change_nothing() {
    let plain = read(EXPORT, DataType::Steps);
    assert_eq!(read(&["\u{feff}", EXPORT].concat(), DataType::Steps), plain);
    assert_eq!(read(&EXPORT.replace('\n', "\r\n"), DataType::Steps), plain);
    assert_eq!(read(&EXPORT.replace('\n', ""), DataType::Steps), plain);
}

#[test]
fn nothing_in_a_document_type_is_a_record() {
    let record = record("1");
    let quoted = record.replace('"', "'");
    let rest = ["]>\n<HealthData locale=\"en\">", &record, "</HealthData>"].concat();
    let root = read(&rest, DataType::Steps);
    assert_eq!(root.0.len(), 1);
    for subset in [
        String::new(),
        format!("<!ENTITY x \"{quoted}\">"),
        format!("<!ENTITY x '{record}'>"),
        format!("<!ENTITY % x '{record}'> %x; <!ENTITY y \"{quoted}]>{quoted}\">"),
        format!("<!ENTITY x '<HealthData>{record}</HealthData>'>"),
        format!("<!-- '\" ]> {record} --><!ENTITY x \"<!-- {quoted}\">"),
        format!("<?a ]>' {record} ?><!ENTITY x '<?a {record}'>"),
        format!("<!ATTLIST Record type CDATA ']>{record}'"),
        // Without the ends of its declarations, as iOS 16 writes it.
        format!("<!ELEMENT a EMPTY <!ATTLIST b c CDATA #IMPLIED <!ENTITY x '{record}'"),
    ] {
        let text = ["<?xml version='1.0'?>\n<!DOCTYPE HealthData [", &subset, &rest].concat();
        assert_eq!(read(&text, DataType::Steps), root, "{subset}");
    }
    for outside in [
        format!("<!DOCTYPE HealthData SYSTEM \"{quoted}]>\">"),
        format!("<!DOCTYPE HealthData PUBLIC 'a>{record}' \"b\" [] >"),
    ] {
        let text = [&*outside, rest.strip_prefix("]>").unwrap()].concat();
        assert_eq!(read(&text, DataType::Steps), root, "{outside}");
    }
}

#[test]
fn a_broken_document_type_hides_no_record() {
    let record = record("1");
    for declaration in [
        "<!DOCTYPE HealthData",
        "<!DOCTYPE HealthData [",
        "<!DOCTYPE HealthData []",
        "<!DOCTYPE HealthData ]",
        "<!DOCTYPE HealthData [<!ELEMENT a (b)> >",
        "<!DOCTYPE HealthData [<!ELEMENT a \"(b)>\n]>\n",
        "<!DOCTYPE HealthData [<!ATTLIST a b CDATA 'c>\n] >",
        "<!DOCTYPE HealthData [] a>",
        "<!DOCTYPE HealthData []><!DOCTYPE HealthData [",
    ] {
        let text = [declaration, "<HealthData locale=\"en\">", &record, "</HealthData>"].concat();
        let (rows, rejections) = read(&text, DataType::Steps);
        assert_eq!((rows.len(), rejections.len()), (1, 0), "{declaration}");
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
fn a_record_in_a_comment_or_in_cdata_is_not_read() {
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
    // An incomplete start of a comment or of CDATA hides nothing.
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
        assert_eq!(reasons(&rejections), [(rows.len() as u64, line, "", "syntax")], "{cut}");
        let begun = cut > whole.find("<HealthData>").unwrap() + "<HealthData".len() - 1;
        assert_eq!(rejections[0].message.contains("cut off"), begun, "{cut}");
    }
    assert_eq!(read(&whole[..whole.len() - 1], DataType::Steps).1, []);
}

#[test]
fn content_after_the_root_element_is_not_read() {
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
fn a_file_that_is_not_an_export_is_rejected_once() {
    for text in ["", " ", "<ClinicalDocument><a/></ClinicalDocument>", "<html>", "no tags at all", "<"] {
        let (rows, rejections) = read(text, DataType::Steps);
        assert_eq!(rows, []);
        assert_eq!(reasons(&rejections), [(0, 1, "", "syntax")], "{text}");
        assert!(rejections[0].message.contains("not an Apple Health export"));
    }
}

#[test]
fn a_tag_without_an_end_is_rejected() {
    let long = "a".repeat(MAX_TAG_LENGTH);
    let text = [
        "<HealthData>\n",
        &record("1"),
        &record_with("unit", &format!("device=\"{long}\" unit")),
        &record("2"),
        &record_with("unit", &format!("device=\"{}\" unit", &long[..MAX_TAG_LENGTH - 1000])),
        &long,
        "</HealthData>",
    ]
    .concat();
    for size in [4096, 100_000, usize::MAX] {
        let (rows, rejections) = read_in(text.as_bytes(), DataType::Steps, &[size]);
        assert_eq!(rows, [steps(1.0), steps(2.0), steps(14.0)], "{size}");
        assert_eq!(reasons(&rejections), [(1, 3, "", "syntax")], "{size}");
    }
}
