//! What binds a cursor to its query.

use crate::fnv::Fnv64;

/// A number that stands for a query and its path: a cursor carries it to tell that it is used with the query it came
/// from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(Fnv64);

impl Fingerprint {
    /// The fingerprint of one text.
    pub fn of(text: &str) -> Self {
        Self(Fnv64::of(text.as_bytes()))
    }

    /// The fingerprint of the texts so far and `text`. `0xff` goes in between, a byte that UTF-8 does not have, so
    /// that `ab` and `c` differ from `a` and `bc`.
    #[must_use]
    pub fn and(self, text: &str) -> Self {
        Self(self.0.and(&[0xff]).and(text.as_bytes()))
    }

    /// The number itself.
    pub fn value(self) -> u64 {
        self.0.0
    }
}
