//! Entries in every form, archives of other programs, and bytes that are no archive.

use super::*;
use crate::zip::data_descriptor::{DataEnd, UnsizedEntry};
use crate::zip::export_detection::{is_export, may_be_export};

#[test]
fn entries_of_every_form_are_read() {
    for sizes in FORMS {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let entries = [
                entry("apple_health_export/export_cda.xml", b"<ClinicalDocument/>"),
                entry("apple_health_export/\u{5bfc}\u{51fa}.xml", &export()),
                entry("apple_health_export/workout-routes/route_2023-11-01_8.04am.gpx", b"<gpx/>"),
            ];
            let forms: Vec<_> = entries.iter().map(|entry| (entry.clone(), method, sizes)).collect();
            for size in [1, 2, 7, 64, 100_000] {
                assert_eq!(
                    unzip(&archive(&forms), &[size]).unwrap(),
                    entries,
                    "{sizes:?}, {method:?}, {size}"
                );
            }
        }
    }
}

#[test]
fn archives_of_other_programs_are_read() {
    // From `zip -r - folder`, and from Python's zipfile on a pipe: neither can go back to write sizes into the
    // headers.
    let archives: [&[u8]; 2] =
        [include_bytes!("../archives/zip-to-pipe.zip"), include_bytes!("../archives/python-to-pipe.zip")];
    for archive in archives {
        for size in [1, 13, 100_000] {
            let entries = unzip(archive, &[size]).unwrap();
            let export = entries.iter().find(|entry| may_be_export(entry.name.as_bytes()));
            let export = export.expect("Exportaci\u{f3}n.xml is in it");
            assert_eq!(export.name, "apple_health_export/Exportaci\u{f3}n.xml");
            assert_eq!(is_export(&export.data), Some(true));
            assert!(export.data.ends_with(b"</HealthData>\n"));
            assert_eq!(export.data.len(), 3167);
        }
    }
}

#[test]
fn bytes_that_resemble_a_descriptor_do_not_end_an_entry() {
    // In the data: a descriptor with another size, one with the right size but no entry after it, and a signature
    // alone.
    let mut data = b"PK\x07\x08\x01\x02\x03\x04\x09\x00\x00\x00\x09\x00\x00\x00PK\x03\x04".to_vec();
    data.extend(b"PK\x07\x08....\x14\x00\x00\x00....no entry PK\x03\x04 PK\x01\x02 PK\x05\x06 P");
    let entry = entry("stored.xml", &data);
    for sizes in FORMS {
        for size in [1, 5, 1000] {
            let archive = archive(&[(entry.clone(), CompressionMethod::Stored, sizes)]);
            assert_eq!(unzip(&archive, &[size]).unwrap(), std::slice::from_ref(&entry), "{sizes:?}");
        }
    }
}

#[test]
fn a_stored_archive_within_an_archive_is_one_entry() {
    let inner = archive(&[(entry("inner.xml", &export()), CompressionMethod::Deflated, FORMS[2])]);
    let outer = entry("inner.zip", &inner);
    let archive = archive(&[(outer.clone(), CompressionMethod::Stored, FORMS[2])]);
    assert_eq!(unzip(&archive, &[50]).unwrap(), [outer]);
}

#[test]
fn a_descriptor_of_more_than_four_gigabytes_matches_by_its_lower_bits() {
    let unsized_entry = UnsizedEntry::new(0, ContentDigest::default()).advance(5_000_000_000);
    let mut rest = b"data....".to_vec();
    rest.extend((5_000_000_004_u64 as u32).to_le_bytes());
    rest.extend(*b"\x09\0\0\0PK\x01\x02");
    let crc = u32::from_le_bytes(*b"....");
    assert_eq!(
        unsized_entry.end(&rest),
        Some(DataEnd { left: 4, length: 12, digest: ContentDigest { crc, length: 9 } })
    );
}

