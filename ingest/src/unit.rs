//! What a sample measures, and in which unit.

/// The type of data that a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DataType {
    /// Steps walked.
    Steps,
    /// Heart rate.
    Bpm,
}

impl DataType {
    /// As the API names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Bpm => "bpm",
        }
    }

    /// The type of that name.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        [Self::Steps, Self::Bpm].into_iter().find(|known| known.name().as_bytes() == name)
    }
}

/// The unit of a sample's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A number of things, such as steps.
    Count,
    /// So many in a minute, such as heart beats.
    CountPerMinute,
    /// So many in a second.
    CountPerSecond,
}

impl Unit {
    /// All of them; a unit's index here is its number in stored bytes.
    pub(crate) const ALL: [Self; 3] = [Self::Count, Self::CountPerMinute, Self::CountPerSecond];

    /// As the API names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::CountPerMinute => "count/min",
            Self::CountPerSecond => "count/s",
        }
    }

    /// The unit of that name.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name().as_bytes() == name)
    }

    /// The largest value that the API takes in this unit.
    pub const fn most(self) -> f64 {
        match self {
            Self::Count => 30_000.0,
            Self::CountPerMinute => 300.0,
            Self::CountPerSecond => f64::MAX,
        }
    }

    /// Whether the API takes the value in this unit.
    pub fn takes(self, value: f64) -> bool {
        value > 0.0 && value <= self.most()
    }

    /// Its place in [`Unit::ALL`].
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Count => 0,
            Self::CountPerMinute => 1,
            Self::CountPerSecond => 2,
        }
    }
}
