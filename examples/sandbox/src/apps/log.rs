//! Counts the requests for the app's lists, for tests.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::human::paging::Page;

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
    /// How far lists were read, by type.
    pub walks: BTreeMap<&'static str, Walk>,
}

/// How far a list was read.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Walk {
    /// The greatest offset that was requested.
    pub max_offset: usize,
    /// The most records in a window of which more than the first page was requested.
    pub max_walked_total: usize,
}

impl Walk {
    /// Takes note of a page.
    pub fn page(&mut self, page: &Page) {
        self.max_offset = self.max_offset.max(page.offset);
        if page.offset > 0 {
            self.max_walked_total = self.max_walked_total.max(page.total);
        }
    }
}
