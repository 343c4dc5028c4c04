//! Archives of other writers, and of every form that the format allows.

use super::*;
use flate2::read::DeflateDecoder;
use proptest::prelude::*;
use std::io::{Cursor, Read, Write};

/// An entry as it came out: inflated.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    data: Vec<u8>,
}

fn entry(name: &str, data: &[u8]) -> Entry {
    Entry { name: name.to_owned(), data: data.to_vec() }
}

/// What comes out of an archive that is fed in pieces of those sizes, in turn.
fn unzip(archive: &[u8], sizes: &[usize]) -> Result<Vec<Entry>, ZipError> {
    let mut unzip = Unzip::new();
    let mut entries = Vec::new();
    let mut open: Option<(String, Method, Vec<u8>)> = None;
    let mut sizes = sizes.iter().cycle();
    let mut rest = archive;
    loop {
        while let Some(event) = unzip.next()? {
            match event {
                Event::EntryStart { name, method } => {
                    assert!(open.is_none());
                    open = Some((String::from_utf8(name.to_vec()).unwrap(), method, Vec::new()));
                }
                Event::Data(bytes) => {
                    assert!(!bytes.is_empty());
                    open.as_mut().unwrap().2.extend_from_slice(bytes);
                }
                Event::EntryEnd => {
                    let (name, method, packed) = open.take().unwrap();
                    entries.push(Entry { name, data: inflate(method, &packed) });
                }
            }
        }
        if rest.is_empty() {
            return unzip.finish().map(|()| entries);
        }
        let (piece, more) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
        unzip.feed(piece);
        rest = more;
    }
}

