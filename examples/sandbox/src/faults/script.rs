//! Answers that a test writes for the next requests.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::{Refusal, json};
use crate::faults::Cut;

/// One answer. Used up by the next request, or by the next one whose path begins with `path`.
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
    /// Waits so long before anything else.
    pub delay_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
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
        for (name, value) in &self.headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() || HeaderValue::from_str(value).is_err() {
                return Err(format!("failNext: the header {name:?} cannot be sent"));
            }
        }
        Ok(())
    }

    /// Whether it is meant for a request to this path.
    #[must_use]
    pub fn is_for(&self, path: &str) -> bool {
        self.path.as_ref().is_none_or(|prefix| path.starts_with(prefix))
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
            (Some(CutAt::Before), _) => "scripted cut before".into(),
            (Some(CutAt::After), _) => "scripted cut after".into(),
            (Some(CutAt::Within), _) => "scripted cut within".into(),
            (None, Some(status)) => format!("scripted {status}").into(),
            (None, None) => "scripted delay".into(),
        }
    }
}
