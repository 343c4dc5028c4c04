//! All data types of one person, as one table: the properties of the package's `HumanClient` and of its `medical`,
//! where each lies in the API, and what can be asked of it. How its paths are built is `resource_paths`.

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
    /// A paged list of things that last, with those of a day below.
    Periodic,
    /// A paged list.
    List,
    /// A list that comes in one answer.
    WholeList,
    /// One object.
    Object,
}

/// One line of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct DataType {
    /// Where in the package it is.
    pub area: Area,
    /// Name of the property or method there, `bloodGlucose`.
    pub name: &'static str,
    /// Where in the API it is, encoded: `/human/blood_glucose`.
    pub path: &'static str,
    /// What lies there.
    pub kind: Kind,
    /// Whether there is a summary of each day below `/summaries`.
    pub has_summaries: bool,
    /// Whether each record has a document behind it, below `/{id}/raw`.
    pub has_documents: bool,
    /// What batch queries over all users of an app call it, and its summaries where they can be asked for.
    pub batch_types: &'static [&'static str],
}

impl DataType {
    const fn new(area: Area, kind: Kind, name: &'static str, path: &'static str) -> Self {
        Self { area, name, path, kind, has_summaries: false, has_documents: false, batch_types: &[] }
    }

    /// A list that the catalogue does not know.
    pub(super) const fn of_user() -> Self {
        Self::new(Area::Human, Kind::List, "resource", "")
    }

    const fn with_summaries(self) -> Self {
        Self { has_summaries: true, ..self }
    }

    const fn with_documents(self) -> Self {
        Self { has_documents: true, ..self }
    }

    const fn in_batches(self, batch_types: &'static [&'static str]) -> Self {
        Self { batch_types, ..self }
    }
}

const fn discrete(name: &'static str, path: &'static str, batch: &'static [&'static str]) -> DataType {
    DataType::new(Area::Human, Kind::Discrete, name, path).in_batches(batch)
}

const fn periodic(name: &'static str, path: &'static str, batch: &'static [&'static str]) -> DataType {
    DataType::new(Area::Human, Kind::Periodic, name, path).with_summaries().in_batches(batch)
}

const fn list(name: &'static str, path: &'static str, batch: &'static [&'static str]) -> DataType {
    DataType::new(Area::Human, Kind::List, name, path).in_batches(batch)
}

const fn medical(name: &'static str, path: &'static str) -> DataType {
    DataType::new(Area::Medical, Kind::List, name, path)
}

/// Every data type, in the order of the package's types.
pub static CATALOGUE: [DataType; 34] = [
    DataType::new(Area::Human, Kind::Object, "summary", "/human"),
    DataType::new(Area::Human, Kind::Object, "profile", "/human/profile"),
    DataType::new(Area::Human, Kind::WholeList, "sources", "/human/sources"),
    discrete("bloodGlucose", "/human/blood_glucose", &["blood_glucoses"]),
    discrete("bloodOxygen", "/human/blood_oxygen", &["blood_oxygens"]),
    discrete("bloodPressure", "/human/blood_pressure", &["blood_pressures"]),
    discrete("bmi", "/human/bmi", &["bmis"]),
    discrete("bodyFat", "/human/body_fat", &["body_fats"]),
    discrete("heartRate", "/human/heart_rate", &["heart_rates", "heart_rate/summaries"]).with_summaries(),
    discrete("height", "/human/height", &["heights"]),
    discrete("weight", "/human/weight", &["weights"]),
    periodic("activities", "/human/activities", &["activities", "activities/summaries"]),
    periodic("sleeps", "/human/sleeps", &["sleeps", "sleeps/summaries"]),
    periodic("locations", "/human/locations", &["locations"]),
    list("meals", "/human/food/meals", &["food/meals"]),
    list("geneticTraits", "/human/genetic/traits", &["genetic_traits"]),
    medical("allergies", "/human/medical/allergies"),
    medical("demographics", "/human/medical/demographics"),
    medical("encounters", "/human/medical/encounters"),
    medical("functionalStatuses", "/human/medical/functional_statuses"),
    medical("immunizations", "/human/medical/immunizations"),
    medical("instructions", "/human/medical/instructions"),
    medical("issues", "/human/medical/issues"),
    medical("medications", "/human/medical/medications"),
    medical("narratives", "/human/medical/narratives"),
    medical("organizations", "/human/medical/organizations"),
    medical("plansOfCare", "/human/medical/plans_of_care"),
    medical("procedures", "/human/medical/procedures"),
    medical("socialHistory", "/human/medical/social_history"),
    medical("testResults", "/human/medical/test_results"),
    medical("timeline", "/human/medical/timeline"),
    medical("vitals", "/human/medical/vitals"),
    medical("ccds", "/human/medical/ccds").with_documents(),
    DataType::new(Area::Medical, Kind::Object, "profile", "/human/medical/profile"),
];

/// The data type behind a property or method: `(Area::Human, "bloodGlucose")`.
pub fn data_type(area: Area, name: &str) -> Option<&'static DataType> {
    CATALOGUE.iter().find(|entry| entry.area == area && entry.name == name)
}
