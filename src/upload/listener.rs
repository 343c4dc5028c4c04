//! The port through which the caller watches an upload.

use super::report::UploadProgress;
use crate::error::Error;
use humansync_ingest::Rejection;

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
