//! Counts the requests for the app's lists, for tests.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// Requests refused for a span of more than 31 days, or one that ends before it begins.
    pub refused_spans: u64,
    /// Requests refused for a date or a time that is not in the documented form.
    pub refused_dates: u64,
    /// Requests refused for any query option that cannot be read, dates among them.
    pub refused_queries: u64,
    /// The longest span that was requested.
    pub max_span_seconds: i64,
    /// List requests by type.
    pub requests: BTreeMap<&'static str, u64>,
}
