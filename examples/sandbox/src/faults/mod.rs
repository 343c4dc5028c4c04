//! Faults on demand: which faults exist, and in `weather`, when each occurs. The effects on links and lists are in
//! `human`, and the effects of limits on batches in `samples`.

mod cut;
mod hold;
mod rate_limit;
mod script;
mod weather;

use std::collections::VecDeque;
use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::apps::APP_KEY;
use crate::catalogue::DataType;
use crate::data::TOKEN;

pub use cut::{Cut, cut_within_body};
pub use hold::{Hold, sit_out};
pub use rate_limit::{RateLimit, RateWindow};
pub use script::{RetryAfter, Scripted};
pub use weather::weather;

/// All faults, which are off by default. The JSON form is that of `/_sandbox/faults`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Faults {
    /// Half of the latency is before the server acts, half after.
    pub latency_ms: u64,
    /// Varies the latency at random by up to this much, so that answers overtake each other.
    pub jitter_ms: u64,
    /// The rate, e.g. "5/1s", above which requests are answered with 429.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// The value of `Retry-After` with a 429 or 503: seconds, or any text.
    pub retry_after: RetryAfter,
    /// Share of requests answered with `errorStatus`, 0 to 1.
    pub error_rate: f64,
    pub error_status: u16,
    /// Share of requests on which the server acts, and then answers `errorStatus`, 0 to 1.
    pub error_after: f64,
    /// Share of connections reset before the server acts, 0 to 1.
    pub cut_before: f64,
    /// Share of connections closed after the server acted, with nothing sent, 0 to 1.
    pub cut_after: f64,
    /// Share of answers that are cut in the middle of their body, 0 to 1.
    pub cut_within: f64,
    /// Link, X-Total-Count, Retry-After, Date and X-Request-Id are neither exposed nor sent.
    pub hide_headers: bool,
    /// Changes to a list with each request for it, on average.
    pub churn: f64,
    pub link_form: LinkForm,
    /// `next` leads to this origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_link_origin: Option<String>,
    /// `next` leads to the page it is on.
    pub next_leads_back: bool,
    /// Every page has the first records, whatever the offset, but the links continue.
    pub ignore_offset: bool,
    /// The most records in a page, whatever the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_limit: Option<NonZeroUsize>,
    /// There is no latest reading, and this is the server's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty_latest: Option<EmptyLatest>,
    #[serde(rename = "medicalProfile404")]
    pub medical_profile404: bool,
    /// Bodies are sent in pieces over this time.
    pub slow_body_ms: u64,
    /// The tokens that open the per-user side and the API for samples.
    pub tokens: Vec<String>,
    /// The App Keys that open the app.
    pub app_keys: Vec<String>,
    /// `updated_since` of a batch query is not included.
    pub since_exclusive: bool,
    /// `updated_before` of a batch query is included.
    pub before_inclusive: bool,
    pub batch_order: BatchOrder,
    /// The person's lists, by name, that accept `updated_since` and `updated_before`, and do not heed them.
    pub ignore_updated_since: Vec<String>,
    /// A batch of samples whose body is larger is answered with 413.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_body_bytes: Option<NonZeroUsize>,
    /// A batch of more samples is answered with 413.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_samples: Option<NonZeroUsize>,
    /// Requests that wait until this fault is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// Answers for the next requests, in turn.
    pub fail_next: VecDeque<Scripted>,
}

/// How `Link` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LinkForm {
    /// With angle brackets and no space after the comma, as recorded from the real server.
    #[default]
    Wire,
    /// Without brackets, as in the documentation.
    Documented,
    /// Not at all.
    None,
}

/// The order in which batch queries return records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum BatchOrder {
    /// By their update, newest first.
    #[default]
    Updated,
    /// By their time of recording, newest first.
    Recorded,
}

/// The possible answers of a server without a latest reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmptyLatest {
    #[serde(rename = "404")]
    NotFound,
    #[serde(rename = "{}")]
    Object,
    #[serde(rename = "null")]
    Null,
    /// 200 with an empty body.
    #[serde(rename = "empty")]
    Nothing,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            latency_ms: 0,
            jitter_ms: 0,
            rate_limit: None,
            retry_after: RetryAfter::Seconds(1),
            error_rate: 0.0,
            error_status: 500,
            error_after: 0.0,
            cut_before: 0.0,
            cut_after: 0.0,
            cut_within: 0.0,
            hide_headers: false,
            churn: 0.0,
            link_form: LinkForm::Wire,
            next_link_origin: None,
            next_leads_back: false,
            ignore_offset: false,
            max_limit: None,
            empty_latest: None,
            medical_profile404: false,
            slow_body_ms: 0,
            tokens: vec![TOKEN.to_owned()],
            app_keys: vec![APP_KEY.to_owned()],
            since_exclusive: false,
            before_inclusive: false,
            batch_order: BatchOrder::Updated,
            ignore_updated_since: Vec::new(),
            max_body_bytes: None,
            max_samples: None,
            hold: None,
            fail_next: VecDeque::new(),
        }
    }
}

impl Faults {
    /// These faults with a partial update (RFC 7396: `null` turns a fault off).
    ///
    /// # Errors
    /// A text that names a field that is unknown or out of range.
    pub fn updated(&self, update: &Value) -> Result<Self, String> {
        let Value::Object(update) = update else {
            return Err("an object of faults is expected".to_owned());
        };
        let mut merged = serde_json::to_value(self).map_err(|error| error.to_string())?;
        if let Value::Object(merged) = &mut merged {
            for (name, value) in update {
                match value {
                    Value::Null => merged.shift_remove(name),
                    value => merged.insert(name.clone(), value.clone()),
                };
            }
        }
        let faults: Self = serde_json::from_value(merged).map_err(|error| error.to_string())?;
        faults.check()?;
        Ok(faults)
    }

