//! The compact form of a record of an app's user: the fields for windows and filters, and the key from which the others
//! are drawn.

use crate::data::row::Row;
use crate::data::source;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Unix milliseconds. Lists are sorted by this.
    pub updated: i64,
    /// All other fields of the record are drawn from this and from `updated`.
    pub key: u64,
    /// When it was measured, began, or ended, in Unix seconds.
    pub at: i64,
    /// Unix milliseconds.
    pub created: i64,
    /// The number of the user.
    pub user: u32,
}

const SOURCES: [&str; 4] = ["fitbit", "withings", "ihealth", "runkeeper"];

impl Entry {
    /// 24 hex digits: seconds of creation, then the key.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{:08x}{:016x}", (self.created / 1000) as u32, self.key)
    }

    /// The sort key in its list.
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

    /// What it adds to a checksum: the last 32 bits of the id and the update in Unix milliseconds, modulo 2³².
    #[must_use]
    pub fn checksum(&self) -> u32 {
        (self.key as u32).wrapping_add(self.updated as u32)
    }

    /// The entry in the form that filters use.
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
