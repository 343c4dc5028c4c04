//! Packed sources, read down to their samples: whole ones, and such with a bit flipped, cut off, or with something behind them.

mod support;

use flate2::Compression;
use flate2::write::GzEncoder;
use humansync_samples::{DataType, Intake, Numbers, Unfit, Unpack};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use support::{Outcome, SAMPLE, cases, spelled};

/// What becomes of a source that comes in pieces of that size.
fn read(bytes: &[u8], size: usize) -> Result<Outcome, Unfit> {
    let mut intake = Intake::new(DataType::Steps, None, Numbers::native());
    let mut unpack = Unpack::new(None);
    for mut piece in bytes.chunks(size) {
        while !piece.is_empty() {
            let taken = unpack.take(piece, &mut intake)?;
            assert!(taken > 0);
            piece = &piece[taken..];
        }
    }
    unpack.finish(&mut intake)?;
    intake.finish();
    let rejections = intake.take_rejections();
    Ok(Outcome { held: spelled(intake.rows()), rejections })
}

/// A text in each format, with samples and something that is none.
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

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// As a program writes it that can go back in its file.
fn zip(entries: &[(&str, &str)], method: zip::CompressionMethod) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut writer = zip::ZipWriter::new(Cursor::new(&mut archive));
    for (name, text) in entries {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
    archive
}

/// Every kind of packed source, and what it comes to.
fn sources() -> Vec<(Vec<u8>, Outcome)> {
    let mut sources: Vec<Vec<u8>> = texts().iter().map(|text| gzip(text)).collect();
    let lines = &texts()[0];
    let (head, tail) = lines.split_at(lines.len() / 3);
    sources.push([gzip(head), gzip(tail)].concat());
    let export = export();
    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        sources.push(zip(
            &[("a/other.xml", "<Other/>"), ("a/export.xml", &export), ("a/route.gpx", "<gpx/>")],
            method,
        ));
    }
    sources.push(include_bytes!("../src/zip/archives/zip-to-pipe.zip").to_vec());
    sources.push(include_bytes!("../src/zip/archives/python-to-pipe.zip").to_vec());
    sources
        .into_iter()
        .map(|source| {
            let outcome = read(&source, 1000).unwrap();
            assert!(!outcome.held.is_empty());
            (source, outcome)
        })
        .collect()
}

#[test]
fn what_was_packed_is_read_as_it_is() {
    for text in texts() {
        let plain = read(text.as_bytes(), 77).unwrap();
        assert!(plain.held.len() >= 49);
        for size in [1, 100, 1 << 20] {
            assert_eq!(read(&gzip(&text), size).as_ref(), Ok(&plain));
        }
    }
}

#[test]
fn what_is_cut_off_is_told_so_and_gives_nothing() {
    for (source, _) in sources() {
        for cut in (source.len() / 2..source.len()).step_by(7).chain([source.len() - 1]) {
            // The comment of an archive is of no interest.
            if let Err(unfit) = read(&source[..cut], 500) {
                assert!(unfit.message.contains("cut off"), "{}", unfit.message);
            } else {
                panic!("{cut} of {} bytes were read", source.len());
            }
        }
    }
}

#[test]
fn nothing_of_an_archive_whose_export_is_damaged_is_taken_for_an_archive_without_one() {
    let (source, _) = sources().swap_remove(6);
    for place in 0..source.len() {
        let mut damaged = source.clone();
        damaged[place] ^= 0x10;
        if let Err(unfit) = read(&damaged, 1000) {
            assert!(!unfit.message.contains("without"), "{place}: {}", unfit.message);
        }
    }
}

proptest! {
    #![proptest_config(cases(12_000))]
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
fn what_is_no_text_is_told_so() {
    for (bytes, message) in [
        (&b"\x89PNG\r\n\x1a\n"[..], ""),
        (b"\0", "neither a text"),
        (b"SQL\x01", "neither a text"),
        (b"\xff\xfe[\0]\0", "UTF-16"),
        (b"\xfe\xff\0[", "UTF-16"),
        (b"\x50\x4b\x13\x04", "neither a text"),
        (b"\x1f\xcb\x08\0", "neither a text"),
        (b"\x1f\x8b", "gzip file that is cut off"),
        (b"PK\x03\x04", "zip archive that is cut off"),
    ] {
        for size in [1, 100] {
            let read = read(bytes, size);
            assert_eq!(read.is_err(), !message.is_empty());
            if let Err(unfit) = read {
                assert!(unfit.message.contains(message), "{bytes:?}: {}", unfit.message);
            }
        }
    }
}
