//! The options of an uploader.

use humansync_ingest::Numbers;

/// The options of an uploader, checked.
#[derive(Clone)]
pub struct UploaderOptions {
    /// Keeps the ledgers of people apart who share a store.
    pub account: Option<String>,
    /// Samples per batch, from [`super::MIN_BATCH_SIZE`] to [`super::MAX_BATCH_SIZE`].
    pub batch_size: usize,
    /// Whether a batch is held back, instead of sent again, while nobody knows whether the server has it.
    pub hold_unknown: bool,
    /// How the host parses and prints numbers.
    pub numbers: Numbers,
}
