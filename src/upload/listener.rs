//! The port for those who watch an upload.

use super::report::UploadProgress;
use crate::error::Error;
use humansync_ingest::Rejection;

/// Who is told how it goes. What it fails with ends the upload.
pub trait UploadListener {
    /// How far it is.
    fn progress(&self, progress: &UploadProgress) -> Result<(), Error>;

    /// A sample that cannot be sent.
    fn rejected(&self, rejection: &Rejection) -> Result<(), Error>;

    /// What has failed in the meantime of what was told, where nothing is left to tell.
    fn outcome(&self) -> Result<(), Error> {
        Ok(())
    }
}
