//! The secrets that clients are opened with, and what is told where one is missing.

use crate::error::OptionError;
use crate::http::{Scheme, SecretText};

/// An option that holds a secret: a text, or a function that yields one.
#[derive(Clone, Copy, Debug)]
pub struct SecretOption {
    /// Its name.
    pub name: &'static str,
    scheme: Scheme,
    missing: &'static str,
}

/// A person's token.
pub const ACCESS_TOKEN: SecretOption = SecretOption {
    name: "accessToken",
    scheme: Scheme::Bearer,
    missing: "`accessToken` is missing: give the person's token, or a function that yields it; \"demo\" is the API's own demo \
              person",
};

/// The key of an app.
pub const APP_KEY: SecretOption = SecretOption {
    name: "appKey",
    scheme: Scheme::Basic,
    missing: "`appKey` is missing: give the App Key of your app, or a function that yields it",
};

/// The token of an endpoint that takes samples.
pub const TOKEN: SecretOption = SecretOption {
    name: "token",
    scheme: Scheme::Bearer,
    missing: "`token` is missing: give the token that opens the endpoint, or a function that yields it",
};

impl SecretOption {
    /// The secret in `text`. Errors: those of [`SecretText::new`].
    pub fn text(&self, text: &str) -> Result<SecretText, OptionError> {
        SecretText::new(self.scheme, self.name, text)
    }

    /// It was not given.
    pub fn missing(&self) -> OptionError {
        OptionError::new(self.name, self.missing)
    }
}
