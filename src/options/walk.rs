//! The options of a walk over a list.

use super::number::whole;
use crate::api::MAX_SAFE_INTEGER;
use crate::error::OptionError;
use serde::Deserialize;

/// What a walk takes.
#[derive(Clone, Default, Deserialize)]
pub struct WalkInit {
    /// Most records.
    pub limit: Option<f64>,
}

impl WalkInit {
    /// Most records; `u64::MAX` where nothing is said.
    ///
    /// # Errors
    /// Anything but a whole number from 0.
    pub fn limit(&self) -> Result<u64, OptionError> {
        whole("limit", self.limit, 0, MAX_SAFE_INTEGER, u64::MAX)
    }
}
