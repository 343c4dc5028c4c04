//! Which source is an archive, and which of its entries is the export.

use crate::zip::export_detection::{is_export, may_be_export};
use crate::zip::is_zip;

#[test]
fn a_zip_is_recognized_by_its_first_bytes() {
    for (first, expected) in [
        (&b""[..], None),
        (b"P", None),
        (b"PK", None),
        (b"PK\x03", None),
        (b"PK\x03\x04", Some(true)),
        (b"PK\x05\x06", Some(true)),
        (b"PK\x07\x08PK", Some(true)),
        (b"PK00PK\x03\x04", Some(true)),
        (b"PK0", None),
        (b"PK,", Some(false)),
        (b"PK\x03\x05", Some(false)),
        (b"device_name", Some(false)),
        (b"{", Some(false)),
    ] {
        assert_eq!(is_zip(first), expected, "{first:?}");
    }
}

#[test]
fn names_tell_which_entries_may_be_the_export() {
    for (name, expected) in [
        ("apple_health_export/export.xml", true),
        ("export.xml", true),
        ("apple_health_export/Exportaci\u{f3}n.xml", true),
        ("apple_health_export/\u{5bfc}\u{51fa}.xml", true),
        ("EXPORT.XML", true),
        ("apple_health_export/export_cda.xml", false),
        ("__MACOSX/apple_health_export/._export.xml", false),
        ("apple_health_export/", false),
        ("apple_health_export/workout-routes/route.gpx", false),
        ("apple_health_export/electrocardiograms/ecg_2023.csv", false),
        ("apple_health_export/clinical-records/Observation.json", false),
        ("xml", false),
        ("", false),
    ] {
        assert_eq!(may_be_export(name.as_bytes()), expected, "{name}");
    }
    // Names need not be UTF-8.
    assert!(may_be_export(b"\x81\xff.xml"));
}

#[test]
fn the_root_element_tells_the_export() {
    for (text, expected) in [
        ("<HealthData locale=\"en\">", true),
        ("<HealthData>", true),
        ("\u{feff}<?xml version=\"1.0\"?>\r\n<!-- a <ClinicalDocument> --> <HealthData/>", true),
        ("<?xml version=\"1.0\"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData>", true),
        ("<!DOCTYPE  HealthData>", true),
        (
            "<?xml version=\"1.0\"?>\n<?xml-stylesheet type=\"text/xsl\" href=\"CDA.xsl\"?>\n<ClinicalDocument ",
            false,
        ),
        ("<!DOCTYPE html>", false),
        ("<HealthDataX>", false),
        ("<gpx>", false),
        ("{\"a\":1}", false),
        ("text", false),
    ] {
        assert_eq!(is_export(text.as_bytes()), Some(expected), "{text}");
        // Fewer bytes give the same, or no decision.
        for end in 0..text.len() {
            let early = is_export(&text.as_bytes()[..end]);
            assert!(early.is_none() || early == Some(expected), "{text:.end$}");
        }
    }
}
