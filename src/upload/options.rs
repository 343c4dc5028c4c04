//! What the user of an uploader may set.

use humansync_ingest::Numbers;

/// What the user of an uploader may set.
#[derive(Clone)]
pub struct UploaderOptions {
    /// Separates people who share a store.
    pub account: Option<String>,
    /// Samples per batch, from [`super::MIN_BATCH_SIZE`] to [`super::MAX_BATCH_SIZE`].
    pub batch_size: usize,
    /// Whether a batch whose outcome is not known is held back, and not sent again.
    pub hold_unknown: bool,
    /// How the host reads and prints numbers.
    pub numbers: Numbers,
}
