//! The names of the query options.

pub(crate) const LIMIT: &str = "limit";
pub(crate) const OFFSET: &str = "offset";
pub(crate) const CREATED_SINCE: &str = "createdSince";
pub(crate) const CREATED_BEFORE: &str = "createdBefore";
pub(crate) const UPDATED_SINCE: &str = "updatedSince";
pub(crate) const UPDATED_BEFORE: &str = "updatedBefore";
pub(crate) const SOURCE: &str = "source";
pub(crate) const START_DATE: &str = "startDate";
pub(crate) const END_DATE: &str = "endDate";

/// The options that become query parameters, as callers write them in JavaScript, in the order of the query string.
pub const SENT_OPTIONS: [&str; 9] = [
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
