//! Sources with something without end in them take no more memory the longer they are, in whatever form they come.

use std::io::Write;

use humansync_ingest::{DataType, Decompressor, Format, Numbers, SampleReader};

#[path = "support/counting_allocator.rs"]
mod counting_allocator;

/// A start, and what is repeated behind it.
type Endless = (&'static str, Option<Format>, &'static [u8], &'static [u8]);

const ENDLESS: &[Endless] = &[
    ("blanks", None, b"", b" "),
    ("line feeds", None, b"", b"\n"),
    ("returns behind a byte order mark", None, b"\xef\xbb\xbf", b"\r"),
    ("form feeds", None, b"", b"\x0c"),
    ("an object of blanks", None, b"{", b" "),
    ("an object of line feeds", None, b"{", b"\n"),
    ("a key of blanks", None, b"{\"", b" "),
    ("an object of returns behind blanks", None, b"   {", b"\t\r"),
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
    ("blanks behind a sample", Some(Format::Json), b"[{}", b" "),
    ("blanks behind a broken sample", Some(Format::Json), b"[{\"value\":x}", b" "),
    ("blanks behind a broken sample's comma", Some(Format::Json), b"[{\"value\":x},", b"\n"),
    ("a broken sample", Some(Format::Json), b"[{\"value\":x", b"x"),
    ("a broken sample of members", Some(Format::Json), b"[{\"value\":x", b"}, \"a\":1"),
    ("brackets", Some(Format::Json), b"", b"["),
    ("braces", Some(Format::Json), b"", b"{\"a\":"),
    ("objects of another shape", Some(Format::Json), b"[{\"a\":1}", b",{\"a\":1}"),
    ("lines of another shape", Some(Format::Ndjson), b"", b"{\"a\":1}\n"),
    ("empty objects", Some(Format::Json), b"[{}", b",{}"),
    ("lines of empty objects", Some(Format::Ndjson), b"", b"{}\n"),
    ("what is no sample", Some(Format::Json), b"[1", b",1"),
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

/// Pieces of a source of so many bytes.
fn pieces((_, _, start, part): &Endless, length: usize) -> impl Iterator<Item = Vec<u8>> {
    const PIECE: usize = 1 << 20;
    let piece = part.repeat(PIECE / part.len());
    let more = (0..length / PIECE).map(move |_| piece.clone());
    std::iter::once(start.to_vec()).chain(more)
}

/// Reads pieces, and what they say is told in turn, as programs do.
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
fn what_has_no_end_is_not_kept() {
    const LENGTH: usize = 24 << 20;
    // Most of it are rejections, of which all in a part are told together.
    const MOST: usize = 40 << 20;
    let mut kept = Vec::new();
    for endless in ENDLESS {
        let (what, format, ..) = *endless;
        let plain = counting_allocator::most_bytes(|| read(format, pieces(endless, LENGTH)));
        if plain > MOST {
            kept.push((what, plain));
        }
        // As a file of some kilobytes.
        if format.is_none() || what.contains("commas") {
            let file = gzip(pieces(endless, LENGTH));
            let packed =
                counting_allocator::most_bytes(|| read(format, file.chunks(1 << 16).map(<[u8]>::to_vec)));
            if packed > MOST {
                kept.push((what, packed));
            }
        }
    }
    assert_eq!(kept, []);
}
