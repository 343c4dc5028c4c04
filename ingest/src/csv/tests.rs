//! Tables as programs write them, and damaged ones.

use crate::{DataType, Format, Numbers, Rejection, SampleReader};
use proptest::prelude::*;

/// A sample as it would be sent: device, version, start, end, unit, value.
type Row = (String, Option<String>, String, Option<String>, &'static str, f64);

const NUMBERS: Numbers =
    Numbers { parse: |text| text.parse().unwrap_or(f64::NAN), print: |number| number.to_string() };

/// What is read of a text that is fed in pieces of those sizes, in turn.
fn read_in(text: &[u8], sizes: &[usize]) -> (Vec<Row>, Vec<Rejection>) {
    let mut reader = SampleReader::new(DataType::Steps, Some(Format::Csv), NUMBERS);
    let mut rest = text;
    for size in sizes.iter().cycle() {
        let (piece, more) = rest.split_at(rest.len().min(*size));
        reader.feed(piece);
        rest = more;
        if rest.is_empty() {
            break;
        }
    }
    reader.finish();
    let rejections = reader.take_rejections();
    assert_eq!(reader.sample_count(), (reader.rows().len() + rejections.len()) as u64);
    let rows = reader.rows();
    let series = rows.series();
    let row = |row: crate::Row| {
        (
            series.device_name(series.device(row.series())).to_owned(),
            series.device_version(row.series()).map(str::to_owned),
            row.start().to_text(),
            row.end().map(crate::Moment::to_text),
            series.unit(row.series()).name(),
            row.value(),
        )
    };
    (rows.iter().map(row).collect(), rejections)
}

fn read(text: &str) -> (Vec<Row>, Vec<Rejection>) {
    let whole = read_in(text.as_bytes(), &[usize::MAX]);
    for size in [1, 2, 7, 64] {
        assert_eq!(read_in(text.as_bytes(), &[size]), whole, "in pieces of {size}");
    }
    whole
}

/// Index, line, path and code.
fn reasons(rejections: &[Rejection]) -> Vec<(u64, Option<u64>, &str, &str)> {
    rejections.iter().map(|found| (found.index, found.line, &*found.path, found.code.name())).collect()
}

const START: &str = "2023-11-01T08:04:51.000+04:00";
const END: &str = "2023-11-01T08:04:58.000+04:00";
const HEADER: &str = "device_name,device_version,start_date,end_date,value,unit\n";

fn steps(value: f64) -> Row {
    ("iPhone".into(), Some("17.0.3".into()), START.into(), Some(END.into()), "count", value)
}

fn row(value: &str) -> String {
    format!("iPhone,17.0.3,{START},{END},{value},count\n")
}

#[test]
fn rows_are_read() {
    let (rows, rejections) = read(&[HEADER, &row("14"), &row("0.5"), &row("1e3"), &row("30000")].concat());
    assert_eq!(rows, [steps(14.0), steps(0.5), steps(1000.0), steps(30000.0)]);
    assert_eq!(rejections, []);
}

#[test]
fn columns_may_be_in_any_order_and_between_any_delimiters() {
    for delimiter in [",", ";", "\t"] {
        for line_break in ["\n", "\r\n", "\r"] {
            for mark in ["", "\u{feff}"] {
                let header = ["value", "unit", "end_date", "start_date", "device_version", "device_name"]
                    .join(delimiter);
                let row = ["14", "count", END, START, "17.0.3", "iPhone"].join(delimiter);
                let text = [mark, &header, line_break, &row, line_break, &row].concat();
                assert_eq!(read(&text), (vec![steps(14.0), steps(14.0)], vec![]), "{text:?}");
            }
        }
    }
}

#[test]
fn the_delimiter_is_the_one_that_gives_the_most_fields() {
    // A comma in quotes, and a column whose name has one.
    let text = format!("\"a,value\";value;unit;start_date;device_name\n;14;count;{START};\"a,b;c\"\n");
    let (rows, rejections) = read(&text);
    assert_eq!(rejections, []);
    assert_eq!(rows, [("a,b;c".to_owned(), None, START.to_owned(), None, "count", 14.0)]);
}

#[test]
fn cells_may_be_in_quotes() {
    let text = format!(
        "\"device_name\",\"device_version\",start_date,\"end_date\",value,unit\n\
         \"iPhone\",\"17.0.3\",\"{START}\",\"{END}\",\"14\",\"count\"\r\n\
         \"a \"\"b\"\", c\",\"1\n2\r\n3\",{START},\"\",14,count\n\
         a \"b\" c,\"\"\"\",{START},,14,count\n"
    );
    let (rows, rejections) = read(&text);
    assert_eq!(rejections, []);
    let other =
        |name: &str, version: &str| (name.into(), Some(version.into()), START.into(), None, "count", 14.0);
    assert_eq!(rows, [steps(14.0), other("a \"b\", c", "1\n2\r\n3"), other("a \"b\" c", "\"")]);
}

#[test]
fn empty_cells_and_missing_ones_are_absent() {
    let bare = ("iPhone".to_owned(), None, START.to_owned(), None, "count", 14.0);
    for text in [
        format!(
            "device_name,device_version,start_date,unit,value,end_date,note\niPhone,,{START},count,14,,\n"
        ),
        format!(
            "device_name,device_version,start_date,unit,value,end_date,note\niPhone,\"\",{START},count,14\n"
        ),
        format!("device_name,start_date,unit,value\niPhone,{START},count,14\n"),
        format!("device_name,start_date,unit,value,\niPhone,{START},count,14,\n"),
    ] {
        assert_eq!(read(&text), (vec![bare.clone()], vec![]), "{text}");
    }
}

#[test]
fn blank_lines_are_no_rows() {
    let text = ["\n\r\n", HEADER, "\n", &row("1"), "\r\n\n\r", &row("x"), "\n\n"].concat();
    let (rows, rejections) = read(&text);
    assert_eq!(rows, [steps(1.0)]);
    assert_eq!(reasons(&rejections), [(1, Some(9), "/value", "type")]);
}

#[test]
fn a_last_row_needs_no_line_break() {
    let text = [HEADER, &row("1"), row("2").trim_end()].concat();
    assert_eq!(read(&text), (vec![steps(1.0), steps(2.0)], vec![]));
    assert_eq!(read(&[&text, "\r"].concat()), (vec![steps(1.0), steps(2.0)], vec![]));
    for nothing in ["", "\n\n", HEADER, HEADER.trim_end()] {
        assert_eq!(read(nothing), (vec![], vec![]), "{nothing:?}");
    }
}

#[test]
fn a_row_that_breaks_a_rule_is_rejected_with_its_line() {
    let with = |from: &str, to: &str| row("14").replace(from, to);
    for (bad, path, code) in [
        (with("iPhone", ""), "/device_name", "missing"),
        (with(START, ""), "/start_date", "missing"),
        (with(START, "2023-11-01"), "/start_date", "timestamp"),
        (with(START, "1698811491000"), "/start_date", "timestamp"),
        (with(END, "2023-11-01T08:04:50+04:00"), "/end_date", "end-before-start"),
        (with("count", ""), "/unit", "missing"),
        (with("count", "Count"), "/unit", "unit"),
        (with("count", " count"), "/unit", "unit"),
        (with(",14", ","), "/value", "missing"),
        (with(",14", ",many"), "/value", "type"),
        (with(",14", ", 14"), "/value", "type"),
        (with(",14", ",+14"), "/value", "type"),
        (with(",14", ",014"), "/value", "type"),
        (with(",14", ",\"1,4\""), "/value", "type"),
        (with(",14", ",NaN"), "/value", "type"),
        (with(",14", ",0"), "/value", "not-positive"),
        (with(",14", ",30001"), "/value", "too-large"),
        (with("\n", ",,\n"), "", "syntax"),
        (with("\n", ",1\n"), "", "syntax"),
        ("iPhone\n".to_owned(), "/start_date", "missing"),
        (with("iPhone", "\"iPhone\"s"), "", "syntax"),
        (with("iPhone", "\"iPhone\" "), "", "syntax"),
        (with("iPhone", "\"iPhone\"\"\"s"), "", "syntax"),
    ] {
        let (rows, rejections) = read(&[HEADER, &row("1"), "\n", &bad, &row("2")].concat());
        assert_eq!(rows, [steps(1.0), steps(2.0)], "{bad}");
        assert_eq!(reasons(&rejections), [(1, Some(4), path, code)], "{bad}");
    }
}

#[test]
fn a_cell_of_an_unknown_column_is_rejected_if_it_holds_anything() {
    let header = "device_name,start_date,unit,value,note/1,steps~\n";
    let row = |rest: &str| format!("iPhone,{START},count,14,{rest}\n");
    let (rows, rejections) = read(&[header, &row(","), &row("a,b"), &row(",0"), &row("\"\",\"\"")].concat());
    assert_eq!(rows.len(), 2);
    assert_eq!(
        reasons(&rejections),
        [(1, Some(3), "/note~11", "unknown-field"), (2, Some(4), "/steps~0", "unknown-field")]
    );
}

#[test]
fn without_a_required_column_every_row_misses_it() {
    let (rows, rejections) =
        read(&format!("device_name,start_date,unit\niPhone,{START},count\niPhone,{START},count\n"));
    assert_eq!(rows, []);
    assert_eq!(reasons(&rejections), [(0, Some(2), "/value", "missing"), (1, Some(3), "/value", "missing")]);
}

#[test]
fn without_a_header_nothing_is_read() {
    for text in [
        row("14"),
        "Hello\nworld\n".to_owned(),
        "Device_Name,Value\na,1\n".to_owned(),
        "\"value\n".to_owned(),
        "\"value\"x\n".to_owned(),
    ] {
        let (rows, rejections) = read(&["\n", &*text, &row("2")].concat());
        assert_eq!(rows, []);
        assert_eq!(reasons(&rejections), [(0, Some(2), "", "syntax")], "{text}");
        assert!(rejections[0].message.contains("device_name,start_date"), "{text}");
    }
    let (rows, rejections) = read("device_name,value,start_date,unit,value\na,1,2,3,4\n");
    assert_eq!((rows, reasons(&rejections)), (vec![], vec![(0, Some(1), "", "syntax")]));
    assert!(rejections[0].message.contains("twice"));
}

#[test]
fn lines_within_quotes_are_counted() {
    let folded = row("14").replace("iPhone", "\"iPhone\n\r\n\"");
    let (rows, rejections) =
        read(&[HEADER, &folded, &row("x"), &folded.replace("14", "0"), &row("x")].concat());
    assert_eq!(rows.len(), 1);
    assert_eq!(
        reasons(&rejections),
        [
            (1, Some(5), "/value", "type"),
            (2, Some(6), "/value", "not-positive"),
            (3, Some(9), "/value", "type")
        ]
    );
}

#[test]
fn input_that_ends_within_quotes_is_rejected_once() {
    let folded = row("14").replace("iPhone", "\"i, \n,P\r\nhone\"");
    let whole = [HEADER, &row("1"), &folded].concat();
    let start = HEADER.len() + row("1").len();
    for cut in start + 1..start + "\"i, \n,P\r\nhone\"".len() {
        let (rows, rejections) = read(&whole[..cut]);
        assert_eq!(rows, [steps(1.0)], "{cut}");
        assert_eq!(reasons(&rejections), [(1, Some(3), "", "syntax")], "{cut}");
    }
}

#[test]
fn a_quote_that_is_not_closed_spoils_only_its_row() {
    let stray = row("14").replace("iPhone", "\"iPhone");
    // No quote follows to the end of the input, or one that cannot end a cell.
    let quoted = row("3").replace("iPhone", "\"iPhone\"");
    for rest in [[row("2"), row("3")].concat(), [row("2"), quoted].concat()] {
        let (rows, rejections) = read(&[HEADER, &row("1"), &stray, &rest].concat());
        assert_eq!(rows, [steps(1.0), steps(2.0), steps(3.0)], "{rest}");
        assert_eq!(reasons(&rejections), [(1, Some(3), "", "syntax")], "{rest}");
    }
}

#[test]
fn a_row_without_end_is_not_waited_for() {
    let long = "a".repeat(super::MAX_ROW_LENGTH);
    let many = row("2").repeat(super::MAX_ROW_LENGTH / row("2").len() + 10);
    let stray = row("14").replace("iPhone", "\"iPhone");
    let text = [HEADER, &row("1"), &long, "\n", &row("1"), &stray, &many, &row("x")].concat();
    let count = many.lines().count();
    for size in [5000, 100_000, usize::MAX] {
        let (rows, rejections) = read_in(text.as_bytes(), &[size]);
        assert_eq!(rows.len(), 2 + count, "{size}");
        let last = count as u64;
        assert_eq!(
            reasons(&rejections),
            [
                (1, Some(3), "", "syntax"),
                (3, Some(5), "", "syntax"),
                (4 + last, Some(6 + last), "/value", "type")
            ],
            "{size}"
        );
    }
}

#[test]
fn a_delimiter_may_end_every_row() {
    for (header, end) in [(HEADER, ","), (HEADER, ",\"\""), (HEADER, "")] {
        for line_break in ["\n", "\r\n", "\r"] {
            let with = |row: String, end: &str| [row.trim_end(), end, line_break].concat();
            let rows = [with(row("1"), end), with(row("2"), end)].concat();
            for header_end in ["", ","] {
                let header = with(header.to_owned(), header_end);
                let text = [&*header, &*rows].concat();
                for size in [1, 1000] {
                    let (found, rejections) = read_in(text.as_bytes(), &[size]);
                    assert_eq!(
                        (found, reasons(&rejections)),
                        (vec![steps(1.0), steps(2.0)], vec![]),
                        "{text}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_cell_that_is_not_utf_8_is_rejected() {
    let bytes = [HEADER.as_bytes(), b"i\xff,", &row("1").as_bytes()[7..], row("2").as_bytes()].concat();
    for size in [1, 1000] {
        let (rows, rejections) = read_in(&bytes, &[size]);
        assert_eq!(rows, [steps(2.0)]);
        assert_eq!(reasons(&rejections), [(0, Some(2), "", "syntax")]);
    }
}

/// A table with this header, written by another program.
fn write_by_another(
    rows: &[(String, Option<String>, &str, bool)],
    delimiter: u8,
    is_quoted: bool,
    ends_with_cr: bool,
) -> Vec<u8> {
    let style = if is_quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let terminator = if ends_with_cr { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(style)
        .terminator(terminator)
        .from_writer(Vec::new());
    writer
        .write_record(["unit", "value", "start_date", "device_version", "device_name", "end_date"])
        .unwrap();
    for (name, version, value, ends) in rows {
        let end = if *ends { END } else { "" };
        writer.write_record(["count", value, START, version.as_deref().unwrap_or(""), name, end]).unwrap();
    }
    writer.into_inner().unwrap()
}

proptest! {
    #[test]
    fn it_reads_what_another_library_writes(
        rows in prop::collection::vec(
            (
                "[a,;\t\"\n\r \u{e9}]{1,6}",
                prop::option::of("[1.,\"\n]{1,4}"),
                prop::sample::select(vec!["14", "0.5", "1e2", "29999.25"]),
                any::<bool>(),
            ),
            0..8,
        ),
        delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        is_quoted in any::<bool>(),
        ends_with_cr in any::<bool>(),
        sizes in prop::collection::vec(1_usize..60, 1..5),
    ) {
        let text = write_by_another(&rows, delimiter, is_quoted, ends_with_cr);
        let expected: Vec<Row> = rows
            .into_iter()
            .map(|(name, version, value, ends)| {
                (name, version, START.to_owned(), ends.then(|| END.to_owned()), "count", value.parse().unwrap())
            })
            .collect();
        prop_assert_eq!(read_in(&text, &sizes), (expected, vec![]));
    }

    #[test]
    fn cells_are_those_that_another_library_finds(text in "[ab,\"\n\r]{0,30}") {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let expected: Vec<Vec<Vec<u8>>> =
            reader.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect()).collect();
        let mut rows = Vec::new();
        let mut row = Vec::new();
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            // It skips blank lines, as the reader does, not the cells'.
            if row.is_empty() && let [b'\n' | b'\r', behind @ ..] = rest {
                rest = behind;
                continue;
            }
            // What the other takes against RFC 4180, this one does not.
            let Ok(cell) = super::cell::read(rest, b',', true) else { return Ok(()) };
            row.push(cell.value.into_owned());
            rest = cell.rest;
            match cell.end {
                super::cell::CellEnd::Delimiter if rest.is_empty() => row.push(Vec::new()),
                super::cell::CellEnd::Delimiter => continue,
                _ => {}
            }
            rows.push(std::mem::take(&mut row));
        }
        prop_assert_eq!(rows, expected);
    }

    #[test]
    fn where_it_is_cut_does_not_matter_for_any_text(
        header in prop::sample::select(vec![HEADER, "value;unit;start_date;device_name\r\n", "note,value\r", ""]),
        pieces in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec![row("14"), row("x"), row("\"1\""), row("14").replace("iPhone", "\"iPhone"), row("14").replace('\n', "\r\n")]),
                "[a1,;\"\n\r\0]{0,8}",
            ],
            0..8,
        ),
        sizes in prop::collection::vec(1_usize..60, 1..5),
    ) {
        let text = [header, &pieces.concat()].concat();
        let whole = read_in(text.as_bytes(), &[usize::MAX]);
        prop_assert_eq!(read_in(text.as_bytes(), &sizes), whole);
    }
}
