//! What lists take besides a query.

use crate::error::OptionError;
use serde::Deserialize;

/// Where a list is gone on with.
#[derive(Clone, Default, Deserialize)]
pub struct CursorInit {
    /// Of the page that was the last one.
    pub cursor: Option<String>,
}

/// Says that a query string has no place for a cursor.
///
/// # Errors
/// There is one.
pub fn no_cursor(cursor: Option<&str>) -> Result<(), OptionError> {
    match cursor {
        None => Ok(()),
        Some(_) => Err(OptionError::new(
            "cursor",
            "`cursor` goes on with a walk over pages, which a query string alone cannot; give it to a list method",
        )),
    }
}
