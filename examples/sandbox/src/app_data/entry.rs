//! A record of an app's user in small: what windows and filters need, and the key that the rest is drawn from.

use crate::data::row::Row;
use crate::data::source;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Unix milliseconds. Lists are kept in its order.
    pub updated: i64,
    /// Everything that is not said here is drawn from this and from `updated`.
    pub key: u64,
    /// When it was measured, began, or ended, in Unix seconds.
    pub at: i64,
    /// Unix milliseconds.
    pub created: i64,
    /// Number of the user.
    pub user: u32,
}

const SOURCES: [&str; 4] = ["fitbit", "withings", "ihealth", "runkeeper"];

impl Entry {
    /// 24 hex digits: seconds of creation, then the key.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{:08x}{:016x}", (self.created / 1000) as u32, self.key)
    }

    /// Where it stands in its list.
    #[must_use]
    pub fn place(&self) -> (i64, u64) {
        (self.updated, self.key)
    }

    #[must_use]
    pub fn source(&self) -> &'static str {
        SOURCES[(self.key % SOURCES.len() as u64) as usize]
    }

    /// Minutes east of UTC.
    #[must_use]
    pub fn offset(&self) -> i16 {
        [-360, -300, 0, 60, 120, 330][(self.user % 6) as usize]
    }

    /// The same in the form that filters know.
    #[must_use]
    pub fn row(&self) -> Row {
        let source = source::index(self.source());
        Row::new(self.key, self.at, self.created, self.updated, Some(self.offset()), source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_million_take_200_megabytes() {
        assert_eq!(size_of::<Entry>(), 40);
    }
}
