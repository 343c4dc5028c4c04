//! A query whose options are all checked.

use super::limit_offset::{Limit, Offset};
use super::option_names::{
    CREATED_BEFORE, CREATED_SINCE, LIMIT, OFFSET, SOURCE, UPDATED_BEFORE, UPDATED_SINCE,
};
use super::query_init::QueryInit;
use super::query_string::QueryString;
use super::unknown_params;
use super::whole_number::decimal;
use crate::error::OptionError;
use crate::fnv::Fnv64;

/// A checked query, ready to be sent.
///
/// ```
/// use humansync::api::{Query, QueryInit};
///
/// let query = Query::new(QueryInit { limit: Some(50.0), source: Some("fitbit".into()), ..QueryInit::default() })?;
/// assert_eq!(query.to_query_string(), "limit=50&source=fitbit");
/// # Ok::<(), humansync::error::OptionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    limit: Option<Limit>,
    offset: Option<Offset>,
    filters: String,
}

impl Query {
    /// Checks all options of `init`. Errors: the first option that is wrong, under its JavaScript name: a number out of
    /// its bounds; a *since* later than its *before*; an empty `source`; only one of `startDate` and `endDate`, or the
    /// two in the wrong order; and in `params` an empty name, the name of an option, or that of an access token.
    pub fn new(init: QueryInit) -> Result<Self, OptionError> {
        Self::check(&init)
    }

    // By reference, so that the compiled code drops `init` in one place and not at each error.
    #[inline(never)]
    fn check(init: &QueryInit) -> Result<Self, OptionError> {
        let limit = init.limit.map(Limit::from_option).transpose()?;
        let offset = init.offset.map(Offset::from_option).transpose()?;
        let mut filters = QueryString::default();
        filters.add_times([CREATED_SINCE, CREATED_BEFORE], &init.created_since, &init.created_before)?;
        filters.add_times([UPDATED_SINCE, UPDATED_BEFORE], &init.updated_since, &init.updated_before)?;
        if let Some(source) = &init.source {
            if source.is_empty() {
                return Err(OptionError::new(
                    SOURCE,
                    "source must not be empty; leave it out for the records of all sources",
                ));
            }
            filters.add(SOURCE, source);
        }
        filters.add_days(init.start_date, init.end_date)?;
        unknown_params::check(&init.params)?;
        let mut last = "";
        while let Some((name, value)) = unknown_params::next(&init.params, last) {
            filters.add(name, value);
            last = name;
        }
        Ok(Self { limit, offset, filters: filters.finish() })
    }

    /// Records per page: the limit given, or else the most that the API gives.
    pub fn limit(&self) -> Limit {
        self.limit.unwrap_or_default()
    }

    /// Records per page, if the caller set them.
    pub fn given_limit(&self) -> Option<Limit> {
        self.limit
    }

    /// Index of the first record, if the caller set it.
    pub fn offset(&self) -> Option<Offset> {
        self.offset
    }

    /// The query string without limit and offset: what selects the list, whatever its pages. May be empty.
    pub fn filters(&self) -> &str {
        &self.filters
    }

    /// The query string, without `?`; `query_string` has the order.
    pub fn to_query_string(&self) -> String {
        self.page_query_string(self.limit(), self.offset)
    }

    /// The query string of one page of the same list.
    pub fn page_query_string(&self, limit: Limit, offset: Option<Offset>) -> String {
        let mut query = QueryString::default();
        query.add(LIMIT, &decimal(u64::from(limit.get())));
        if let Some(offset) = offset {
            query.add(OFFSET, &decimal(offset.get()));
        }
        query.append(&self.filters);
        query.finish()
    }
}

/// A number that stands for a query and its path: a cursor carries it to tell that it is used with the query it came
/// from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(Fnv64);

impl Fingerprint {
    /// The fingerprint of one text.
    pub fn of(text: &str) -> Self {
        Self(Fnv64::of(text.as_bytes()))
    }

    /// The fingerprint of the texts so far and `text`. `0xff` goes in between, a byte that UTF-8 does not have, so
    /// that `ab` and `c` differ from `a` and `bc`.
    #[must_use]
    pub fn and(self, text: &str) -> Self {
        Self(self.0.and(&[0xff]).and(text.as_bytes()))
    }

    /// The number itself.
    pub fn value(self) -> u64 {
        self.0.0
    }
}
