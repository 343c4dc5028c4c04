//! The options of `plan` and `upload`.

use super::complaint::no_such;
use crate::error::OptionError;
use humansync_ingest::{DataType, Format};
use serde::Deserialize;

/// What `plan` and `upload` take.
#[derive(Clone, Default, Deserialize)]
pub struct UploadInit {
    /// What the source is written in, where that is not to be found out.
    pub format: Option<String>,
}

impl UploadInit {
    /// What the source is written in, where it was said.
    ///
    /// # Errors
    /// A word for no format.
    pub fn format(&self) -> Result<Option<Format>, OptionError> {
        let Some(name) = &self.format else { return Ok(None) };
        let format = Format::from_name(name);
        format
            .map(Some)
            .ok_or_else(|| no_such("format", name, "\"json\", \"ndjson\", \"csv\" or \"apple-health\""))
    }
}

/// What is sent, by its name.
///
/// # Errors
/// Another name than those that there are.
pub fn data_type(name: &str) -> Result<DataType, OptionError> {
    DataType::from_name(name.as_bytes()).ok_or_else(|| no_such("type", name, "\"steps\" or \"bpm\""))
}
