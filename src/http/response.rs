//! What an answer means: a result, a failure that another attempt may mend, or a final one.

use super::credential::{SecretInUse, SecretText};
use super::retry::parse_retry_after;
use super::server_clock::server_clock;
use super::{Accept, Body, Call, Client, Headers, Reason, Response, Transport};
use crate::clock::Clock;
use crate::error::{self, ApiError, Error, ProtocolError};
use std::rc::Rc;

static NOT_JSON: ProtocolError = ProtocolError {
    code: "not-json",
    message: "the answer is not JSON though its status says that all is well; is `baseUrl` the API's?",
};
static TOO_LARGE: ProtocolError = ProtocolError {
    code: "too-large",
    message: "the answer has more bytes, uncompressed, than `maxResponseBytes` allows, and was not read to its end; ask \
              for fewer records at a time (`limit`), or raise the option if answers may be that large",
};
static NOT_ACKNOWLEDGED: ProtocolError = ProtocolError {
    code: "not-acknowledged",
    message: "the answer does not acknowledge the request: its status is another 2xx than the one that the API is known to give, or it \
              says that something failed, or that nothing was accepted; is `baseUrl` the API's?",
};
static REDIRECT: ProtocolError = ProtocolError {
    code: ProtocolError::REDIRECT,
    message: "the answer is a redirect, which is not followed, so that the secret goes nowhere else; set `baseUrl` to \
              where the API is",
};

/// How long all who share a limiter pause after a 429 without `Retry-After`, in milliseconds.
const UNSTATED_PAUSE: u64 = 1000;

/// An answer with a 2xx status.
#[derive(Debug)]
pub struct Reply<D> {
    /// The header fields that the library reads.
    pub headers: Headers,
    /// The content.
    pub body: Body<D>,
    /// The secret that was sent, to keep it out of everything that is shown.
    pub secret: SecretText,
}

/// How an attempt failed.
pub(super) enum AttemptError {
    /// Another attempt may succeed.
    Retryable { error: Error, reason: Reason, wait: Option<u64> },
    /// The secret was refused.
    Unauthorized { error: Error, used: SecretInUse },
    /// No other attempt would succeed.
    Final(Error),
}

impl AttemptError {
    /// The pause that all who share a limiter have to make, in milliseconds: the one that the server has asked for, or a
    /// short one after a 429 that does not say how long.
    pub(super) fn pause(&self) -> Option<u64> {
        match self {
            Self::Retryable { wait: Some(wait), .. } => Some(*wait),
            Self::Retryable { reason: Reason::Status(429), .. } => Some(UNSTATED_PAUSE),
            _ => None,
        }
    }

    pub(super) fn error(&self) -> &Error {
        match self {
            Self::Retryable { error, .. } | Self::Unauthorized { error, .. } | Self::Final(error) => error,
        }
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// Judges an answer by its status, its body and what the call accepts.
    pub(super) fn judge(
        &self,
        call: &Call,
        path: &Rc<str>,
        response: Response<T::Document>,
        used: SecretInUse,
    ) -> Result<Reply<T::Document>, AttemptError> {
        let Response { status, headers, body } = response;
        if (200..=299).contains(&status) {
            match body {
                Body::NotJson => return Err(AttemptError::Final(Error::Protocol(&NOT_JSON))),
                Body::TooLarge => {
                    let error = Error::Protocol(&TOO_LARGE);
                    return Err(if call.can_be_halved() {
                        AttemptError::Retryable { error, reason: Reason::Size, wait: None }
                    } else {
                        AttemptError::Final(error)
                    });
                }
                Body::Empty | Body::Document(_) => {}
            }
            if let Accept::Acknowledgement(statuses) = call.accept
                && !(statuses.contains(&status) && acknowledges::<T>(&body))
            {
                return Err(AttemptError::Final(Error::Protocol(&NOT_ACKNOWLEDGED)));
            }
            return Ok(Reply { headers, body, secret: used.text });
        }
        if status == 0 || (300..=399).contains(&status) && status != 304 {
            return Err(AttemptError::Final(Error::Protocol(&REDIRECT)));
        }
        let retryable = matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504);
        let wait = if retryable { self.wait_asked_for(&headers) } else { None };
        if let Some(wait) = wait {
            self.pause.begin(&self.clock, wait, status);
        }
        let error = Error::Api(Box::new(ApiError {
            status,
            method: call.method,
            path: path.clone(),
            request_id: headers.request_id,
            retry_at: wait.map(|wait| later(self.clock.now(), wait)),
            body: T::host_value(body),
            pause: match wait {
                Some(wait) if wait > self.config.max_retry_delay => error::PauseEffect::TooLong,
                _ => error::PauseEffect::None,
            },
        }));
        Err(match status {
            401 => AttemptError::Unauthorized { error, used },
            _ if retryable => AttemptError::Retryable { error, reason: Reason::Status(status), wait },
            _ => AttemptError::Final(error),
        })
    }

    /// RFC 9110 §10.2.3. A date is read relative to the answer's own `Date` where there is one: both are by the
    /// server's clock, while this host's may be off by hours.
    fn wait_asked_for(&self, headers: &Headers) -> Option<u64> {
        let value = headers.retry_after.as_deref()?;
        let seconds = self.server_seconds(headers);
        let now = seconds.map_or_else(|| self.clock.now(), |seconds| seconds.saturating_mul(1000));
        parse_retry_after(value, now)
    }

    /// The server's clock when it answered, in seconds since the epoch.
    pub(crate) fn server_seconds(&self, headers: &Headers) -> Option<i64> {
        server_clock(headers.date.as_deref()?, self.clock.now() / 1000)
    }
}

/// Whether nothing in the body says that something failed.
fn acknowledges<T: Transport>(body: &Body<T::Document>) -> bool {
    match body {
        Body::Empty => true,
        Body::Document(document) => !T::says_failed(document),
        Body::NotJson | Body::TooLarge => false,
    }
}

/// A request id goes into logs: only what looks like one, and nothing that repeats the secret, however short, or a
/// header field of the caller.
pub(super) fn is_presentable(id: &str, used: &SecretInUse, headers: &[(String, String)]) -> bool {
    !id.is_empty()
        && id.len() <= 128
        && id.bytes().all(|byte| byte.is_ascii_graphic())
        && used.text.redaction(1, headers).redact(id).is_none()
}

/// `wait` milliseconds after `now`.
pub(super) fn later(now: i64, wait: u64) -> i64 {
    now.saturating_add(i64::try_from(wait).unwrap_or(i64::MAX))
}
