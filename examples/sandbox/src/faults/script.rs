//! Answers that a test writes for the next requests.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU64;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::{Refusal, json};
use crate::faults::Cut;

/// One answer. Used up by the next request that it is meant for: by `method`, by `path`, which its path begins with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Scripted {
    /// Without it the real answer is given (late, with `delayMs`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<RetryAfter>,
    /// JSON, or a string that is sent as it is. Without it an error's usual body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The connection breaks instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<CutAt>,
    /// There is no answer; the request ends when the client leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hang: Option<HangAt>,
    /// The server acts first; its answer is dropped for `status`.
    #[serde(skip_serializing_if = "is_off")]
    pub after_acting: bool,
    /// Waits so long before anything else.
    pub delay_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Not the next request that it is meant for, but the n-th from now on: counts down to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<NonZeroU64>,
}

fn is_off(flag: &bool) -> bool {
    !flag
}

/// When a request is left without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HangAt {
    Before,
    After,
}

/// The answer for a request, where one of the script's is due; it is taken out. All that are meant for such requests
/// count this one, so that each `nth` is by itself.
pub fn take(script: &mut VecDeque<Scripted>, method: &Method, path: &str) -> Option<Scripted> {
    let mut due = None;
    for (place, scripted) in script.iter_mut().enumerate().filter(|(_, one)| one.is_for(method, path)) {
        match scripted.nth.and_then(|nth| NonZeroU64::new(nth.get() - 1)) {
            Some(rest) => scripted.nth = Some(rest),
            None => due = due.or(Some(place)),
        }
    }
    due.and_then(|place| script.remove(place))
}

/// When a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CutAt {
    Before,
    After,
    Within,
}

/// Seconds, or a text: a date, or nonsense that a client must survive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RetryAfter {
    Seconds(u64),
    Text(String),
}

impl RetryAfter {
    /// As a header's value; a text that cannot be one is left out.
    #[must_use]
    pub fn header(&self) -> Option<HeaderValue> {
        match self {
            Self::Seconds(seconds) => Some(HeaderValue::from(*seconds)),
            Self::Text(text) => HeaderValue::from_str(text).ok(),
        }
    }

    /// How long it asks to wait, where it says so in seconds.
    #[must_use]
    pub fn seconds(&self) -> Option<u64> {
        match self {
            Self::Seconds(seconds) => Some(*seconds),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

impl Scripted {
    /// # Errors
    /// A text that names the field that cannot be sent.
    pub fn check(&self) -> Result<(), String> {
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("failNext: status is not a number from 200 to 599".to_owned());
        }
        if self.after_acting && self.status.is_none() {
            return Err("failNext: afterActing is given without a status to answer then".to_owned());
        }
        if self.hang.is_some() && (self.status.is_some() || self.cut.is_some()) {
            return Err("failNext: hang is given with status or cut; one of them can be".to_owned());
        }
        for (name, value) in &self.headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() || HeaderValue::from_str(value).is_err() {
                return Err(format!("failNext: the header {name:?} cannot be sent"));
            }
        }
        Ok(())
    }

    /// Whether it is meant for such a request.
    fn is_for(&self, method: &Method, path: &str) -> bool {
        self.path.as_ref().is_none_or(|prefix| path.starts_with(prefix))
            && self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()))
    }

    /// The answer, where it has one of its own.
    #[must_use]
    pub fn response(&self) -> Option<Response> {
        if self.cut == Some(CutAt::Before) {
            return Some(Cut::Reset.into_response());
        }
        let status = StatusCode::from_u16(self.status?).ok()?;
        let mut response = match &self.body {
            Some(Value::String(text)) => Response::new(Body::from(text.clone())),
            Some(value) => json(value),
            None if status.is_success() => Response::new(Body::empty()),
            None => Refusal { status, message: "this answer was scripted".to_owned() }.into_response(),
        };
        *response.status_mut() = status;
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
            {
                response.headers_mut().insert(name, value);
            }
        }
        if let Some(value) = self.retry_after.as_ref().and_then(RetryAfter::header) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        Some(response)
    }

    /// What the log calls it.
    #[must_use]
    pub fn label(&self) -> Cow<'static, str> {
        match (self.cut, self.status) {
            _ if self.hang == Some(HangAt::Before) => "scripted hang before".into(),
            _ if self.hang == Some(HangAt::After) => "scripted hang after".into(),
            (Some(CutAt::Before), _) => "scripted cut before".into(),
            (Some(CutAt::After), _) => "scripted cut after".into(),
            (Some(CutAt::Within), _) => "scripted cut within".into(),
            (None, Some(status)) if self.after_acting => format!("scripted {status} after acting").into(),
            (None, Some(status)) => format!("scripted {status}").into(),
            (None, None) => "scripted delay".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Which answers of a script so many requests get, by their status.
    fn statuses(script: Value, requests: usize) -> Vec<Option<u16>> {
        let mut script: VecDeque<Scripted> = serde_json::from_value(script).unwrap();
        (0..requests).map(|_| take(&mut script, &Method::POST, "/p/q")?.status).collect()
    }

    #[test]
    fn answers_are_taken_in_turn() {
        assert_eq!(statuses(json!([{ "status": 500 }, { "status": 501 }]), 3), [Some(500), Some(501), None]);
    }

    #[test]
    fn an_nth_counts_by_itself() {
        let script =
            json!([{ "nth": 4, "status": 504 }, { "nth": 2, "status": 502 }, { "nth": 1, "status": 501 }]);
        assert_eq!(statuses(script, 5), [Some(501), Some(502), None, Some(504), None]);
    }

    #[test]
    fn two_for_the_same_request_follow_each_other() {
        let script = json!([{ "nth": 2, "status": 500 }, { "nth": 2, "status": 501 }]);
        assert_eq!(statuses(script, 4), [None, Some(500), Some(501), None]);
    }

    #[test]
    fn requests_that_an_answer_is_not_meant_for_do_not_count() {
        let script = json!([
            { "method": "GET", "status": 500 }, { "path": "/q", "nth": 2, "status": 501 },
            { "method": "post", "path": "/p", "nth": 2, "status": 502 },
        ]);
        assert_eq!(statuses(script, 4), [None, Some(502), None, None]);
    }
}
