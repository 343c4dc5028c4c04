//! The standard query options. They are read strictly, because a lenient test double would hide mistakes.

use std::collections::BTreeSet;

use axum::extract::Query;
use axum::http::Uri;

use crate::answer::Refusal;
use crate::calendar::{Day, parse_basic};
use crate::data::row::Row;

/// The number of records in a page without a limit.
pub const DEFAULT_LIMIT: usize = 50;
/// The largest limit of a page.
pub const MAX_LIMIT: usize = 500;

/// The options of one request for a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub limit: Option<usize>,
    pub offset: usize,
    pub time_series: bool,
    created: Window,
    updated: Window,
    source: Option<String>,
    days: Option<(Day, Day)>,
    /// All parameters in the order in which they were sent, for links.
    pub sent: Vec<(String, String)>,
}

/// Since (included) and before (not included), in Unix seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Window {
    since: Option<i64>,
    before: Option<i64>,
}

impl Window {
    fn holds(self, milliseconds: i64) -> bool {
        self.since.is_none_or(|since| milliseconds >= since * 1000)
            && self.before.is_none_or(|before| milliseconds < before * 1000)
    }
}

impl ListQuery {
    /// Reads the query of a request for a list. `allowed` are unknown parameters that are accepted.
    ///
    /// # Errors
    /// 400 for anything that the API's documentation does not allow.
    pub fn read(uri: &Uri, allowed: &BTreeSet<String>) -> Result<Self, Refusal> {
        let sent = parameters(uri)?;
        let mut query = Self::default();
        let (mut start, mut end) = (None, None);
        for (name, value) in &sent {
            match name.as_str() {
                "limit" => query.limit = Some(limit(value)?),
                "offset" => query.offset = offset(value)?,
                "created_since" => query.created.since = Some(instant(name, value)?),
                "created_before" => query.created.before = Some(instant(name, value)?),
                "updated_since" => query.updated.since = Some(instant(name, value)?),
                "updated_before" => query.updated.before = Some(instant(name, value)?),
                "start_date" => start = Some(day(name, value)?),
                "end_date" => end = Some(day(name, value)?),
                "source" if value.is_empty() => {
                    return Err(Refusal::bad_request("source is empty; give a name or an id"));
                }
                "source" => query.source = Some(value.clone()),
                "time_series" => query.time_series = flag(name, value)?,
                other if allowed.contains(other) => {}
                other => return Err(unknown(other)),
            }
        }
        query.days = match (start, end) {
            (Some(start), Some(end)) if start > end => {
                return Err(Refusal::bad_request(format!(
                    "start_date {start} is after end_date {end}; swap them"
                )));
            }
            (Some(start), Some(end)) => Some((start, end)),
            (None, None) => None,
            (Some(_), None) => {
                return Err(Refusal::bad_request("start_date is given without end_date; give both or none"));
            }
            (None, Some(_)) => {
                return Err(Refusal::bad_request("end_date is given without start_date; give both or none"));
            }
        };
        query.sent = sent;
        Ok(query)
    }

    /// `updated_since` and `updated_before`, in Unix seconds.
    #[must_use]
    pub fn updated(&self) -> (Option<i64>, Option<i64>) {
        (self.updated.since, self.updated.before)
    }

    /// Whether the options filter by anything other than the time of the update.
    #[must_use]
    pub fn has_other_filters(&self) -> bool {
        self.created != Window::default() || self.source.is_some() || self.days.is_some()
    }

    /// Whether a record matches the options.
    #[must_use]
    pub fn keeps(&self, row: &Row) -> bool {
        self.updated.holds(row.updated) && self.keeps_otherwise(row)
    }

    /// Whether a record matches the options other than the time of the update.
    #[must_use]
    pub fn keeps_otherwise(&self, row: &Row) -> bool {
        self.created.holds(row.created)
            && self
                .source
                .as_ref()
                .is_none_or(|source| *source == row.source().name || *source == row.source().id())
            && self.days.is_none_or(|(start, end)| (start..=end).contains(&row.local_day()))
    }
}

/// Checks the query of a request for one object or an unpaged list, which has no options.
///
/// # Errors
/// 400 if there is an option.
pub fn none(uri: &Uri, allowed: &BTreeSet<String>) -> Result<(), Refusal> {
    match parameters(uri)?.into_iter().find(|(name, _)| !allowed.contains(name)) {
        None => Ok(()),
        Some((name, _)) => {
            Err(Refusal::bad_request(format!("{name} is given, but {} takes no query options", uri.path())))
        }
    }
}

/// Whether a query has an invalid date or time.
#[must_use]
pub fn is_misdated(uri: &Uri) -> bool {
    parameters(uri).unwrap_or_default().iter().any(|(name, value)| match name.as_str() {
        "created_since" | "created_before" | "updated_since" | "updated_before" => {
            parse_basic(value).is_none()
        }
        "start_date" | "end_date" => Day::parse(value).is_none(),
        _ => false,
    })
}

fn parameters(uri: &Uri) -> Result<Vec<(String, String)>, Refusal> {
    let Query(sent) = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_| Refusal::bad_request("the query is not made of name=value pairs"))?;
    let mut names = BTreeSet::new();
    match sent.iter().find(|(name, _)| !names.insert(name)) {
        None => Ok(sent.clone()),
        Some((name, _)) => Err(Refusal::bad_request(format!("{name} is given twice; give it once"))),
    }
}

fn limit(value: &str) -> Result<usize, Refusal> {
    whole(value).filter(|limit| (1..=MAX_LIMIT).contains(limit)).ok_or_else(|| {
        Refusal::bad_request(format!("limit is {value:?}; a whole number from 1 to {MAX_LIMIT} is expected"))
    })
}

fn offset(value: &str) -> Result<usize, Refusal> {
    whole(value).ok_or_else(|| {
        Refusal::bad_request(format!("offset is {value:?}; a whole number, 0 or more, is expected"))
    })
}

/// Reads digits only: Rust's parser would also accept `+5`, which the API does not.
fn whole(value: &str) -> Option<usize> {
    value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok()).flatten()
}

fn instant(name: &str, value: &str) -> Result<i64, Refusal> {
    parse_basic(value).ok_or_else(|| {
        Refusal::bad_request(format!(
            "{name} is {value:?}; YYYYMMDDTHHmmssZ is expected, as in 20140110T000000Z"
        ))
    })
}

/// Reads a day from the query or the path.
///
/// # Errors
/// 400 if it is not a day.
pub fn day(name: &str, value: &str) -> Result<Day, Refusal> {
    Day::parse(value).ok_or_else(|| {
        Refusal::bad_request(format!("{name} is {value:?}; YYYY-MM-DD is expected, as in 2014-01-10"))
    })
}

fn flag(name: &str, value: &str) -> Result<bool, Refusal> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Refusal::bad_request(format!("{name} is {value:?}; true or false is expected"))),
    }
}

fn unknown(name: &str) -> Refusal {
    Refusal::bad_request(format!(
        "{name:?} is not a query option; start the sandbox with --allow-params {name} to let it through"
    ))
}

#[cfg(test)]
mod tests;
