//! All data types of one person, as one table: the properties of the package's `HumanClient` and of its `medical`, and
//! what each is; and what can be asked of them. `resource_path` knows their paths.

use super::option_names::snake_case;

/// Which object of the package has the property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// `HumanClient` itself.
    Human,
    /// Its `medical`.
    Medical,
}

/// What is at the path of a data type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The latest reading; the list of readings is below it.
    Discrete,
    /// The same, with a summary of each day.
    SummedUp,
    /// A paged list of periods; below it, those of a day and a summary of each day.
    Periodic,
    /// A paged list.
    List,
    /// A paged list of records that have a document each.
    Documents,
    /// A list that comes in one answer.
    WholeList,
    /// One object.
    Object,
}

/// Data types of one kind.
#[derive(Debug)]
pub struct Group {
    /// The object of the package that has them.
    pub area: Area,
    /// Their kind.
    pub kind: Kind,
    /// The names of the properties or methods there, with a space between them.
    pub names: &'static str,
}

const fn human(kind: Kind, names: &'static str) -> Group {
    Group { area: Area::Human, kind, names }
}

const fn medical(kind: Kind, names: &'static str) -> Group {
    Group { area: Area::Medical, kind, names }
}

/// Every data type.
pub static CATALOGUE: [Group; 9] = [
    human(Kind::Object, "summary profile"),
    human(Kind::WholeList, "sources"),
    human(Kind::Discrete, "bloodGlucose bloodOxygen bloodPressure bmi bodyFat height weight"),
    human(Kind::SummedUp, "heartRate"),
    human(Kind::Periodic, "activities sleeps locations"),
    human(Kind::List, "meals geneticTraits"),
    medical(
        Kind::List,
        "allergies demographics encounters functionalStatuses immunizations instructions issues medications \
         narratives organizations plansOfCare procedures socialHistory testResults timeline vitals",
    ),
    medical(Kind::Documents, "ccds"),
    medical(Kind::Object, "profile"),
];

impl Group {
    /// The names one by one.
    pub fn each(&self) -> impl Iterator<Item = &'static [u8]> {
        self.names.as_bytes().split(|&byte| byte == b' ')
    }
}

/// The kind of a data type: `Kind::Discrete` for `(Area::Human, "bloodGlucose")`.
pub fn kind(area: Area, name: &str) -> Option<Kind> {
    let mut groups = CATALOGUE.iter().filter(|group| group.area == area);
    groups.find(|group| group.each().any(|own| own == name.as_bytes())).map(|group| group.kind)
}

/// The path of a data type below its area, encoded: the API spells its name in snake case, with three exceptions.
pub(super) fn slug(name: &str) -> String {
    match name {
        "summary" => String::new(),
        "meals" => "food/meals".to_owned(),
        "geneticTraits" => "genetic/traits".to_owned(),
        _ => snake_case(name),
    }
}

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
