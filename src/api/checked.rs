//! A query whose every option is checked, and the query string that it makes.

use super::bounds::{Limit, Offset};
use super::fingerprint::Fingerprint;
use super::init::QueryInit;
use super::moments;
use super::names::{
    CREATED_BEFORE, CREATED_SINCE, END_DATE, LIMIT, OFFSET, SOURCE, START_DATE, UPDATED_BEFORE,
    UPDATED_SINCE, snake_case,
};
use super::whole_number::decimal;
use super::{params, percent};
use crate::error::OptionError;
use crate::time::{Date, Instant, Rounding};

/// A checked query: it can be sent as it is.
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
    /// Checks all options of `init`.
    ///
    /// # Errors
    /// The first option that is wrong, under its JavaScript name: a number out of its bounds; a *since* later than its
    /// *before*; an empty `source`; one of `startDate` and `endDate` alone, or the two the wrong way round; and in
    /// `params` an empty name, the name of an option, or that of an access token.
    pub fn new(init: QueryInit) -> Result<Self, OptionError> {
        Self::check(&init)
    }

    /// By reference, so that there is one place where `init` is dropped, and not one for each error.
    #[inline(never)]
    fn check(init: &QueryInit) -> Result<Self, OptionError> {
        let limit = init.limit.map(Limit::from_option).transpose()?;
        let offset = init.offset.map(Offset::from_option).transpose()?;
        let mut filters = QueryString::default();
        filters.add_span([CREATED_SINCE, CREATED_BEFORE], &init.created_since, &init.created_before)?;
        filters.add_span([UPDATED_SINCE, UPDATED_BEFORE], &init.updated_since, &init.updated_before)?;
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
        params::check(&init.params)?;
        let mut last = "";
        while let Some((name, value)) = params::next(&init.params, last) {
            filters.add(name, value);
            last = name;
        }
        Ok(Self { limit, offset, filters: filters.0 })
    }

    /// Records per page: what was given, else the most the API gives.
    pub fn limit(&self) -> Limit {
        self.limit.unwrap_or_default()
    }

    /// Records per page, if the caller said so.
    pub fn given_limit(&self) -> Option<Limit> {
        self.limit
    }

    /// Index of the first record, if the caller said so.
    pub fn offset(&self) -> Option<Offset> {
        self.offset
    }

    /// The query string without limit and offset: what tells which list is read, whatever its pages. Empty if there
    /// is nothing to tell.
    pub fn filters(&self) -> &str {
        &self.filters
    }

    /// The fingerprint of [`Query::filters`]: queries for the same list have the same.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.filters)
    }

    /// The query string, without `?`: limit, offset if it was given, times, source, days, and the other parameters
    /// by name.
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
        if !self.filters.is_empty() {
            query.0.push('&');
            query.0.push_str(&self.filters);
        }
        query.0
    }
}

/// A query string that is being written.
#[derive(Default)]
struct QueryString(String);

impl QueryString {
    #[inline(never)]
    fn add(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        percent::encode_into(&mut self.0, name);
        self.0.push('=');
        percent::encode_into(&mut self.0, value);
    }

    /// The API takes whole seconds: the span is widened to them, so that no record at its edges is lost.
    #[inline(never)]
    fn add_span(
        &mut self,
        names: [&str; 2],
        since: &Option<Instant>,
        before: &Option<Instant>,
    ) -> Result<(), OptionError> {
        if let (Some(since), Some(before)) = (since, before)
            && since > before
        {
            return Err(wrong_way_round(names));
        }
        let [since_name, before_name] = names;
        self.add_instant(since_name, since, Rounding::Down)?;
        self.add_instant(before_name, before, Rounding::Up)
    }

    #[inline(never)]
    fn add_instant(
        &mut self,
        name: &str,
        instant: &Option<Instant>,
        rounding: Rounding,
    ) -> Result<(), OptionError> {
        if let Some(instant) = instant {
            // Fails where an offset or the rounding leads out of the years that four digits can write.
            let text = instant.to_basic(rounding).map_err(|error| moments::about(name, error))?;
            self.add(&snake_case(name), &text);
        }
        Ok(())
    }

    #[inline(never)]
    fn add_days(&mut self, start: Option<Date>, end: Option<Date>) -> Result<(), OptionError> {
        match (start, end) {
            (None, None) => {}
            (Some(start), Some(end)) if start > end => return Err(wrong_way_round([START_DATE, END_DATE])),
            (Some(start), Some(end)) => {
                self.add(&snake_case(START_DATE), &start.to_text());
                self.add(&snake_case(END_DATE), &end.to_text());
            }
            (Some(_), None) => return Err(alone(START_DATE, END_DATE)),
            (None, Some(_)) => return Err(alone(END_DATE, START_DATE)),
        }
        Ok(())
    }
}

#[cold]
#[inline(never)]
fn wrong_way_round([earlier, later]: [&str; 2]) -> OptionError {
    OptionError::new(later, [later, " must not be earlier than ", earlier].concat())
}

#[cold]
#[inline(never)]
fn alone(given: &str, missing: &str) -> OptionError {
    OptionError::new(
        missing,
        [given, " was given without ", missing, ": the two must come together"].concat(),
    )
}
