//! Answers that a test scripts for the next requests.

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

/// One answer. The next request with this `method` and path prefix (`path`) uses it up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Scripted {
    /// Without it, the real answer is sent (late, with `delayMs`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<RetryAfter>,
    /// JSON, or a string that is sent unchanged. Without it, the usual body of an error is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The connection is cut instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<CutAt>,
    /// There is no answer. The request ends when the client closes the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hang: Option<HangAt>,
    /// The server acts first, and its answer is replaced by `status`.
    #[serde(skip_serializing_if = "is_off")]
    pub after_acting: bool,
    /// A wait before anything else.
    pub delay_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The answer is for the n-th matching request from now on instead of the next. Counts down to 1.
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

/// Takes the answer for a request out of the script, if one is due. All answers that match the request count it, so
/// that each `nth` is independent.
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

/// Seconds, or a text: a date, or an invalid value that a client must survive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RetryAfter {
    Seconds(u64),
    Text(String),
}

impl RetryAfter {
    /// The value of the header; `None` for a text that cannot be one.
    #[must_use]
    pub fn header(&self) -> Option<HeaderValue> {
        match self {
            Self::Seconds(seconds) => Some(HeaderValue::from(*seconds)),
            Self::Text(text) => HeaderValue::from_str(text).ok(),
        }
    }

    /// The wait that it requests, if it is in seconds.
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

    /// Whether it matches a request.
    fn is_for(&self, method: &Method, path: &str) -> bool {
        self.path.as_ref().is_none_or(|prefix| path.starts_with(prefix))
            && self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()))
    }

    /// The scripted answer, if there is one.
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

    /// Its name in the log.
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

    /// The statuses of the scripted answers that a number of requests get.
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
