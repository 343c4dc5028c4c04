//! However long a source is, and whatever part of it never ends, reading it takes no more memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::unreachable
)]

use std::io::Write;

use humansync_ingest::{DataType, Decompressor, Format, Numbers, SampleReader};

#[path = "support/counting_allocator.rs"]
mod counting_allocator;

/// Name, format, start, and the part that is repeated after it.
type Case = (&'static str, Option<Format>, &'static [u8], &'static [u8]);

const CASES: &[Case] = &[
    ("blanks", None, b"", b" "),
    ("line feeds", None, b"", b"\n"),
    ("returns after a byte order mark", None, b"\xef\xbb\xbf", b"\r"),
    ("form feeds", None, b"", b"\x0c"),
    ("an object of blanks", None, b"{", b" "),
    ("an object of line feeds", None, b"{", b"\n"),
    ("a key of blanks", None, b"{\"", b" "),
    ("an object of returns after blanks", None, b"   {", b"\t\r"),
    ("a tag without an end", None, b"<", b"<"),
    ("a text of an element", None, b"<HealthData>", b"x"),
    ("an attribute", None, b"<HealthData><Record type=\"", b"x"),
    (
        "an attribute of the type",
        None,
        b"<HealthData><Record type=\"HKQuantityTypeIdentifierStepCount\" value=\"",
        b"1",
    ),
    ("a comment", None, b"<!--", b"-"),
    ("instructions", None, b"<?", b"?"),
    ("a document type", None, b"<!DOCTYPE HealthData ", b"x"),
    ("a document type of entities", None, b"<!DOCTYPE HealthData [", b"<!ENTITY a \"<\">"),
    ("an entity", None, b"<!DOCTYPE HealthData [<!ENTITY a \"", b"<a>"),
    ("brackets in a document type", None, b"<!DOCTYPE HealthData ", b"["),
    ("a line", Some(Format::Ndjson), b"{\"a\":\"", b"x"),
    ("a line of blanks", Some(Format::Ndjson), b"", b" "),
    ("a value", Some(Format::Json), b"{\"a\":\"", b"x"),
    ("a name", Some(Format::Json), b"{\"", b"x"),
    ("a value of a sample", Some(Format::Json), b"[{\"value\":", b"1"),
    ("a text where a sample should be", Some(Format::Json), b"[\"", b"x"),
    ("blanks in a sample", Some(Format::Json), b"[{", b" "),
    ("blanks after a sample", Some(Format::Json), b"[{}", b" "),
    ("blanks after a broken sample", Some(Format::Json), b"[{\"value\":x}", b" "),
    ("blanks after a broken sample's comma", Some(Format::Json), b"[{\"value\":x},", b"\n"),
    ("a broken sample", Some(Format::Json), b"[{\"value\":x", b"x"),
    ("a broken sample of members", Some(Format::Json), b"[{\"value\":x", b"}, \"a\":1"),
    ("brackets", Some(Format::Json), b"", b"["),
    ("braces", Some(Format::Json), b"", b"{\"a\":"),
    ("objects of another shape", Some(Format::Json), b"[{\"a\":1}", b",{\"a\":1}"),
    ("lines of another shape", Some(Format::Ndjson), b"", b"{\"a\":1}\n"),
    ("empty objects", Some(Format::Json), b"[{}", b",{}"),
    ("lines of empty objects", Some(Format::Ndjson), b"", b"{}\n"),
    ("name is no sample", Some(Format::Json), b"[1", b",1"),
    ("nothing between commas", Some(Format::Json), b"[", b","),
    ("lines that are no JSON", Some(Format::Ndjson), b"", b"x\n"),
    ("a header", Some(Format::Csv), b"value", b"x"),
    ("a header of columns", Some(Format::Csv), b"value", b",x"),
    ("a header in quotes", Some(Format::Csv), b"\"", b"\"\""),
    ("a cell", Some(Format::Csv), b"value,unit\n", b"x"),
    ("a cell in quotes", Some(Format::Csv), b"value,unit\n\"", b"\n"),
    ("cells", Some(Format::Csv), b"value,unit\n", b","),
    ("rows of one cell", Some(Format::Csv), b"value,unit\n", b"x\n"),
];

/// A source of `length` bytes, in pieces.
fn pieces((_, _, start, part): &Case, length: usize) -> impl Iterator<Item = Vec<u8>> {
    const PIECE: usize = 1 << 20;
    let piece = part.repeat(PIECE / part.len());
    let more = (0..length / PIECE).map(move |_| piece.clone());
    std::iter::once(start.to_vec()).chain(more)
}

/// Reads the pieces, and takes the rejections after each, as a program does.
fn read(format: Option<Format>, pieces: impl Iterator<Item = Vec<u8>>) {
    let mut reader = SampleReader::new(DataType::Steps, format, Numbers::native());
    let mut decompressor = Decompressor::new(format);
    for piece in pieces {
        let mut rest = &*piece;
        while !rest.is_empty() {
            let Ok(taken) = decompressor.take(rest, &mut reader) else { return };
            rest = &rest[taken..];
            reader.take_rejections();
        }
    }
    let _ = decompressor.finish(&mut reader);
    reader.finish();
}

fn gzip(pieces: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    pieces.for_each(|piece| encoder.write_all(&piece).unwrap());
    encoder.finish().unwrap()
}

#[test]
fn parts_without_an_end_are_not_kept_in_memory() {
    const LENGTH: usize = 24 << 20;
    // Mostly for rejections, since all those of a piece are taken together.
    const MOST: usize = 40 << 20;
    let mut too_much = Vec::new();
    for case in CASES {
        let (name, format, ..) = *case;
        let plain = counting_allocator::most_bytes(|| read(format, pieces(case, LENGTH)));
        if plain > MOST {
            too_much.push((name, plain));
        }
        // Compressed, it is a file of some kilobytes.
        if format.is_none() || name.contains("commas") {
            let file = gzip(pieces(case, LENGTH));
            let compressed =
                counting_allocator::most_bytes(|| read(format, file.chunks(1 << 16).map(<[u8]>::to_vec)));
            if compressed > MOST {
                too_much.push((name, compressed));
            }
        }
    }
    assert_eq!(too_much, []);
}
