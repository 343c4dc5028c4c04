//! The options of `HumanClient`.

use super::ClientInit;
use super::defaults;
use crate::error::OptionError;
use crate::http::BaseUrl;
use serde::Deserialize;

/// What one person's data lies below.
const AREA: &str = "/human";

/// What `HumanClient` takes besides the options of every client.
#[derive(Clone, Default, Deserialize)]
pub struct HumanClientInit {
    /// The API's version.
    pub version: Option<String>,
}

impl HumanClientInit {
    /// Where the API is.
    ///
    /// # Errors
    /// Those of [`BaseUrl::new`].
    pub fn base(&self, client: &ClientInit) -> Result<BaseUrl, OptionError> {
        base(client, self.version.as_deref(), AREA)
    }
}

/// Human API at the caller's address, or its own; links stay below `area`.
pub(super) fn base(client: &ClientInit, version: Option<&str>, area: &str) -> Result<BaseUrl, OptionError> {
    let base_url = client.base_url.as_deref().unwrap_or(defaults::BASE_URL);
    BaseUrl::new(base_url, version.unwrap_or(defaults::VERSION), area, client.allows_http())
}
