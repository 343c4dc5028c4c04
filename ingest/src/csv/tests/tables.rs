//! Valid tables.

use super::{END, HEADER, START, read, read_in, reasons, row, steps};

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
fn the_delimiter_with_the_most_fields_counts() {
    // With a comma in quotes, and a column whose name has a comma.
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
fn blank_lines_are_skipped() {
    let text = ["\n\r\n", HEADER, "\n", &row("1"), "\r\n\n\r", &row("x"), "\n\n"].concat();
    let (rows, rejections) = read(&text);
    assert_eq!(rows, [steps(1.0)]);
    assert_eq!(reasons(&rejections), [(1, 9, "/value", "type")]);
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