#[test]
fn a_skipped_entry_gives_no_data() {
    for sizes in FORMS {
        let archive = archive(&[
            (entry("a.gpx", &export()), CompressionMethod::Stored, sizes),
            (entry("b.xml", b"<HealthData/>"), CompressionMethod::Stored, sizes),
        ]);
        let mut unzip = ZipReader::default();
        let mut seen = Vec::new();
        for piece in archive.chunks(10) {
            unzip.feed(piece);
            loop {
                match unzip.next().unwrap() {
                    Some(ZipEvent::EntryStart { name: b"a.gpx", .. }) => unzip.skip(),
                    Some(ZipEvent::EntryStart { .. }) => seen.push("start"),
                    Some(ZipEvent::Data(_)) => seen.push("data"),
                    Some(ZipEvent::EntryEnd(_)) => seen.push("end"),
                    None => break,
                }
            }
        }
        seen.dedup();
        assert_eq!(seen, ["end", "start", "data", "end"], "{sizes:?}");
    }
}

#[test]
fn a_cut_off_archive_is_an_error() {
    for sizes in FORMS {
        let whole = archive(&[
            (entry("a.gpx", b"<gpx/>"), CompressionMethod::Stored, sizes),
            (entry("b.xml", &export()), CompressionMethod::Deflated, sizes),
        ]);
        for cut in 1..whole.len() {
            assert_eq!(unzip(&whole[..cut], &[64]), Err(ZipError::Truncated), "{sizes:?}, {cut}");
        }
        assert_eq!(unzip(&[&*whole, b"a comment"].concat(), &[64]).unwrap().len(), 2);
    }
}

#[test]
fn every_unreadable_archive_has_its_error() {
    let plain = archive(&[(entry("a.xml", b"<a/>"), CompressionMethod::Stored, Sizes::InHeader)]);
    let with = |at: usize, byte: u8| {
        let mut archive = plain.clone();
        archive[at] = byte;
        archive
    };
    let mut bad_zip64 = with(18, 0xff);
    bad_zip64[18..26].fill(0xff);
    for (archive, error) in [
        (Vec::new(), ZipError::NotZip),
        (b"P".to_vec(), ZipError::Truncated),
        (b"Hello".to_vec(), ZipError::NotZip),
        (b"<HealthData>".to_vec(), ZipError::NotZip),
        (b"\x1f\x8b\x08\x00\x00".to_vec(), ZipError::NotZip),
        (with(6, 1), ZipError::Encrypted),
        (with(6, 0x40), ZipError::Encrypted),
        (with(7, 0x20), ZipError::Encrypted),
        (with(8, 12), ZipError::Method(12)),
        (with(8, 99), ZipError::Method(99)),
        (with(18, 3), ZipError::Damaged),
        (bad_zip64, ZipError::Damaged),
    ] {
        for size in [1, 1000] {
            assert_eq!(unzip(&archive, &[size]), Err(error), "{archive:?}");
        }
    }
}

#[test]
fn an_error_is_final() {
    let mut unzip = ZipReader::default();
    unzip.feed(b"no archive");
    assert_eq!(unzip.next(), Err(ZipError::NotZip));
    unzip.feed(b"PK\x05\x06");
    assert_eq!(unzip.next(), Err(ZipError::NotZip));
    assert_eq!(unzip.finish(), Err(ZipError::NotZip));
}

#[test]
fn an_empty_archive_has_no_entries() {
    let mut empty = b"PK\x05\x06".to_vec();
    empty.extend([0; 18]);
    assert_eq!(unzip(&empty, &[1]).unwrap(), []);
}

#[test]
fn a_span_marker_is_skipped() {
    let whole = archive(&[(entry("a.xml", b"<a/>"), CompressionMethod::Stored, FORMS[2])]);
    for mark in [*b"PK\x07\x08", *b"PK00"] {
        assert_eq!(unzip(&[&mark[..], &*whole].concat(), &[3]).unwrap().len(), 1);
    }
}
