//! How moments are kept.

use crate::store::{Reader, Writer};
use humansync_ingest::Moment;

/// A moment as the text that it came as.
pub fn write_moment(out: &mut Writer, moment: Moment) {
    let mut text = Vec::new();
    moment.write_rfc3339(&mut text);
    out.bytes(&text);
}

/// The moment that was written.
pub fn read_moment(from: &mut Reader) -> Option<Moment> {
    Moment::parse_rfc3339(from.bytes()?)
}
