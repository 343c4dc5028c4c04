//! The options of every client, and those of `HumanClient` and `AppClient` alone.

use super::defaults;
use super::number::{whole, whole_or_infinite};
use crate::api::{AppPath, shown, texts};
use crate::error::OptionError;
use crate::http::{BaseUrl, Config};
use crate::text::is_one_of;
use serde::Deserialize;

/// More lanes than any server or browser grants.
const CONCURRENCY_AT_MOST: u64 = 256;

/// What every client takes.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientInit {
    /// Where the API is.
    pub base_url: Option<String>,
    /// Header fields that go with every request.
    #[serde(default, deserialize_with = "texts")]
    pub headers: Vec<(String, String)>,
    /// Longest time for one attempt, in milliseconds.
    pub timeout: Option<f64>,
    /// Most bytes of one answer.
    pub max_response_bytes: Option<f64>,
    /// Attempts after the first.
    pub max_retries: Option<f64>,
    /// Longest wait before another attempt, in milliseconds.
    pub max_retry_delay: Option<f64>,
    /// Requests in flight at once.
    pub concurrency: Option<f64>,
    /// Whether plain http: may go anywhere.
    pub allow_http: Option<bool>,
}

impl ClientInit {
    /// Whether plain http: may go to other machines.
    pub fn allows_http(&self) -> bool {
        self.allow_http.unwrap_or(false)
    }

    /// What a client of the API at `base` goes by. Errors: the first option that is out of its bounds, and a header
    /// field that cannot be sent, or that is the library's own.
    pub fn config(&self, base: BaseUrl) -> Result<Config, OptionError> {
        let concurrency =
            whole("concurrency", self.concurrency, 1, CONCURRENCY_AT_MOST, defaults::CONCURRENCY)?;
        let most_retries = u64::from(u32::MAX);
        let max_retries =
            whole("maxRetries", self.max_retries, 0, most_retries, u64::from(defaults::MAX_RETRIES))?;
        Ok(Config {
            base,
            headers: checked_headers(&self.headers)?,
            timeout: whole_or_infinite("timeout", self.timeout, 1, defaults::TIMEOUT)?,
            max_retries: u32::try_from(max_retries).unwrap_or(u32::MAX),
            max_retry_delay: whole_or_infinite(
                "maxRetryDelay",
                self.max_retry_delay,
                0,
                defaults::MAX_RETRY_DELAY,
            )?,
            concurrency: usize::try_from(concurrency).unwrap_or(usize::MAX),
        })
    }

    /// Most bytes of one answer; `u64::MAX` is no bound. Errors: a number out of its bounds.
    pub fn max_response_bytes(&self) -> Result<u64, OptionError> {
        whole_or_infinite("maxResponseBytes", self.max_response_bytes, 1, defaults::MAX_RESPONSE_BYTES)
    }
}

/// The fields with their names in lower case. What is no name is not repeated: it may be a value, and a secret.
fn checked_headers(given: &[(String, String)]) -> Result<Vec<(String, String)>, OptionError> {
    let mut fields = given.to_vec();
    for (name, value) in &mut fields {
        name.make_ascii_lowercase();
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(OptionError::new(
                "headers",
                "`headers` has a name that is not one of a header field (RFC 9110 §5.1), such as \"x-study\"",
            ));
        }
        let why = if matches!(name.as_str(), "authorization" | "accept" | "content-type") {
            "is set by the library itself; leave it out"
        } else if !value.bytes().all(|byte| byte == b'\t' || matches!(byte, b' '..=b'~')) {
            "has a character that a header field cannot carry"
        } else {
            continue;
        };
        let option = ["headers.", &shown(name)].concat();
        let message = ["`", &option, "` ", why].concat();
        return Err(OptionError::new(option, message));
    }
    Ok(fields)
}

/// RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || is_one_of(byte, b"!#$%&'*+-.^_`|~")
}

/// What one person's data lies below.
const AREA: &str = "/human";

/// What `HumanClient` takes besides the options of every client.
#[derive(Clone, Default, Deserialize)]
pub struct HumanClientInit {
    /// The API's version.
    pub version: Option<String>,
}

impl HumanClientInit {
    /// Where the API is. Errors: those of [`BaseUrl::new`].
    pub fn base(&self, client: &ClientInit) -> Result<BaseUrl, OptionError> {
        base(client, self.version.as_deref(), AREA)
    }
}

/// Human API at the caller's address, or its own; links stay below `area`.
fn base(client: &ClientInit, version: Option<&str>, area: &str) -> Result<BaseUrl, OptionError> {
    let base_url = client.base_url.as_deref().unwrap_or(defaults::BASE_URL);
    BaseUrl::new(base_url, version.unwrap_or(defaults::VERSION), area, client.allows_http())
}

/// What `AppClient` takes besides the options of every client.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppClientInit {
    /// How the API knows the app.
    pub client_id: Option<String>,
    /// The API's version.
    pub version: Option<String>,
    /// Whether it may be used in a page.
    pub dangerously_allow_browser: Option<bool>,
}

impl AppClientInit {
    /// How the API knows the app, where it may be used here at all. Errors: a page without the leave for it; a
    /// `clientId` that is missing.
    pub fn client_id(&self, is_browser: bool) -> Result<&str, OptionError> {
        if is_browser && self.dangerously_allow_browser != Some(true) {
            return Err(OptionError::new(
                "dangerouslyAllowBrowser",
                "an App Key opens the data of every user of the app, and whoever opens this page can read it there: keep AppClient \
                 on a server. If this is no page that others open, say `dangerouslyAllowBrowser: true`",
            ));
        }
        self.client_id.as_deref().ok_or_else(|| {
            OptionError::new(
                "clientId",
                "`clientId` is missing: give the client id of your app, as the developer portal shows it",
            )
        })
    }

    /// Where the API is. Errors: those of [`BaseUrl::new`].
    pub fn base(&self, client: &ClientInit, path: &AppPath) -> Result<BaseUrl, OptionError> {
        base(client, self.version.as_deref(), path.area())
    }
}
