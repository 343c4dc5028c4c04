//! Packed JavaScript objects, read into a collector.

use super::*;
use crate::DataType;
use crate::number::Numbers;
use crate::test_support::{body, reasons};

const START: &str = "2023-11-01T08:04:51+04:00";
const END: &str = "2023-11-01T08:04:58+04:00";

/// Builds a piece as the JavaScript side does.
#[derive(Default)]
struct Piece {
    values: Vec<f64>,
    series: Vec<u32>,
    lengths: Vec<[u8; 2]>,
    dates: Vec<u8>,
    rest: Vec<u8>,
}

impl Piece {
    fn text(mut self, text: &[u8]) -> Self {
        self.rest.push(2);
        self.rest.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        self.rest.extend(text);
        self
    }

    fn rest(mut self, bytes: &[u8]) -> Self {
        self.rest.extend(bytes);
        self
    }

    fn number(self, number: f64) -> Self {
        self.rest(&number.to_le_bytes())
    }

    /// Describes a new series. It must come before what the row itself has among the rest.
    fn series(self, name: &str, version: Option<&str>, unit: &str) -> Self {
        let named = self.text(name.as_bytes());
        match version {
            Some(version) => named.text(version.as_bytes()),
            None => named.rest(&[0]),
        }
        .text(unit.as_bytes())
    }

    fn row(mut self, series: u32, dates: [&str; 2], value: f64) -> Self {
        self.lengths.push(dates.map(|date| u8::try_from(date.len()).unwrap()));
        self.dates.extend(dates.concat().into_bytes());
        self.series.push(series);
        self.values.push(value);
        self
    }

    fn irregular(mut self) -> Self {
        self.series.push(IRREGULAR);
        self.values.push(f64::NAN);
        self.lengths.push([ABSENT; 2]);
        self
    }

    fn with_lengths(mut self, start: u8, end: u8) -> Self {
        *self.lengths.last_mut().unwrap() = [start, end];
        self
    }

    fn bytes(mut self) -> Vec<u8> {
        let mut bytes = u32::try_from(self.series.len()).unwrap().to_le_bytes().to_vec();
        bytes.extend(u32::try_from(self.dates.len()).unwrap().to_le_bytes());
        self.values.resize(ROWS, 0.0);
        self.series.resize(ROWS, 0);
        self.lengths.resize(ROWS, [0; 2]);
        bytes.extend(self.values.iter().flat_map(|value| value.to_le_bytes()));
        bytes.extend(self.series.iter().flat_map(|series| series.to_le_bytes()));
        bytes.extend(self.lengths.iter().flatten());
        bytes.extend(self.dates);
        bytes.extend(self.rest);
        bytes
    }
}

fn collector() -> Collector {
    Collector::new(Numbers::native())
}

/// Index, path and code of each rejection.
fn codes(collector: &Collector) -> Vec<(u64, &str, &str)> {
    reasons(&collector.rejections).into_iter().map(|(index, _, path, code)| (index, path, code)).collect()
}

#[test]
fn columns_become_samples_over_several_pieces() {
    let first = Piece::default()
        .series("iPhone", Some("17"), "count")
        .row(0, [START, END], 14.0)
        .series("Ada’s \"watch\"", None, "count/min")
        .row(1, [START, ""], 61.5)
        .with_lengths(25, ABSENT);
    let second = Piece::default()
        .row(1, ["", ""], 62.0)
        .with_lengths(MILLISECONDS, MILLISECONDS)
        .number(1_698_811_491_000.0)
        .number(1_698_811_491_000.5)
        .row(0, [END, END], 1.0);
    let (mut objects, mut collector) = (JsObjectReader::default(), collector());
    objects.read(&first.bytes(), &mut collector);
    objects.read(&second.bytes(), &mut collector);
    assert_eq!(codes(&collector), []);
    assert_eq!(
        body(DataType::Steps, &collector.rows),
        [
            r#"{"data_type":"steps","data":["#,
            r#"{"device_name":"iPhone","device_version":"17","start_date":"2023-11-01T08:04:51+04:00","#,
            r#""end_date":"2023-11-01T08:04:58+04:00","value":14,"unit":"count"},"#,
            r#"{"device_name":"Ada’s \"watch\"","start_date":"2023-11-01T08:04:51+04:00","value":61.5,"unit":"count/min"},"#,
            r#"{"device_name":"Ada’s \"watch\"","start_date":"2023-11-01T04:04:51.000Z","#,
            r#""end_date":"2023-11-01T04:04:51.000500Z","value":62,"unit":"count/min"},"#,
            r#"{"device_name":"iPhone","device_version":"17","start_date":"2023-11-01T08:04:58+04:00","#,
            r#""end_date":"2023-11-01T08:04:58+04:00","value":1,"unit":"count"}]}"#,
        ]
        .concat()
    );
}

