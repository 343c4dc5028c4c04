//! The port that samples come through.

use crate::error::Error;
use humansync_ingest::Intake;
use std::future::Future;

/// Where samples come from.
pub trait SampleSource {
    /// Feeds the next piece to `intake`; false when there is none.
    fn feed(&mut self, intake: &mut Intake) -> impl Future<Output = Result<bool, Error>>;

    /// Bytes read so far, and in all, where that is known.
    fn bytes(&self) -> (u64, Option<u64>);
}
