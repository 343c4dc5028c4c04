//! The names of the query options: the one list of them, in both spellings.

/// A query option that goes into the query string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionName {
    /// As a caller writes it in JavaScript: `createdSince`.
    pub name: &'static str,
    /// As Human API reads it: `created_since`.
    pub wire: &'static str,
}

impl OptionName {
    const fn new(name: &'static str, wire: &'static str) -> Self {
        Self { name, wire }
    }
}

pub(super) const LIMIT: OptionName = OptionName::new("limit", "limit");
pub(super) const OFFSET: OptionName = OptionName::new("offset", "offset");
pub(super) const CREATED_SINCE: OptionName = OptionName::new("createdSince", "created_since");
pub(super) const CREATED_BEFORE: OptionName = OptionName::new("createdBefore", "created_before");
pub(super) const UPDATED_SINCE: OptionName = OptionName::new("updatedSince", "updated_since");
pub(super) const UPDATED_BEFORE: OptionName = OptionName::new("updatedBefore", "updated_before");
pub(super) const SOURCE: OptionName = OptionName::new("source", "source");
pub(super) const START_DATE: OptionName = OptionName::new("startDate", "start_date");
pub(super) const END_DATE: OptionName = OptionName::new("endDate", "end_date");

/// The options that are sent, in the order in which the query string has them.
pub const SENT: [OptionName; 9] = [
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
    LIMIT.name,
    OFFSET.name,
    CREATED_SINCE.name,
    CREATED_BEFORE.name,
    UPDATED_SINCE.name,
    UPDATED_BEFORE.name,
    SOURCE.name,
    START_DATE.name,
    END_DATE.name,
    "params",
    "cursor",
    "signal",
];
