//! The names of the query options.

pub(super) const LIMIT: &str = "limit";
pub(super) const OFFSET: &str = "offset";
pub(super) const CREATED_SINCE: &str = "createdSince";
pub(super) const CREATED_BEFORE: &str = "createdBefore";
pub(super) const UPDATED_SINCE: &str = "updatedSince";
pub(super) const UPDATED_BEFORE: &str = "updatedBefore";
pub(super) const SOURCE: &str = "source";
pub(super) const START_DATE: &str = "startDate";
pub(super) const END_DATE: &str = "endDate";

/// The options that become query parameters, as callers write them in JavaScript, in the order of the query string.
pub const SENT: [&str; 9] = [
    LIMIT,
    OFFSET,
    CREATED_SINCE,
    CREATED_BEFORE,
    UPDATED_SINCE,
    UPDATED_BEFORE,
    SOURCE,
    START_DATE,
    END_DATE,
];

/// Every key that a caller's query may have: those that are sent, and those that are for the library. The tests compare it
/// with the fields of the types that read the options.
#[cfg(test)]
pub const QUERY_OPTIONS: [&str; 12] = [
    LIMIT,
    OFFSET,
    CREATED_SINCE,
    CREATED_BEFORE,
    UPDATED_SINCE,
    UPDATED_BEFORE,
    SOURCE,
    START_DATE,
    END_DATE,
    "params",
    "cursor",
    "signal",
];

/// A name as Human API writes it: `created_since` for `createdSince`.
pub fn snake_case(name: &str) -> String {
    let mut snake = Vec::new();
    for byte in name.bytes() {
        if byte.is_ascii_uppercase() {
            snake.push(b'_');
        }
        snake.push(byte.to_ascii_lowercase());
    }
    // Only ASCII was changed or added, so it is still UTF-8.
    String::from_utf8(snake).unwrap_or_default()
}
