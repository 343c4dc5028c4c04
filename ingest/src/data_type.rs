//! The types of data and their units, with the names that the API gives them.

/// The type of data that a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DataType {
    /// Steps walked.
    Steps,
    /// Heart rate.
    Bpm,
}

impl DataType {
    /// The API's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Bpm => "bpm",
        }
    }

    /// The type with this name.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        [Self::Steps, Self::Bpm].into_iter().find(|known| known.name().as_bytes() == name)
    }
}

/// The unit of a sample's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A number of things, such as steps.
    Count,
    /// A number per minute, such as heart beats.
    CountPerMinute,
    /// A number per second.
    CountPerSecond,
}

impl Unit {
    /// All units. A unit's index here is its number in stored bytes.
    pub(crate) const ALL: [Self; 3] = [Self::Count, Self::CountPerMinute, Self::CountPerSecond];

    /// The API's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::CountPerMinute => "count/min",
            Self::CountPerSecond => "count/s",
        }
    }

    /// The unit with this name.
    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name().as_bytes() == name)
    }

    /// Its index in [`Unit::ALL`].
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Count => 0,
            Self::CountPerMinute => 1,
            Self::CountPerSecond => 2,
        }
    }
}
