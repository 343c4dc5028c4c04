//! All data types of one person, as one table: the properties of the package's `HumanClient` and of its `medical`, and
//! what each is. Where they lie in the API is `resource_path`'s.

use super::names::snake_case;

/// Which object of the package has the property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// `HumanClient` itself.
    Human,
    /// Its `medical`.
    Medical,
}

/// What lies at the path of a data type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The latest reading; the readings lie below.
    Discrete,
    /// The same, and a summary of each day.
    SummedUp,
    /// A paged list of things that last, with those of a day and a summary of each day below.
    Periodic,
    /// A paged list.
    List,
    /// A paged list of records with a document behind each.
    Documents,
    /// A list that comes in one answer.
    WholeList,
    /// One object.
    Object,
}

/// Data types of one kind.
#[derive(Debug)]
pub struct Group {
    /// Where in the package they are.
    pub area: Area,
    /// What they are.
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

/// What lies behind a property or method: `Kind::Discrete` behind `(Area::Human, "bloodGlucose")`.
pub fn kind(area: Area, name: &str) -> Option<Kind> {
    let mut groups = CATALOGUE.iter().filter(|group| group.area == area);
    groups.find(|group| group.each().any(|own| own == name.as_bytes())).map(|group| group.kind)
}

/// Where a data type lies below its area, encoded: the API spells its name in snake case, with three exceptions.
pub(super) fn slug(name: &str) -> String {
    match name {
        "summary" => String::new(),
        "meals" => "food/meals".to_owned(),
        "geneticTraits" => "genetic/traits".to_owned(),
        _ => snake_case(name),
    }
}
