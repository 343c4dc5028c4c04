//! The words for what is wrong with an option. What was given is repeated only where it can be neither a secret nor a
//! health value.
//!
//! What is said of a value of the wrong type (`must be a number; it is a text`) needs a look at the value, and is in
//! `bindings/imports/options.js`.

use crate::api::{nearest, shown};
use crate::error::OptionError;

/// There is no option called `given`: names the nearest of `known`, or all of them if none is near.
///
/// ```
/// use humansync::options::unknown_option;
///
/// let error = unknown_option("updated_since", &["limit", "updatedSince"]);
/// assert_eq!(error.message, r#"there is no option "updated_since": did you mean "updatedSince"?"#);
/// ```
pub fn unknown_option(given: &str, known: &[&str]) -> OptionError {
    let option = shown(given);
    let mut message = ["there is no option \"", &option, "\""].concat();
    if let Some(name) = nearest(given, known) {
        message.push_str(": did you mean \"");
        message.push_str(name);
        message.push_str("\"?");
    } else {
        let mut separator = "; the options are ";
        for name in known {
            message.push_str(separator);
            message.push_str(name);
            separator = ", ";
        }
    }
    OptionError::new(option, message)
}

/// The value `given` of `option` is none of those that are `expected`.
#[cold]
pub fn no_such(option: &str, given: &str, expected: &str) -> OptionError {
    let message = ["`", option, "` must be ", expected, ", not \"", &shown(given), "\""];
    OptionError::new(option, message.concat())
}
