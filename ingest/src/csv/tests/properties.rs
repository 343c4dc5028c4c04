//! Compared with the crate `csv`, and cut anywhere.

use super::{END, HEADER, START, read_in, row};
use crate::test_support::SentSample;
use proptest::prelude::*;

/// A table, written by the crate `csv`.
fn write_with_csv(
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
    fn tables_of_the_csv_crate_are_read(
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
        let text = write_with_csv(&rows, delimiter, is_quoted, ends_with_cr);
        let expected: Vec<SentSample> = rows
            .into_iter()
            .map(|(name, version, value, ends)| {
                (name, version, START.to_owned(), ends.then(|| END.to_owned()), "count", value.parse().unwrap())
            })
            .collect();
        prop_assert_eq!(read_in(&text, &sizes), (expected, vec![]));
    }

    #[test]
    fn cells_are_those_that_the_csv_crate_finds(text in "[ab,\"\n\r]{0,30}") {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let expected: Vec<Vec<Vec<u8>>> =
            reader.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect()).collect();
        let mut rows = Vec::new();
        let mut row = Vec::new();
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            // The other reader skips blank lines. Here that is done before cells are read.
            if row.is_empty() && let [b'\n' | b'\r', after @ ..] = rest {
                rest = after;
                continue;
            }
            // The other reader accepts more than RFC 4180.
            let Ok(cell) = crate::csv::cell::read(rest, b',', true) else { return Ok(()) };
            row.push(cell.value.into_owned());
            rest = cell.rest;
            match cell.end {
                crate::csv::cell::CellEnd::Delimiter if rest.is_empty() => row.push(Vec::new()),
                crate::csv::cell::CellEnd::Delimiter => continue,
                _ => {}
            }
            rows.push(std::mem::take(&mut row));
        }
        prop_assert_eq!(rows, expected);
    }

    #[test]
    fn cuts_make_no_difference_for_any_text(
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
