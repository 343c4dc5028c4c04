//! Reads a text in pieces, and compares the samples as they would be sent.

use crate::{DataType, Format, Instant, Numbers, Rejection, Row, SampleReader};

/// A sample as it would be sent: device name, device version, start, end, unit and value.
pub(crate) type SentSample = (String, Option<String>, String, Option<String>, &'static str, f64);

/// Reads a text that arrives in pieces of the given sizes, in turn.
pub(crate) fn read_in_pieces(
    format: Format,
    data_type: DataType,
    text: &[u8],
    sizes: &[usize],
) -> (Vec<SentSample>, Vec<Rejection>) {
    let mut reader = SampleReader::new(data_type, Some(format), Numbers::native());
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
    let count = reader.sample_count();
    let rows = reader.into_rows();
    assert_eq!(count, (rows.len() + rejections.len()) as u64);
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
    (rows.iter().map(sample).collect(), rejections)
}

/// Index, line, path and code of each rejection.
pub(crate) fn reasons(rejections: &[Rejection]) -> Vec<(u64, Option<u64>, &str, &str)> {
    rejections
        .iter()
        .map(|rejection| (rejection.index, rejection.line, &*rejection.path, rejection.code.name()))
        .collect()
}
