//! Reads sources that arrive in pieces, and shows their samples as they would be sent.

use crate::{
    Collector, DataType, Decompressor, Format, Instant, Numbers, Rejection, Row, Rows, SampleReader,
    UnreadableSource,
};
use std::io::{Cursor, Write};

pub const SAMPLE: &str = r#"{"device_name":"iPhone","device_version":"17.0.3","start_date":"2023-11-01T08:04:51.000+04:00","end_date":"2023-11-01T08:04:58.000+04:00","value":14,"unit":"count"}"#;

/// A sample as it would be sent: device name, device version, start, end, unit and value.
pub type SentSample = (String, Option<String>, String, Option<String>, &'static str, f64);

/// The samples and the rejections of a source.
pub type Outcome = (Vec<SentSample>, Vec<Rejection>);

/// Cuts bytes into pieces of the given sizes, in turn.
pub fn pieces<'a>(mut bytes: &'a [u8], sizes: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let next =
        move |&size: &usize| bytes.split_off(..size.min(bytes.len())).filter(|piece| !piece.is_empty());
    sizes.iter().cycle().map_while(next)
}

/// Reads a text that arrives in pieces of the given sizes, in turn.
pub fn reader(format: Option<Format>, data_type: DataType, text: &[u8], sizes: &[usize]) -> SampleReader {
    let mut reader = SampleReader::new(data_type, format, Numbers::native());
    pieces(text, sizes).for_each(|piece| reader.feed(piece));
    reader.finish();
    reader
}

/// What comes of a text that arrives in pieces of the given sizes, in turn.
pub fn read(format: Format, data_type: DataType, text: &[u8], sizes: &[usize]) -> Outcome {
    outcome(reader(Some(format), data_type, text, sizes).collector)
}

/// Reads a source that may be compressed, and calls `turn` whenever the reader gives the caller a turn.
pub fn decompress<'a>(
    format: Option<Format>,
    pieces: impl Iterator<Item = &'a [u8]>,
    turn: impl Fn(&mut SampleReader),
) -> Result<SampleReader, UnreadableSource> {
    let mut reader = SampleReader::new(DataType::Steps, format, Numbers::native());
    let mut decompressor = Decompressor::new(format);
    for mut piece in pieces {
        while !piece.is_empty() {
            let taken = decompressor.take(piece, &mut reader)?;
            assert!(taken > 0);
            piece = &piece[taken..];
            turn(&mut reader);
        }
    }
    decompressor.finish(&mut reader)?;
    reader.finish();
    Ok(reader)
}

/// Everything that was collected. Each sample is either a row or a rejection, and knows its index.
pub fn outcome(collector: Collector) -> Outcome {
    let rejections = collector.rejections;
    let positions = collector.rows.iter().map(|row| u64::from(row.position()));
    let mut indices: Vec<u64> = positions.collect();
    assert!(indices.is_sorted());
    indices.extend(rejections.iter().map(|rejection| rejection.index));
    indices.sort_unstable();
    assert!(indices.into_iter().eq(0..collector.sample_count));
    assert_eq!(collector.rejected_count, rejections.len() as u64);
    (sent(&collector.rows), rejections)
}

/// Rows as they would be sent.
pub fn sent(rows: &Rows) -> Vec<SentSample> {
    let series = rows.series();
    let sample = |row: Row| {
        (
            series.device_name(series.device(row.series())).to_owned(),
            series.device_version(row.series()).map(str::to_owned),
            row.start().to_rfc3339(),
            row.end().map(Instant::to_rfc3339),
            series.unit(row.series()).name(),
            row.value(),
        )
    };
    rows.iter().map(sample).collect()
}

/// Rows as the body of a request.
pub fn body(data_type: DataType, rows: &Rows) -> String {
    let mut body = Vec::new();
    rows.write_body(data_type, 0..rows.len(), &mut body);
    String::from_utf8(body).unwrap()
}

/// Index, line (or 0), path and code of each rejection.
pub fn reasons(rejections: &[Rejection]) -> Vec<(u64, u64, &str, &'static str)> {
    rejections.iter().map(|it| (it.index, it.line.unwrap_or(0), &*it.path, it.code.name())).collect()
}

pub fn deflate(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// An archive whose headers have all sizes.
pub fn zip(entries: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for &(name, text) in entries {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(name, options).unwrap();
        writer.write_all(text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
