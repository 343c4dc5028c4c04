//! Rows and headers that are rejected, and what becomes of the rest of the table.

use super::{END, HEADER, START, read, read_in, reasons, row, steps};

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
        assert_eq!(reasons(&rejections), [(1, 4, path, code)], "{bad}");
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
        [(1, 3, "/note~11", "unknown-field"), (2, 4, "/steps~0", "unknown-field")]
    );
}

#[test]
fn without_a_required_column_every_row_is_rejected() {
    let (rows, rejections) =
        read(&format!("device_name,start_date,unit\niPhone,{START},count\niPhone,{START},count\n"));
    assert_eq!(rows, []);
    assert_eq!(reasons(&rejections), [(0, 2, "/value", "missing"), (1, 3, "/value", "missing")]);
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
        assert_eq!(reasons(&rejections), [(0, 2, "", "syntax")], "{text}");
        assert!(rejections[0].message.contains("device_name,start_date"), "{text}");
    }
    let (rows, rejections) = read("device_name,value,start_date,unit,value\na,1,2,3,4\n");
    assert_eq!((rows, reasons(&rejections)), (vec![], vec![(0, 1, "", "syntax")]));
    assert!(rejections[0].message.contains("twice"));
}

#[test]
fn lines_that_were_joined_without_their_breaks_are_reported() {
    let joined = [HEADER, &row("14"), &row("15")].concat().replace('\n', "");
    let (rows, rejections) = read(&joined);
    assert_eq!((rows, reasons(&rejections)), (vec![], vec![(0, 1, "", "syntax")]));
    assert!(rejections[0].message.contains("line break"));
    // A file of no samples is no mistake.
    let (rows, rejections) = read(HEADER.trim_end());
    assert_eq!((rows.len(), rejections.len()), (0, 0));
}

#[test]
fn lines_within_quotes_are_counted() {
    let folded = row("14").replace("iPhone", "\"iPhone\n\r\n\"");
    let (rows, rejections) =
        read(&[HEADER, &folded, &row("x"), &folded.replace("14", "0"), &row("x")].concat());
    assert_eq!(rows.len(), 1);
    assert_eq!(
        reasons(&rejections),
        [(1, 5, "/value", "type"), (2, 6, "/value", "not-positive"), (3, 9, "/value", "type")]
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
        assert_eq!(reasons(&rejections), [(1, 3, "", "syntax")], "{cut}");
    }
}

#[test]
fn a_quote_that_is_not_closed_spoils_only_its_row() {
    let stray = row("14").replace("iPhone", "\"iPhone");
    // No other quote follows, or one that cannot end a cell.
    let quoted = row("3").replace("iPhone", "\"iPhone\"");
    for rest in [[row("2"), row("3")].concat(), [row("2"), quoted].concat()] {
        let (rows, rejections) = read(&[HEADER, &row("1"), &stray, &rest].concat());
        assert_eq!(rows, [steps(1.0), steps(2.0), steps(3.0)], "{rest}");
        assert_eq!(reasons(&rejections), [(1, 3, "", "syntax")], "{rest}");
    }
}

#[test]
fn a_row_without_an_end_is_rejected() {
    let long = "a".repeat(crate::csv::MAX_ROW_LENGTH);
    let many = row("2").repeat(crate::csv::MAX_ROW_LENGTH / row("2").len() + 10);
    let stray = row("14").replace("iPhone", "\"iPhone");
    let text = [HEADER, &row("1"), &long, "\n", &row("1"), &stray, &many, &row("x")].concat();
    let count = many.lines().count();
    for size in [5000, 100_000, usize::MAX] {
        let (rows, rejections) = read_in(text.as_bytes(), &[size]);
        assert_eq!(rows.len(), 2 + count, "{size}");
        let last = count as u64;
        assert_eq!(
            reasons(&rejections),
            [(1, 3, "", "syntax"), (3, 5, "", "syntax"), (4 + last, 6 + last, "/value", "type")],
            "{size}"
        );
    }
}

#[test]
fn a_cell_that_is_not_utf_8_is_rejected() {
    let bytes = [HEADER.as_bytes(), b"i\xff,", &row("1").as_bytes()[7..], row("2").as_bytes()].concat();
    for size in [1, 1000] {
        let (rows, rejections) = read_in(&bytes, &[size]);
        assert_eq!(rows, [steps(2.0)]);
        assert_eq!(reasons(&rejections), [(0, 2, "", "syntax")]);
    }
}
