//! What lists take besides a query.

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
    /// Most records; `u64::MAX` where nothing is said. Errors: anything but a whole number from 0.
    pub fn limit(&self) -> Result<u64, OptionError> {
        whole("limit", self.limit, 0, MAX_SAFE_INTEGER, u64::MAX)
    }
}

/// Where a list is gone on with.
#[derive(Clone, Default, Deserialize)]
pub struct CursorInit {
    /// Of the page that was the last one.
    pub cursor: Option<String>,
}

/// Says that a query string has no place for a cursor. Refuses one.
pub fn no_cursor(cursor: Option<&str>) -> Result<(), OptionError> {
    match cursor {
        None => Ok(()),
        Some(_) => Err(OptionError::new(
            "cursor",
            "`cursor` goes on with a walk over pages, which a query string alone cannot; give it to a list method",
        )),
    }
}
