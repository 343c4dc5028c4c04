//! The limit and the offset of a page: two types, so that they cannot be mixed up.

use super::option_names::{LIMIT, OFFSET};
use super::whole_number::{MAX_SAFE_INTEGER, whole_number};
use crate::error::OptionError;

/// Records per page, 1 to 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(u16);

impl Limit {
    /// The most that the API gives at once. It is also the default, because each request has a cost of its own.
    pub const MAX: Self = Self(500);

    /// A limit of `records`, if it is from 1 to 500.
    pub fn new(records: u16) -> Option<Self> {
        (1..=Self::MAX.0).contains(&records).then_some(Self(records))
    }

    /// Reads the option `limit`. Refuses anything but a whole number from 1 to 500.
    pub fn from_option(given: f64) -> Result<Self, OptionError> {
        let records = whole_number(LIMIT, given, 1, u64::from(Self::MAX.0))?;
        // Cannot fail after the check; the greatest limit would still be correct.
        Ok(u16::try_from(records).map_or(Self::MAX, Self))
    }

    /// The number of records.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self::MAX
    }
}

/// Index of a record in a list, from 0; at most 2^53 - 1, so that JavaScript and every JSON reader can hold it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offset(u64);

impl Offset {
    /// The greatest offset.
    pub const MAX: Self = Self(MAX_SAFE_INTEGER);

    /// An offset of `index`, if it is at most 2^53 - 1.
    pub fn new(index: u64) -> Option<Self> {
        (index <= Self::MAX.0).then_some(Self(index))
    }

    /// Reads the option `offset`. Refuses anything but a whole number from 0 to 2^53 - 1.
    pub fn from_option(given: f64) -> Result<Self, OptionError> {
        whole_number(OFFSET, given, 0, Self::MAX.0).map(Self)
    }

    /// The index.
    pub fn get(self) -> u64 {
        self.0
    }
}
