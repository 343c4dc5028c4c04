//! The names of the query options: the one list of them.

pub(super) const LIMIT: &str = "limit";
pub(super) const OFFSET: &str = "offset";
pub(super) const CREATED_SINCE: &str = "createdSince";
pub(super) const CREATED_BEFORE: &str = "createdBefore";
pub(super) const UPDATED_SINCE: &str = "updatedSince";
pub(super) const UPDATED_BEFORE: &str = "updatedBefore";
pub(super) const SOURCE: &str = "source";
pub(super) const START_DATE: &str = "startDate";
pub(super) const END_DATE: &str = "endDate";

/// The options that are sent, as a caller writes them in JavaScript, in the order in which the query string has them.
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

/// Every key that a caller's query may have: those that are sent, and those that steer the library.
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

/// A name of the package as Human API writes it: `created_since` for `createdSince`.
pub fn snake_case(name: &str) -> String {
    let mut snake = Vec::new();
    for byte in name.bytes() {
        if byte.is_ascii_uppercase() {
            snake.push(b'_');
        }
        snake.push(byte.to_ascii_lowercase());
    }
    // Only ASCII is changed or added, so it is UTF-8 as the name is.
    String::from_utf8(snake).unwrap_or_default()
}
