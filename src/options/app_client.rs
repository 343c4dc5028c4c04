//! The options of `AppClient`.

use super::ClientInit;
use super::human_client::base;
use crate::api::AppPath;
use crate::error::OptionError;
use crate::http::BaseUrl;
use serde::Deserialize;

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
    /// How the API knows the app, where it may be used here at all.
    ///
    /// # Errors
    /// A page without the leave for it; a `clientId` that is missing.
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

    /// Where the API is.
    ///
    /// # Errors
    /// Those of [`BaseUrl::new`].
    pub fn base(&self, client: &ClientInit, path: &AppPath) -> Result<BaseUrl, OptionError> {
        base(client, self.version.as_deref(), path.area())
    }
}
