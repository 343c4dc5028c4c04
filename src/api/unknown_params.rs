//! Parameters that this library does not know and passes on (`params`).

use super::nearest_name::{folded, shown};
use super::option_names::SENT_OPTIONS;
use crate::error::OptionError;

/// Checks that no name is empty, occurs twice, or is that of an option or of an access token.
///
/// Whatever its case convention: the API would ignore `createdSince`, and the caller would take all records for new
/// ones.
#[inline(never)]
pub(super) fn check(params: &[(String, String)]) -> Result<(), OptionError> {
    for (name, _) in params {
        if name.is_empty() {
            return Err(OptionError::new("params", "params must not have an empty name"));
        }
        let meaning = folded(name);
        if meaning == ACCESS_TOKEN {
            return Err(refused(
                name,
                ": a token in a URL leaks into links and logs; give it to the client as ",
                "accessToken",
            ));
        }
        if let Some(option) = SENT_OPTIONS.iter().find(|option| folded(option) == meaning) {
            return Err(refused(name, ": give it as the option ", option));
        }
        if params.iter().filter(|(other, _)| other == name).count() > 1 {
            return Err(refused(name, " twice", ""));
        }
    }
    Ok(())
}

/// The parameter that follows `last` by name. Sorting would cost some kilobytes of WebAssembly, for a handful of names.
#[inline(never)]
pub(super) fn next<'p>(params: &'p [(String, String)], last: &str) -> Option<&'p (String, String)> {
    let mut next: Option<&(String, String)> = None;
    for param in params {
        if *param.0 > *last && next.is_none_or(|next| param.0 < next.0) {
            next = Some(param);
        }
    }
    next
}

/// `?access_token=` is Human API's older way of authentication; here as `folded` gives it.
const ACCESS_TOKEN: &[u8] = b"accesstoken";

#[cold]
#[inline(never)]
fn refused(name: &str, why: &str, instead: &str) -> OptionError {
    let name = shown(name);
    let message = ["params must not have \"", &name, "\"", why, instead].concat();
    OptionError::new(["params.", &name].concat(), message)
}
