//! The stored form of a moment: RFC 3339, as it was given.

use crate::store::{ByteReader, ByteWriter};
use humansync_ingest::time::Instant;

/// Writes a moment.
pub fn write_moment(out: &mut ByteWriter, moment: Instant) {
    let mut text = Vec::new();
    moment.write_rfc3339(&mut text);
    out.bytes(&text);
}

/// Reads a moment.
pub fn read_moment(from: &mut ByteReader) -> Option<Instant> {
    Instant::parse_rfc3339(from.bytes()?)
}