/// The whole of `packed` must be the stream: not a byte too few or too many.
fn inflate(method: Method, packed: &[u8]) -> Vec<u8> {
    if method == Method::Stored {
        return packed.to_vec();
    }
    let mut data = Vec::new();
    let mut decoder = DeflateDecoder::new(packed);
    decoder.read_to_end(&mut data).unwrap();
    assert_eq!(usize::try_from(decoder.total_in()).unwrap(), packed.len());
    data
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// How an entry's sizes are told.
#[derive(Clone, Copy, Debug)]
enum Sizes {
    InHeader,
    InZip64,
    Behind {
        signed: bool,
        long: bool,
    },
    /// In the header, and announced behind it, where they are not.
    Announced,
}

const FORMS: [Sizes; 7] = [
    Sizes::InHeader,
    Sizes::InZip64,
    Sizes::Behind { signed: true, long: false },
    Sizes::Behind { signed: false, long: false },
    Sizes::Behind { signed: true, long: true },
    Sizes::Behind { signed: false, long: true },
    Sizes::Announced,
];

fn write_entry(archive: &mut Vec<u8>, entry: &Entry, method: Method, sizes: Sizes) {
    let packed = if method == Method::Stored { entry.data.clone() } else { deflate(&entry.data) };
    let (size, full) = (packed.len() as u64, entry.data.len() as u64);
    let flags: u16 = if matches!(sizes, Sizes::Behind { .. } | Sizes::Announced) { 1 << 3 } else { 0 };
    let (in_header, extra) = match sizes {
        Sizes::InHeader | Sizes::Announced => ([size as u32, full as u32], Vec::new()),
        Sizes::Behind { .. } => ([0, 0], Vec::new()),
        Sizes::InZip64 => {
            // Another field stands before it.
            let mut extra = vec![0x55, 0x54, 3, 0, 1, 2, 3, 1, 0, 16, 0];
            extra.extend(full.to_le_bytes());
            extra.extend(size.to_le_bytes());
            ([u32::MAX; 2], extra)
        }
    };
    archive.extend(b"PK\x03\x04\x14\x00");
    archive.extend(flags.to_le_bytes());
    archive.extend([if method == Method::Stored { 0 } else { 8 }, 0]);
    archive.extend([0; 8]);
    archive.extend(in_header.iter().flat_map(|size| size.to_le_bytes()));
    archive.extend((entry.name.len() as u16).to_le_bytes());
    archive.extend((extra.len() as u16).to_le_bytes());
    archive.extend(entry.name.as_bytes());
    archive.extend(extra);
    archive.extend(packed);
    if let Sizes::Behind { signed, long } = sizes {
        archive.extend(if signed { &b"PK\x07\x08"[..] } else { b"" });
        archive.extend([1, 2, 3, 4]);
        for size in [size, full] {
            archive.extend(if long {
                size.to_le_bytes().to_vec()
            } else {
                (size as u32).to_le_bytes().to_vec()
            });
        }
    }
}

/// As much of a directory as an entry's end needs.
fn end(archive: &mut Vec<u8>) {
    archive.extend(b"PK\x01\x02");
    archive.extend([0; 42]);
}

fn archive(entries: &[(Entry, Method, Sizes)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (entry, method, sizes) in entries {
        write_entry(&mut archive, entry, *method, *sizes);
    }
    end(&mut archive);
    archive
}

fn export() -> Vec<u8> {
    b"<?xml version=\"1.0\"?>\n<HealthData locale=\"en_US\">\n</HealthData>\n".repeat(30)
}

#[test]
fn entries_of_every_form_come_out() {
    for sizes in FORMS {
        for method in [Method::Stored, Method::Deflated] {
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
fn archives_of_other_programs_come_out() {
    // `zip -r - folder`, and Python's zipfile on a pipe: neither can go back to write sizes into the headers.
    let archives: [&[u8]; 2] =
        [include_bytes!("archives/zip-to-pipe.zip"), include_bytes!("archives/python-to-pipe.zip")];
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
fn a_descriptor_like_the_one_at_the_end_ends_nothing_before() {
    // Within the data: a descriptor with another size, the right size without an entry behind it, and a signature alone.
    let mut data = b"PK\x07\x08\x01\x02\x03\x04\x09\x00\x00\x00\x09\x00\x00\x00PK\x03\x04".to_vec();
    data.extend(b"PK\x07\x08....\x14\x00\x00\x00....no entry PK\x03\x04 PK\x01\x02 PK\x05\x06 P");
    let entry = entry("stored.xml", &data);
    for sizes in FORMS {
        for size in [1, 5, 1000] {
            let archive = archive(&[(entry.clone(), Method::Stored, sizes)]);
            assert_eq!(unzip(&archive, &[size]).unwrap(), std::slice::from_ref(&entry), "{sizes:?}");
        }
    }
}

#[test]
fn a_stored_archive_within_an_archive_is_one_entry() {
    let inner = archive(&[(entry("inner.xml", &export()), Method::Deflated, FORMS[2])]);
    let outer = entry("inner.zip", &inner);
    let archive = archive(&[(outer.clone(), Method::Stored, FORMS[2])]);
    assert_eq!(unzip(&archive, &[50]).unwrap(), [outer]);
}

#[test]
fn a_size_of_more_than_four_gigabytes_is_found_by_its_lower_bits() {
    let open = descriptor::Open::new(0).behind(5_000_000_000);
    let mut rest = b"data....".to_vec();
    rest.extend((5_000_000_004_u64 as u32).to_le_bytes());
    rest.extend(*b"....PK\x01\x02");
    assert_eq!(open.end(&rest), Some((4, 12)));
}

#[test]
fn what_is_skipped_gives_no_data() {
    for sizes in FORMS {
        let archive = archive(&[
            (entry("a.gpx", &export()), Method::Stored, sizes),
            (entry("b.xml", b"<HealthData/>"), Method::Stored, sizes),
        ]);
        let mut unzip = Unzip::new();
        let mut seen = Vec::new();
        for piece in archive.chunks(10) {
            unzip.feed(piece);
            loop {
                match unzip.next().unwrap() {
                    Some(Event::EntryStart { name: b"a.gpx", .. }) => unzip.skip(),
                    Some(Event::EntryStart { .. }) => seen.push("start"),
                    Some(Event::Data(_)) => seen.push("data"),
                    Some(Event::EntryEnd) => seen.push("end"),
                    None => break,
                }
            }
        }
        seen.dedup();
        assert_eq!(seen, ["end", "start", "data", "end"], "{sizes:?}");
    }
}

#[test]
fn an_archive_that_is_cut_off_says_so() {
    for sizes in FORMS {
        let whole = archive(&[
            (entry("a.gpx", b"<gpx/>"), Method::Stored, sizes),
            (entry("b.xml", &export()), Method::Deflated, sizes),
        ]);
        let directory = whole.len() - 46;
        for cut in 1..directory {
            assert_eq!(unzip(&whole[..cut], &[64]), Err(ZipError::Truncated), "{sizes:?}, {cut}");
        }
        assert_eq!(unzip(&whole[..directory + 4], &[64]).unwrap().len(), 2);
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let plain = archive(&[(entry("a.xml", b"<a/>"), Method::Stored, Sizes::InHeader)]);
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
fn an_error_stays() {
    let mut unzip = Unzip::new();
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
fn a_mark_of_splitting_is_passed_over() {
    let whole = archive(&[(entry("a.xml", b"<a/>"), Method::Stored, FORMS[2])]);
    for mark in [*b"PK\x07\x08", *b"PK00"] {
        assert_eq!(unzip(&[&mark[..], &*whole].concat(), &[3]).unwrap().len(), 1);
    }
}

#[test]
fn a_zip_is_known_by_its_first_bytes() {
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
fn names_tell_what_is_worth_inflating() {
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
fn the_root_element_tells_an_export() {
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
        // With fewer bytes it is not decided on, or the same.
        for end in 0..text.len() {
            let early = is_export(&text.as_bytes()[..end]);
            assert!(early.is_none() || early == Some(expected), "{text:.end$}");
        }
    }
}

proptest! {
    #[test]
    fn however_it_is_written_and_cut_it_comes_out(
        entries in prop::collection::vec(
            ("[a-z\u{e9}/]{1,12}", prop::collection::vec(prop::sample::select(b"PK\x01\x02\x03\x04\x05\x06\x07\x08\x00a".to_vec()), 0..80), any::<bool>(), 0..FORMS.len()),
            0..4,
        ),
        sizes in prop::collection::vec(1_usize..40, 1..6),
    ) {
        let forms: Vec<_> = entries
            .iter()
            .map(|(name, data, stored, form)| {
                let method = if *stored { Method::Stored } else { Method::Deflated };
                // An empty entry declares no size that could stand in for its descriptor.
                let form = if *stored && data.is_empty() && *form == 6 { 0 } else { *form };
                (entry(name, data), method, FORMS[form])
            })
            .collect();
        let expected: Vec<_> = forms.iter().map(|(entry, ..)| entry.clone()).collect();
        prop_assert_eq!(unzip(&archive(&forms), &sizes).unwrap(), expected);
    }

    #[test]
    fn archives_of_another_writer_come_out(
        entries in prop::collection::vec(("[a-z]{1,8}", "[<>a-z\n]{0,300}", any::<bool>(), any::<bool>()), 0..4),
        sizes in prop::collection::vec(1_usize..200, 1..4),
    ) {
        let mut expected = Vec::new();
        let mut archive = Vec::new();
        {
            let mut cursor = Cursor::new(&mut archive);
            for (index, (name, data, ..)) in entries.iter().enumerate() {
                expected.push(entry(&format!("{index}/{name}.xml"), data.as_bytes()));
            }
            let options = |stored: bool, large: bool| {
                let method = if stored { ::zip::CompressionMethod::Stored } else { ::zip::CompressionMethod::Deflated };
                ::zip::write::SimpleFileOptions::default().compression_method(method).large_file(large)
            };
            let mut writer = ::zip::ZipWriter::new(&mut cursor);
            for (entry, (_, _, stored, large)) in expected.iter().zip(&entries) {
                writer.start_file(&*entry.name, options(*stored, *large)).unwrap();
                writer.write_all(&entry.data).unwrap();
            }
            writer.finish().unwrap();
        }
        prop_assert_eq!(unzip(&archive, &sizes).unwrap(), expected);
    }

    #[test]
    fn no_bytes_make_it_panic_or_hang(mut bytes in prop::collection::vec(any::<u8>(), 0..200), sizes in prop::collection::vec(1_usize..40, 1..4)) {
        let _ = unzip_any(&bytes, &sizes);
        bytes.splice(0..0, *b"PK\x03\x04\x14\x00\x08\x00");
        let _ = unzip_any(&bytes, &sizes);
    }
}

/// As [`unzip`], but inflates nothing.
fn unzip_any(archive: &[u8], sizes: &[usize]) -> Result<usize, ZipError> {
    let mut unzip = Unzip::new();
    let mut events = 0;
    let mut sizes = sizes.iter().cycle();
    let mut rest = archive;
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
        unzip.feed(piece);
        while unzip.next()?.is_some() {
            events += 1;
        }
        rest = more;
    }
    unzip.finish().map(|()| events)
}
