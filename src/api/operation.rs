//! What can be asked of a data type: one operation for each method of the package's resources.

/// A method of the package's resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The latest reading.
    Latest,
    /// One record, by its id.
    Get,
    /// All readings.
    Readings,
    /// One reading by its id, in the form of newer servers.
    Reading,
    /// The readings or records of a day.
    Daily,
    /// The summaries of all days.
    Summaries,
    /// One summary, by its day or its id.
    Summary,
    /// All records.
    List,
    /// The document of a record.
    Raw,
    /// Everything in one answer: an object, or a list without pages.
    Whole,
}

const NAMES: [(&str, Operation); 10] = [
    ("latest", Operation::Latest),
    ("get", Operation::Get),
    ("readings", Operation::Readings),
    ("reading", Operation::Reading),
    ("daily", Operation::Daily),
    ("summaries", Operation::Summaries),
    ("summary", Operation::Summary),
    ("list", Operation::List),
    ("raw", Operation::Raw),
    ("whole", Operation::Whole),
];

impl Operation {
    /// The operation of the method `name`: `Operation::Daily` of `daily`.
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(own, _)| *own == name).map(|&(_, operation)| operation)
    }

    /// The name of its argument in errors: `id`, `date` or `dateOrId`.
    pub const fn argument(self) -> Option<&'static str> {
        match self {
            Self::Get | Self::Reading | Self::Raw => Some("id"),
            Self::Daily => Some("date"),
            Self::Summary => Some("dateOrId"),
            Self::Latest | Self::Readings | Self::Summaries | Self::List | Self::Whole => None,
        }
    }
}
