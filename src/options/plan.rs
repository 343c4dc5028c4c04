//! The options of `plan` and of `missing`.

use super::sync::{rounded_up, window_records};
use crate::api::{BatchType, decimal};
use crate::error::OptionError;
use crate::sync::PlanOptions;
use humansync_ingest::time::Instant;
use serde::Deserialize;

/// What `plan` takes.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanInit {
    /// From when on.
    pub since: Option<Instant>,
    /// Up to when.
    pub until: Option<Instant>,
    /// What is read already.
    pub covered: Option<Vec<CoveredInit>>,
    /// The most records in one window.
    pub window_records: Option<f64>,
}

/// An interval that is read already.
#[derive(Clone, Default, Deserialize)]
pub struct CoveredInit {
    /// Its first moment.
    pub since: Option<Instant>,
    /// The first moment after it.
    pub before: Option<Instant>,
}

/// What `missing` takes.
#[derive(Clone, Default, Deserialize)]
pub struct MissingInit {
    /// From when on the list is read.
    pub since: Option<Instant>,
}

impl PlanInit {
    /// What is planned. Errors: no beginning; an end before it; an interval that is not whole, or ends before it begins; a
    /// number out of its bounds.
    pub fn checked(&self) -> Result<PlanOptions, OptionError> {
        let since = self.since.ok_or_else(|| missing("since", "when the first window begins"))?;
        let since = since.unix_seconds();
        let until = self.until.map(rounded_up);
        if until.is_some_and(|until| until < since) {
            return Err(OptionError::new("until", "`until` must not be earlier than `since`"));
        }
        let mut covered = Vec::new();
        for (place, interval) in (0_u64..).zip(self.covered.iter().flatten()) {
            let name = ["covered[", &decimal(place), "]"].concat();
            covered.push(interval.checked(&name)?);
        }
        Ok(PlanOptions { since, until, covered, window_records: window_records(self.window_records)? })
    }
}

impl CoveredInit {
    /// The whole seconds in it: the first one, and the first one after it.
    fn checked(&self, name: &str) -> Result<(i64, i64), OptionError> {
        let (Some(since), Some(before)) = (self.since, self.before) else {
            let message = ["`", name, "` must have `since` and `before`, as a window of plan() has"];
            return Err(OptionError::new(name, message.concat()));
        };
        if since >= before {
            let message = ["`before` of `", name, "` must be later than its `since`"];
            return Err(OptionError::new(name, message.concat()));
        }
        // A second of which only a part is read is not read.
        Ok((rounded_up(since), before.unix_seconds()))
    }
}

impl MissingInit {
    /// From when on the list is read, in seconds since the epoch. Errors: it was not given.
    pub fn since(&self) -> Result<i64, OptionError> {
        let since = self.since.ok_or_else(|| {
            missing(
                "since",
                "the `since` of your first sync, or earlier; what is older would be taken for missing",
            )
        })?;
        Ok(since.unix_seconds())
    }
}

/// The type called `name`, whose records must have ids. Errors: a type that does not exist, or whose records have none.
pub fn type_with_ids(name: &str) -> Result<BatchType, OptionError> {
    let batch_type = super::batch_type("type", name)?;
    if batch_type.has_ids() {
        return Ok(batch_type);
    }
    let message =
        ["records of the type \"", name, "\" have no ids, so it cannot be told which of yours is missing"];
    Err(OptionError::new("type", message.concat()))
}

fn missing(option: &str, expected: &str) -> OptionError {
    OptionError::new(option, ["`", option, "` is missing: give ", expected].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn checked(json: &str) -> Result<PlanOptions, OptionError> {
        serde_json::from_str::<PlanInit>(json).unwrap().checked()
    }

    #[test]
    fn covered_time_is_cut_to_whole_seconds_and_the_end_is_not() {
        let options = checked(
            r#"{"since": 1500.0, "until": 9000.5, "covered": [{"since": 2001.0, "before": 4999.0}], "windowRecords": 9}"#,
        )
        .unwrap();
        assert_eq!((options.since, options.until, options.window_records), (1, Some(10), 9));
        assert_eq!(options.covered, [(3, 4)]);
        assert_eq!(checked(r#"{"since": 0.0}"#).unwrap().window_records, 50_000);
    }

    #[test]
    fn an_error_names_the_option_and_the_interval() {
        for (json, option) in [
            (r#"{}"#, "since"),
            (r#"{"since": 5000.0, "until": 4000.0}"#, "until"),
            (r#"{"since": 0.0, "windowRecords": 0}"#, "windowRecords"),
            (r#"{"since": 0.0, "covered": [{"since": 1.0, "before": 2.0}, {"since": 2.0}]}"#, "covered[1]"),
            (r#"{"since": 0.0, "covered": [{"since": 7000.0, "before": 7000.0}]}"#, "covered[0]"),
        ] {
            assert_eq!(checked(json).unwrap_err().option, option, "{json}");
        }
        assert_eq!(MissingInit::default().since().unwrap_err().option, "since");
    }

    #[test]
    fn traits_have_no_ids() {
        assert_eq!(type_with_ids("weights").unwrap().name(), "weights");
        assert_eq!(type_with_ids("genetic_traits").unwrap_err().option, "type");
        assert_eq!(type_with_ids("weight").unwrap_err().option, "type");
    }
}
