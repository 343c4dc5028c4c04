//! The stored form of a moment: RFC 3339, as it was given.

use crate::store::{Reader, Writer};
use humansync_ingest::Moment;

/// Writes a moment.
pub fn write_moment(out: &mut Writer, moment: Moment) {
    let mut text = Vec::new();
    moment.write_rfc3339(&mut text);
    out.bytes(&text);
}

/// Reads a moment.
pub fn read_moment(from: &mut Reader) -> Option<Moment> {
    Moment::parse_rfc3339(from.bytes()?)
}
