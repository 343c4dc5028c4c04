//! The ports to the caller: where samples come from, and who is told how an upload goes.

use super::report::UploadProgress;
use crate::error::Error;
use humansync_ingest::{Rejection, SampleReader};
use std::future::Future;

/// Where samples come from.
pub trait SampleSource {
    /// Feeds the next chunk to `reader`; false at the end.
    fn feed(&mut self, reader: &mut SampleReader) -> impl Future<Output = Result<bool, Error>>;

    /// Bytes read so far, and the size of the whole source if it is known.
    fn bytes(&self) -> (u64, Option<u64>);
}

/// Is told how an upload goes. An error that it returns ends the upload.
pub trait UploadListener {
    /// How far the upload is.
    fn progress(&self, progress: &UploadProgress) -> Result<(), Error>;

    /// A sample was rejected.
    fn rejected(&self, rejection: &Rejection) -> Result<(), Error>;

    /// An error of an earlier call that has only come to light since (a callback may fail asynchronously). Asked for
    /// when there is nothing more to tell.
    fn outcome(&self) -> Result<(), Error> {
        Ok(())
    }
}
