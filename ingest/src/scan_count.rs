//! Counts the bytes that readers look at, in tests only: a measure of work that does not depend on the machine.

#[cfg(test)]
thread_local!(static SCANNED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });

/// Counts bytes that were looked at.
#[inline(always)]
pub(crate) fn add(_bytes: usize) {
    #[cfg(test)]
    SCANNED.set(SCANNED.get() + _bytes as u64);
}

/// Counts the bytes of a search, up to the one that was found.
#[inline(always)]
pub(crate) fn add_until(bytes: &[u8], at: Option<usize>) -> Option<usize> {
    add(at.unwrap_or(bytes.len()).saturating_add(1));
    at
}

#[cfg(test)]
mod tests {
    use super::SCANNED;
    use crate::{DataType, Decompressor, Format, Numbers, SampleReader};
    use std::io::Write;

    /// How many bytes are looked at to read a source in pieces of this size.
    fn scanned(format: Option<Format>, bytes: &[u8], size: usize) -> u64 {
        SCANNED.set(0);
        let mut reader = SampleReader::new(DataType::Steps, format, Numbers::native());
        let mut decompressor = Decompressor::new(format);
        for mut piece in bytes.chunks(size) {
            while !piece.is_empty() {
                let taken = decompressor.take(piece, &mut reader).unwrap_or(piece.len());
                piece = &piece[taken..];
            }
        }
        let _ = decompressor.finish(&mut reader);
        reader.finish();
        SCANNED.get()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zip(bytes: &[u8]) -> Vec<u8> {
        let mut archive = Vec::new();
        let mut writer = ::zip::ZipWriter::new(std::io::Cursor::new(&mut archive));
        writer.start_file("a.xml", ::zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap();
        archive
    }

    type Text = fn(usize) -> Vec<u8>;

    fn repeated(start: &str, part: &str, size: usize) -> Vec<u8> {
        [start, &*part.repeat(size / part.len())].concat().into_bytes()
    }

    /// Texts of about a given size that might cost more time than their length, or once did.
    const TEXTS: &[(&str, Option<Format>, Text)] = &[
        ("blanks", None, |size| repeated("", " ", size)),
        ("blanks in an export", Some(Format::AppleHealth), |size| repeated("<HealthData>", "\n", size)),
        ("a tag without an end", Some(Format::AppleHealth), |size| {
            repeated("<HealthData><Record ", "x", size)
        }),
        ("a tag of attributes", Some(Format::AppleHealth), |size| {
            repeated("<HealthData><Record ", "a=\"1\" ", size)
        }),
        ("a comment without an end", Some(Format::AppleHealth), |size| {
            repeated("<HealthData><!--", "--", size)
        }),
        ("entities", Some(Format::AppleHealth), |size| {
            repeated("<!DOCTYPE HealthData [", "<!ENTITY a \"<\">", size)
        }),
        ("an entity without an end", Some(Format::AppleHealth), |size| {
            repeated("<!DOCTYPE HealthData [<!ENTITY a \"", "]> <HealthDat", size)
        }),
        ("a document type of beginnings", Some(Format::AppleHealth), |size| {
            repeated("<!DOCTYPE HealthData [", "<!", size)
        }),
        ("nothing but beginnings", Some(Format::AppleHealth), |size| repeated("<HealthData>", "<R", size)),
        ("ends of nothing", Some(Format::AppleHealth), |size| repeated("<HealthData>", "</HealthDat", size)),
        ("a long name and short records", Some(Format::AppleHealth), |size| {
            let record = |name: &str| {
                format!(
                    "<Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"{name}\" unit=\"count\" startDate=\"2023-11-01 08:04:51 +0400\" endDate=\"2023-11-01 08:04:58 +0400\" value=\"1\"/>"
                )
            };
            let long = record(&"x".repeat(size / 4));
            repeated(&format!("<HealthData>{}", long.repeat(2)), &record("a"), size / 2)
        }),
        ("a line without an end", Some(Format::Ndjson), |size| repeated("{\"a\":\"", "x", size)),
        ("lines of nothing", Some(Format::Ndjson), |size| repeated("", "\r", size)),
        ("lines of blanks", Some(Format::Ndjson), |size| repeated("", "    \n", size)),
        ("a text of escapes", Some(Format::Ndjson), |size| repeated("{\"a\":\"", "\\n", size)),
        ("brackets", Some(Format::Json), |size| repeated("", "[", size)),
        ("a member without an end", Some(Format::Json), |size| repeated("{\"a\":[", "1,", size)),
        ("blanks before a comma", Some(Format::Json), |size| repeated("[{\"value\":x}", " ", size)),
        ("nothing between commas", Some(Format::Json), |size| repeated("[", ",", size)),
        ("broken objects", Some(Format::Json), |size| repeated("[", "{\"a\":x},", size)),
        ("broken objects with blanks", Some(Format::Json), |size| repeated("[", "{\"a\":x}        \n", size)),
        ("objects of another shape", Some(Format::Json), |size| repeated("[", "{\"a\":[1,2]},", size)),
        ("many fields", Some(Format::Json), |size| repeated("[{", "\"value\":1,", size)),
        ("a number", Some(Format::Json), |size| repeated("[{\"value\":", "1", size)),
        ("an open quote", Some(Format::Csv), |size| repeated("value,unit\n\"", "x", size)),
        ("quotes in quotes", Some(Format::Csv), |size| repeated("value,unit\n\"", "\"\"", size)),
        ("delimiters", Some(Format::Csv), |size| repeated("value,unit\n", ",", size)),
        ("a header of many columns", Some(Format::Csv), |size| repeated("value", ",a", size)),
        ("open quotes in every line", Some(Format::Csv), |size| repeated("value,unit\n", "\"a\n", size)),
        ("broken cells", Some(Format::Csv), |size| repeated("value,unit\n", "\"a\"b\n", size)),
        ("returns", Some(Format::Csv), |size| repeated("value,unit\n", "\r", size)),
    ];

    #[test]
    fn work_grows_in_proportion_to_length_however_a_source_is_cut() {
        for (what, format, text) in TEXTS {
            let (small, large) = (text(40_000), text(640_000));
            for size in [50, 4096, usize::MAX] {
                let (less, more) = (scanned(*format, &small, size), scanned(*format, &large, size));
                assert!(more <= less * 20, "{what}, in pieces of {size}: {less}, and then {more}");
                assert!(more < 100 * large.len() as u64, "{what}, in pieces of {size}: {more}");
            }
        }
    }

    #[test]
    fn work_on_compressed_sources_grows_in_proportion_to_their_text() {
        let blanks: Text = |size| vec![b' '; size];
        let comment: Text = |size| repeated("<!--", "-", size);
        let instructions: Text = |size| repeated("", "<?a?>", size);
        for text in [blanks, comment, instructions] {
            let (small, large) = (text(1_000_000), text(16_000_000));
            for pack in [gzip, zip] {
                for size in [10, 100_000] {
                    let (less, more) =
                        (scanned(None, &pack(&small), size), scanned(None, &pack(&large), size));
                    assert!(more <= less * 20, "{size}: {less}, and then {more}");
                    assert!(more < 20 * large.len() as u64, "{size}: {more}");
                }
            }
        }
    }
}
