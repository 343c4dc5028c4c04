//! The stored form of a moment: RFC 3339, as it was given.

use crate::store::{ByteReader, ByteWriter};
use humansync_ingest::Moment;

/// Writes a moment.
pub fn write_moment(out: &mut ByteWriter, moment: Moment) {
    let mut text = Vec::new();
    moment.write_rfc3339(&mut text);
    out.bytes(&text);
}

/// Reads a moment.
pub fn read_moment(from: &mut ByteReader) -> Option<Moment> {
    Moment::parse_rfc3339(from.bytes()?)
}