#[test]
fn mistakes_in_columns_are_found() {
    let series = Piece::default().series("iPhone", None, "count");
    let piece = series
        .row(0, [END, START], 14.0)
        .row(0, ["yesterday", END], 14.0)
        .row(0, [START, ""], 14.0)
        .row(0, [START, END], f64::NAN)
        .row(0, [START, END], 0.0)
        .row(0, [START, END], 30_000.5)
        .row(0, ["", END], 14.0)
        .with_lengths(MILLISECONDS, 25)
        .number(f64::INFINITY)
        .row(0, [START, END], 14.0);
    let mut collector = collector();
    JsObjectReader::default().read(&piece.bytes(), &mut collector);
    assert_eq!(
        codes(&collector),
        [
            (0, "/end_date", "end-before-start"),
            (1, "/start_date", "timestamp"),
            (2, "/end_date", "empty"),
            (3, "/value", "type"),
            (4, "/value", "not-positive"),
            (5, "/value", "too-large"),
            (6, "/start_date", "type"),
        ]
    );
    assert_eq!(collector.rows.len(), 1);
}

#[test]
fn a_series_without_valid_samples_adds_no_device() {
    let piece = Piece::default().series("iPhone", None, "count").row(0, [START, END], -1.0);
    let mut collector = collector();
    JsObjectReader::default().read(&piece.bytes(), &mut collector);
    assert_eq!(collector.rejected_count, 1);
    assert_eq!(collector.rows.series().devices(), 0);
}

#[test]
fn irregular_rows_keep_their_index() {
    let piece = Piece::default()
        .series("iPhone", None, "count")
        .row(0, [START, END], 14.0)
        .irregular()
        .rest(&[5])
        .irregular()
        .rest(&[6])
        .irregular()
        .rest(&[0; 7])
        .irregular()
        .text(b"iPhone")
        .rest(&[1])
        .text(START.as_bytes())
        .rest(&[4])
        .text(b"count")
        .rest(&[3])
        .number(14.0)
        .rest(&[0])
        .irregular()
        .rest(&[0; 6])
        .text(b"steps")
        .row(0, ["\u{7f}", END], 14.0);
    let mut bytes = piece.bytes();
    // The mark of a date that is not valid Unicode.
    let mark = bytes.iter().rposition(|&byte| byte == 0x7f).unwrap();
    bytes[mark] = LONE_SURROGATE_BYTE;
    let mut collector = collector();
    JsObjectReader::default().read(&bytes, &mut collector);
    assert_eq!(
        codes(&collector),
        [
            (1, "", "type"),
            (2, "", "syntax"),
            (3, "/device_name", "missing"),
            (4, "/end_date", "type"),
            (5, "/steps", "unknown-field"),
            (6, "", "syntax"),
        ]
    );
    assert_eq!(collector.rows.len(), 1);
}

#[test]
fn a_damaged_piece_is_rejected_and_never_a_panic() {
    let whole = Piece::default()
        .series("iPhone", None, "count")
        .row(0, [START, END], 14.0)
        .irregular()
        .rest(&[0; 7])
        .bytes();
    for size in (0..whole.len()).step_by(997).chain(DATES_AT..whole.len()) {
        let mut collector = collector();
        JsObjectReader::default().read(&whole[..size], &mut collector);
        assert_eq!(codes(&collector).pop().map(|last| last.2), Some("syntax"), "{size}");
    }
    let mut collector = collector();
    JsObjectReader::default().read(&[whole.as_slice(), b"more"].concat(), &mut collector);
    assert_eq!(codes(&collector).pop().map(|last| last.2), Some("syntax"));
}
