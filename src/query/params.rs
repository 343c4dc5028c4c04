//! Parameters that this library does not know, and passes on.

use super::names::SENT;
use super::nearest::{folded, shown};
use crate::error::OptionError;

/// Names and values, sorted by name; none of the names is empty, twice there, or spoken for.
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// Checks and sorts `given`.
    ///
    /// A name is spoken for in whatever case convention it is written. The API would ignore `createdSince`, and the
    /// caller would take all records for the new ones.
    pub(super) fn new(given: Vec<(String, String)>) -> Result<Self, OptionError> {
        let mut sorted: Vec<(String, String)> = Vec::with_capacity(given.len());
        for (name, value) in given {
            if name.is_empty() {
                return Err(OptionError::new("params", "params must not have an empty name"));
            }
            let meaning = folded(&name);
            if meaning == ACCESS_TOKEN {
                return Err(refused(
                    &name,
                    ": a token in a URL leaks into links and logs; give it to the client as ",
                    "accessToken",
                ));
            }
            if let Some(option) = SENT.iter().find(|option| folded(option.name) == meaning) {
                return Err(refused(&name, ": give it as the option ", option.name));
            }
            // Not `sort`, which is some kilobytes of WebAssembly for a handful of names.
            let place = sorted.partition_point(|(earlier, _)| *earlier < name);
            if sorted.get(place).is_some_and(|(same, _)| *same == name) {
                return Err(refused(&name, " twice", ""));
            }
            sorted.insert(place, (name, value));
        }
        Ok(Self(sorted))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Human API's older way to say who asks is `?access_token=`; here as `folded` leaves it.
const ACCESS_TOKEN: &[u8] = b"accesstoken";

#[cold]
fn refused(name: &str, why: &str, instead: &str) -> OptionError {
    let name = shown(name);
    let message = ["params must not have \"", &name, "\"", why, instead].concat();
    OptionError::new(["params.", &name].concat(), message)
}
