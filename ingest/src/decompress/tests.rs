//! Compressed sources: intact, with a flipped bit, cut off, or with something after them.

use crate::UnreadableSource;
use crate::test_support::{Outcome, SAMPLE, decompress, gzip, outcome, pieces, zip};
use proptest::prelude::*;

/// Reads a source in pieces of this size.
fn read(bytes: &[u8], size: usize) -> Result<Outcome, UnreadableSource> {
    decompress(None, pieces(bytes, &[size]), |_| ()).map(|reader| outcome(reader.collector))
}

/// A text in each format, most of them with a sample that is rejected.
fn texts() -> Vec<String> {
    let samples: Vec<String> = (10..60).map(|value| SAMPLE.replace("14", &value.to_string())).collect();
    let lines = samples.join("\n").replace("\"value\":20", "\"value\":0");
    let rows = |value: u32| format!("Watch,2023-11-01T08:04:{value}Z,count,{value}\n");
    let csv: String = (10..60).map(rows).collect();
    vec![
        lines.clone(),
        format!("[{}]", samples.join(",\n")),
        format!("device_name,start_date,unit,value\n{csv}"),
        export(),
    ]
}

fn export() -> String {
    let record = |value: u32| {
        format!(
            " <Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"iPhone\" sourceVersion=\"17.0.3\" unit=\"count\" \
             creationDate=\"2023-11-01 08:05:00 +0400\" startDate=\"2023-11-01 08:04:{value} +0400\" \
             endDate=\"2023-11-01 08:05:00 +0400\" value=\"{value}\"/>\n"
        )
    };
    let records: String = (10..60).map(record).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HealthData locale=\"en_US\">\n{records}</HealthData>\n"
    )
}

/// Compressed sources of every kind, with their samples and rejections.
fn sources() -> Vec<(Vec<u8>, Outcome)> {
    let mut sources: Vec<Vec<u8>> = texts().iter().map(gzip).collect();
    let lines = &texts()[0];
    let (head, tail) = lines.split_at(lines.len() / 3);
    sources.push([gzip(head), gzip(tail)].concat());
    let export = export();
    let entries: [(&str, &[u8]); 3] =
        [("a/other.xml", b"<Other/>"), ("a/export.xml", export.as_bytes()), ("a/route.gpx", b"<gpx/>")];
    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        sources.push(zip(&entries, method));
    }
    sources.push(include_bytes!("../zip/archives/zip-to-pipe.zip").to_vec());
    sources.push(include_bytes!("../zip/archives/python-to-pipe.zip").to_vec());
    sources
        .into_iter()
        .map(|source| {
            let outcome = read(&source, 1000).unwrap();
            assert!(!outcome.0.is_empty());
            (source, outcome)
        })
        .collect()
}

#[test]
fn a_compressed_text_is_read_like_a_plain_one() {
    for text in texts() {
        let plain = read(text.as_bytes(), 77).unwrap();
        assert!(plain.0.len() >= 49);
        for size in [1, 100, 1 << 20] {
            assert_eq!(read(&gzip(&text), size).as_ref(), Ok(&plain));
        }
    }
}

#[test]
fn a_cut_off_source_is_an_error_that_says_so() {
    for (source, _) in sources() {
        for cut in (source.len() / 2..source.len()).step_by(7).chain([source.len() - 1]) {
            // Without a comment, every byte of an archive is needed.
            if let Err(unreadable) = read(&source[..cut], 500) {
                assert!(unreadable.message.contains("cut off"), "{}", unreadable.message);
            } else {
                panic!("{cut} of {} bytes were read", source.len());
            }
        }
    }
}

#[test]
fn an_archive_with_a_damaged_export_does_not_pass_for_one_without_an_export() {
    let (source, _) = sources().swap_remove(6);
    for place in 0..source.len() {
        let mut damaged = source.clone();
        damaged[place] ^= 0x10;
        if let Err(unreadable) = read(&damaged, 1000) {
            assert!(!unreadable.message.contains("without"), "{place}: {}", unreadable.message);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12_000))]
    #[test]
    fn a_flipped_bit_is_an_error_or_makes_no_difference(
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        thread_local!(static SOURCES: Vec<(Vec<u8>, Outcome)> = sources());
        SOURCES.with(|sources| {
            let (source, outcome) = which.get(sources);
            let mut damaged = source.clone();
            let place = place.index(source.len());
            damaged[place] ^= 1_u8 << bit;
            if let Ok(read) = read(&damaged, 700) {
                prop_assert_eq!(&read, outcome, "{}", place);
            }
            Ok(())
        })?;
    }
}

#[test]
fn a_source_that_is_not_a_text_is_an_error_that_says_so() {
    for (bytes, message) in [
        (&b"\0"[..], "neither a text"),
        (b"SQL\x01", "neither a text"),
        (b"\xff\xfe[\0]\0", "UTF-16"),
        (b"\xfe\xff\0[", "UTF-16"),
        (b"\x50\x4b\x13\x04", "neither a text"),
        (b"\x1f\xcb\x08\0", "neither a text"),
        (b"\x1f\x8b", "gzip file that is cut off"),
        (b"PK\x03\x04", "zip archive that is cut off"),
    ] {
        for size in [1, 100] {
            let unreadable = read(bytes, size).unwrap_err();
            assert!(unreadable.message.contains(message), "{bytes:?}: {}", unreadable.message);
        }
    }
}

#[test]
fn files_of_other_kinds_are_refused() {
    let late = [&b"x".repeat(500)[..], b"\x01"].concat();
    for (what, start) in [
        ("PNG", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..]),
        ("JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
        ("JPEG of a camera", b"\xff\xd8\xff\xe1\x2a\x2eExif\0\0MM"),
        ("GIF", b"GIF89a\x01\0\x01\0\x80\0\0"),
        ("WebP", b"RIFF\x24\x20\0\0WEBPVP8 "),
        ("HEIC", b"\0\0\0\x18ftypheic"),
        ("PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\n"),
        ("7z", b"7z\xbc\xaf\x27\x1c\0\x04"),
        ("rar", b"Rar!\x1a\x07\x01\0"),
        ("zstd", b"\x28\xb5\x2f\xfd\x24\x05\x29\0\0hello"),
        ("xz", b"\xfd7zXZ\0\0\x04"),
        ("bzip2", b"BZh91AY&SY\x3e\x13\x06\xc0\0\0\x0a"),
        ("SQLite", b"SQLite format 3\0\x10\0"),
        ("a binary property list", b"bplist00\xd1\x01\x02"),
        ("UTF-16 without a mark", b"v\0a\0l\0u\0e\0"),
        ("what begins as a text", &late),
    ] {
        // Short and long, plain and compressed.
        for source in [start.to_vec(), [start, &[0xa5; 5000]].concat(), gzip(start)] {
            for size in [1, 100, 10_000] {
                let unreadable = read(&source, size).expect_err(what);
                assert!(unreadable.message.contains("neither a text"), "{what}: {}", unreadable.message);
            }
        }
    }
}

#[test]
fn a_text_may_have_any_letters_and_white_space() {
    for text in [
        &b"value,device_name\n1,caf\xe9\n"[..],
        b"value,device_name\r\n1,Ali\x92s \x96 \x80\r\n",
        b"\xef\xbb\xbfvalue\tdevice_name\n1\tbpm \xe2\x99\xa5\n\x0c\n",
        b"\x0c\n value",
        b"%PDF",
    ] {
        for source in [text.to_vec(), gzip(text)] {
            for size in [1, 100] {
                assert!(read(&source, size).is_ok(), "{text:?}");
            }
        }
    }
}
