//! The port through which samples come in.

use crate::error::Error;
use humansync_ingest::SampleReader;
use std::future::Future;

/// Where samples come from.
pub trait SampleSource {
    /// Feeds the next chunk to `reader`; false at the end.
    fn feed(&mut self, reader: &mut SampleReader) -> impl Future<Output = Result<bool, Error>>;

    /// Bytes read so far, and the size of the whole source if it is known.
    fn bytes(&self) -> (u64, Option<u64>);
}