    /// The faults that are on, for the banner.
    #[must_use]
    pub fn summary(&self) -> String {
        let fields = |faults: &Self| serde_json::to_value(faults).unwrap_or_default();
        let (all, off) = (fields(self), fields(&Self::default()));
        let on: Vec<String> = all
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, value)| off.get(name.as_str()) != Some(value))
            .map(|(name, value)| format!("{name} {}", value.to_string().trim_matches('"')))
            .collect();
        if on.is_empty() { "none".to_owned() } else { on.join(" · ") }
    }

    /// Whether a list of the person does not heed `updated_since` and `updated_before`.
    #[must_use]
    pub fn ignores_updates(&self, data_type: DataType) -> bool {
        self.ignore_updated_since.iter().any(|name| name == data_type.name())
    }

    fn check(&self) -> Result<(), String> {
        let shares = [
            ("errorRate", self.error_rate),
            ("errorAfter", self.error_after),
            ("cutBefore", self.cut_before),
            ("cutAfter", self.cut_after),
            ("cutWithin", self.cut_within),
        ];
        for (name, share) in shares {
            if !(0.0..=1.0).contains(&share) {
                return Err(format!("{name} is {share}; a share from 0 to 1 is expected"));
            }
        }
        if !(0.0..=1000.0).contains(&self.churn) {
            return Err(format!("churn is {}; 0 to 1000 changes a request are expected", self.churn));
        }
        if !(400..=599).contains(&self.error_status) {
            return Err(format!("errorStatus is {}; 400 to 599 is expected", self.error_status));
        }
        if self.tokens.iter().any(|token| token.is_empty() || token.trim() != token) {
            return Err("tokens: one is empty, or has a space around it; it could not be sent".to_owned());
        }
        if self.app_keys.iter().any(|key| key.is_empty() || key.contains(':')) {
            return Err("appKeys: one is empty, or has a colon; it could not be sent".to_owned());
        }
        if let Some(name) = self.ignore_updated_since.iter().find(|name| DataType::named(name).is_none()) {
            return Err(format!(
                "ignoreUpdatedSince: {name:?} is no list of the person; there are {}",
                DataType::names()
            ));
        }
        self.fail_next.iter().try_for_each(Scripted::check)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_update_changes_what_it_names_and_leaves_the_rest() {
        let faults = Faults { churn: 0.5, ..Faults::default() };
        let updated =
            faults.updated(&json!({ "latencyMs": 50, "rateLimit": "5/1s", "linkForm": "none" })).unwrap();
        assert_eq!((updated.latency_ms, updated.churn, updated.link_form), (50, 0.5, LinkForm::None));
        assert_eq!(updated.rate_limit.unwrap().to_string(), "5/1s");
    }

    #[test]
    fn null_turns_a_fault_off() {
        let on = json!({ "maxBodyBytes": 9, "maxSamples": 4, "hold": { "after": 3 }, "tokens": ["a"], "maxLimit": 7, "rateLimit": "5/1s", "emptyLatest": "{}", "latencyMs": 5, "nextLinkOrigin": "http://x" });
        let off = json!({ "maxBodyBytes": null, "maxSamples": null, "hold": null, "tokens": null, "maxLimit": null, "rateLimit": null, "emptyLatest": null, "latencyMs": null, "nextLinkOrigin": null });
        let faults = Faults::default().updated(&on).unwrap();
        assert_ne!(faults, Faults::default());
        assert_eq!(faults.updated(&off).unwrap(), Faults::default());
    }

    #[test]
    fn what_is_not_known_or_out_of_range_is_refused_by_name() {
        for (update, named) in [
            (json!({ "latency": 5 }), "latency"),
            (json!({ "errorRate": 1.5 }), "errorRate"),
            (json!({ "errorAfter": 1.5 }), "errorAfter"),
            (json!({ "cutBefore": -0.1 }), "cutBefore"),
            (json!({ "cutAfter": 2 }), "cutAfter"),
            (json!({ "cutWithin": 2 }), "cutWithin"),
            (json!({ "errorStatus": 200 }), "errorStatus"),
            (json!({ "churn": -1 }), "churn"),
            (json!({ "rateLimit": "5" }), "5/1s"),
            (json!({ "emptyLatest": "none" }), "none"),
            (json!({ "failNext": [{ "status": 99 }] }), "status"),
            (json!({ "failNext": [{ "afterActing": true }] }), "afterActing"),
            (json!({ "failNext": [{ "status": 500, "hang": "after" }] }), "hang"),
            (json!({ "failNext": [{ "nth": 0 }] }), "nonzero"),
            (json!({ "maxBodyBytes": 0 }), "nonzero"),
            (json!({ "tokens": [""] }), "tokens"),
            (json!({ "appKeys": ["a:b"] }), "appKeys"),
            (json!({ "batchOrder": "newest" }), "newest"),
            (json!({ "ignoreUpdatedSince": ["weight", "weights"] }), "\"weights\""),
            (json!({ "ignoreUpdatedSince": "weight" }), "weight"),
            (json!([]), "object"),
        ] {
            let message = Faults::default().updated(&update).expect_err("refused");
            assert!(message.contains(named), "{update}: {message}");
        }
    }
}
