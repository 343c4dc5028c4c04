//! What reading costs: time in proportion to a source's length, and memory that does not grow with it.

use crate::counting_allocator::most_bytes;
use crate::scan_count::SCANNED;
use crate::test_support::{decompress, gzip, pieces, zip};
use crate::{DataType, Format, Numbers, SampleReader};
use std::fmt::Write;

const JSON: Option<Format> = Some(Format::Json);
const NDJSON: Option<Format> = Some(Format::Ndjson);
const CSV: Option<Format> = Some(Format::Csv);
const XML: Option<Format> = Some(Format::AppleHealth);

/// Name, format, start, and the part that is repeated after it.
type Case = (&'static str, Option<Format>, &'static str, &'static str);

/// Sources that might cost more than their length, or once did.
const CASES: &[Case] = &[
    ("blanks", None, "", " "),
    ("line feeds", None, "", "\n"),
    ("returns after a byte order mark", None, "\u{feff}", "\r"),
    ("form feeds", None, "", "\x0c"),
    ("an object of blanks", None, "{", " "),
    ("an object of line feeds", None, "{", "\n"),
    ("a key of blanks", None, "{\"", " "),
    ("an object of returns after blanks", None, "   {", "\t\r"),
    ("a tag without an end", None, "<", "<"),
    ("a text of an element", None, "<HealthData>", "x"),
    ("an attribute", None, "<HealthData><Record type=\"", "x"),
    ("a value", None, "<HealthData><Record type=\"HKQuantityTypeIdentifierStepCount\" value=\"", "1"),
    ("a comment", None, "<!--", "-"),
    ("instructions", None, "<?", "?"),
    ("a document type", None, "<!DOCTYPE HealthData ", "x"),
    ("a document type of entities", None, "<!DOCTYPE HealthData [", "<!ENTITY a \"<\">"),
    ("an entity", None, "<!DOCTYPE HealthData [<!ENTITY a \"", "<a>"),
    ("brackets in a document type", None, "<!DOCTYPE HealthData ", "["),
    ("blanks in an export", XML, "<HealthData>", "\n"),
    ("a tag of a name", XML, "<HealthData><Record ", "x"),
    ("a tag of attributes", XML, "<HealthData><Record ", "a=\"1\" "),
    ("a comment in an export", XML, "<HealthData><!--", "--"),
    ("an entity without an end", XML, "<!DOCTYPE HealthData [<!ENTITY a \"", "]> <HealthDat"),
    ("a document type of beginnings", XML, "<!DOCTYPE HealthData [", "<!"),
    ("nothing but beginnings", XML, "<HealthData>", "<R"),
    ("ends of nothing", XML, "<HealthData>", "</HealthDat"),
    ("a line without an end", NDJSON, "{\"a\":\"", "x"),
    ("a line of blanks", NDJSON, "", " "),
    ("lines of nothing", NDJSON, "", "\r"),
    ("lines of blanks", NDJSON, "", "    \n"),
    ("a text of escapes", NDJSON, "{\"a\":\"", "\\n"),
    ("lines of another shape", NDJSON, "", "{\"a\":1}\n"),
    ("lines of empty objects", NDJSON, "", "{}\n"),
    ("lines that are no JSON", NDJSON, "", "x\n"),
    ("a member's text", JSON, "{\"a\":\"", "x"),
    ("a member without an end", JSON, "{\"a\":[", "1,"),
    ("a name", JSON, "{\"", "x"),
    ("a number", JSON, "[{\"value\":", "1"),
    ("many fields", JSON, "[{", "\"value\":1,"),
    ("a text where a sample should be", JSON, "[\"", "x"),
    ("blanks in a sample", JSON, "[{", " "),
    ("blanks after a sample", JSON, "[{}", " "),
    ("blanks after a broken sample", JSON, "[{\"value\":x}", " "),
    ("line feeds after a broken sample's comma", JSON, "[{\"value\":x},", "\n"),
    ("a broken sample", JSON, "[{\"value\":x", "x"),
    ("a broken sample of members", JSON, "[{\"value\":x", "}, \"a\":1"),
    ("broken objects", JSON, "[", "{\"a\":x},"),
    ("broken objects with blanks", JSON, "[", "{\"a\":x}        \n"),
    ("objects of another shape", JSON, "[{\"a\":1}", ",{\"a\":1}"),
    ("objects of arrays", JSON, "[", "{\"a\":[1,2]},"),
    ("empty objects", JSON, "[{}", ",{}"),
    ("numbers where samples should be", JSON, "[1", ",1"),
    ("nothing between commas", JSON, "[", ","),
    ("brackets", JSON, "", "["),
    ("braces", JSON, "", "{\"a\":"),
    ("a header", CSV, "value", "x"),
    ("a header of columns", CSV, "value", ",x"),
    ("a header in quotes", CSV, "\"", "\"\""),
    ("a cell", CSV, "value,unit\n", "x"),
    ("a cell in quotes", CSV, "value,unit\n\"", "x"),
    ("a cell of line feeds", CSV, "value,unit\n\"", "\n"),
    ("quotes in quotes", CSV, "value,unit\n\"", "\"\""),
    ("cells", CSV, "value,unit\n", ","),
    ("rows of one cell", CSV, "value,unit\n", "x\n"),
    ("open quotes in every line", CSV, "value,unit\n", "\"a\n"),
    ("broken cells", CSV, "value,unit\n", "\"a\"b\n"),
    ("returns", CSV, "value,unit\n", "\r"),
];

/// A source of about this length.
fn source((_, _, start, part): &Case, length: usize) -> Vec<u8> {
    [start, &*part.repeat(length / part.len())].concat().into_bytes()
}

/// An export of which a quarter is a name, and the rest short records.
fn long_name_and_short_records(length: usize) -> Vec<u8> {
    let record = |name: &str| {
        format!(
            "<Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"{name}\" unit=\"count\" startDate=\"2023-11-01 08:04:51 +0400\" endDate=\"2023-11-01 08:04:58 +0400\" value=\"1\"/>"
        )
    };
    let (long, short) = (record(&"x".repeat(length / 4)), record("a"));
    ["<HealthData>", &long.repeat(2), &short.repeat(length / 2 / short.len())].concat().into_bytes()
}

/// Makes sure that 16 times the text takes at most 20 times the work, and no more than `most`. Only a cell of line feeds
/// takes a little more, 20.3 times.
fn check_work(name: &str, format: Option<Format>, [small, large]: [&[u8]; 2], size: usize, most: usize) {
    let work = |source: &[u8]| {
        SCANNED.set(0);
        let _ = decompress(format, pieces(source, &[size]), |_| ());
        SCANNED.get()
    };
    let (less, more) = (work(small), work(large));
    let times = if name == "a cell of line feeds" { 21 } else { 20 };
    assert!(more <= less * times && more < most, "{name}, in pieces of {size}: {less}, and then {more}");
}

#[test]
fn work_grows_in_proportion_to_length_however_a_source_is_cut() {
    let check = |name: &str, format, text: &dyn Fn(usize) -> Vec<u8>| {
        let (small, large) = (text(40_000), text(640_000));
        for size in [50, 4096, usize::MAX] {
            check_work(name, format, [&small, &large], size, 100 * large.len());
        }
    };
    CASES.iter().for_each(|case| check(case.0, case.1, &|length| source(case, length)));
    check("a long name and short records", XML, &long_name_and_short_records);
}

#[test]
fn work_on_compressed_sources_grows_in_proportion_to_their_text() {
    for case @ (name, ..) in
        [("blanks", None, "", " "), ("a comment", None, "<!--", "-"), ("marks", None, "", "<?a?>")]
    {
        let (small, large) = (source(&case, 1_000_000), source(&case, 16_000_000));
        let zip = |text: &Vec<u8>| zip(&[("a.xml", text)], ::zip::CompressionMethod::Deflated);
        for [small, large] in [[gzip(&small), gzip(&large)], [zip(&small), zip(&large)]] {
            for size in [10, 100_000] {
                check_work(name, None, [&small, &large], size, 320_000_000);
            }
        }
    }
}

#[test]
fn parts_without_an_end_are_not_kept_in_memory() {
    const LENGTH: usize = 24 << 20;
    // Mostly for rejections, since all those of a piece are taken together.
    const MOST: isize = 40 << 20;
    let too_much = |format, source: &[u8], size| {
        let read =
            || drop(decompress(format, pieces(source, &[size]), |reader| drop(reader.take_rejections())));
        most_bytes(read) > MOST
    };
    let mut failed = Vec::new();
    for case @ (name, format, ..) in CASES {
        let text = source(case, LENGTH);
        if too_much(*format, &text, 1 << 20) {
            failed.push((name, "plain"));
        }
        // Compressed, it is a file of some kilobytes.
        if (format.is_none() || name.contains("commas")) && too_much(*format, &gzip(text), 1 << 16) {
            failed.push((name, "compressed"));
        }
    }
    assert_eq!(failed, []);
}

#[test]
fn a_sample_takes_at_most_48_bytes() {
    const COUNT: u64 = 300_000;
    // While samples are read, sorted, and freed of duplicates. `second` gives the second of each start.
    let check = |name: &str, most: isize, end: &str, second: fn(u64) -> u64| {
        let used = most_bytes(|| {
            let mut reader = SampleReader::new(DataType::Steps, NDJSON, Numbers::native());
            let mut chunk = String::with_capacity(1 << 12);
            for second in (0..COUNT).map(second) {
                let (day, hour, minute) = (second / 86_400 + 1, second / 3600 % 24, second / 60 % 60);
                let start = format_args!("2020-01-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60);
                writeln!(chunk, "{{\"device_name\":\"a\",\"start_date\":\"{start}\",\"end_date\":\"{end}T00:00:00Z\",\"value\":1,\"unit\":\"count\"}}").unwrap();
                if chunk.len() > 3800 {
                    reader.feed(chunk.as_bytes());
                    chunk.clear();
                }
            }
            reader.feed(chunk.as_bytes());
            reader.finish();
            let mut rows = reader.into_rows();
            assert_eq!(rows.len() as u64, COUNT);
            rows.order();
            rows.drop_duplicates();
        });
        assert!(used / COUNT as isize <= most, "{name}: {used}");
    };
    let (near, distant) = ("2020-02-01", "2120-01-01");
    check("in order", 33, near, |index| index * 5);
    check("three runs", 41, near, |index| index % (COUNT / 3) * 15);
    check("shuffled", 41, near, |index| index * 7919 % COUNT * 8);
    check("backwards", 41, near, |index| (COUNT - index) * 8);
    check("at two instants", 48, near, |index| index % 2);
    check("ends that are not stored in the rows", 41, distant, |index| index * 5);
}
