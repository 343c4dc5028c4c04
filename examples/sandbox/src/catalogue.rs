//! Every list: its name, its path, and its features. Routes, data and control endpoints are all made from this table.

/// One list of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DataType {
    Reading(Reading),
    Activity,
    ActivitySummary,
    Sleep,
    SleepSummary,
    Location,
    LocationSummary,
    HeartRateSummary,
    Meal,
    GeneticTrait,
    Medical(Medical),
}

/// Discrete measurements: the root is the latest one, the list is under `readings`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    BloodGlucose,
    BloodOxygen,
    BloodPressure,
    Bmi,
    BodyFat,
    HeartRate,
    Height,
    Weight,
}

/// The lists under `medical`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Medical {
    Allergies,
    Demographics,
    Encounters,
    FunctionalStatuses,
    Immunizations,
    Instructions,
    Issues,
    Medications,
    Narratives,
    Organizations,
    PlansOfCare,
    Procedures,
    SocialHistory,
    TestResults,
    Timeline,
    Vitals,
    Ccds,
}

impl Reading {
    pub const ALL: [Self; 8] = [
        Self::BloodGlucose,
        Self::BloodOxygen,
        Self::BloodPressure,
        Self::Bmi,
        Self::BodyFat,
        Self::HeartRate,
        Self::Height,
        Self::Weight,
    ];

    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::BloodGlucose => "blood_glucose",
            Self::BloodOxygen => "blood_oxygen",
            Self::BloodPressure => "blood_pressure",
            Self::Bmi => "bmi",
            Self::BodyFat => "body_fat",
            Self::HeartRate => "heart_rate",
            Self::Height => "height",
            Self::Weight => "weight",
        }
    }
}

impl Medical {
    pub const ALL: [Self; 17] = [
        Self::Allergies,
        Self::Demographics,
        Self::Encounters,
        Self::FunctionalStatuses,
        Self::Immunizations,
        Self::Instructions,
        Self::Issues,
        Self::Medications,
        Self::Narratives,
        Self::Organizations,
        Self::PlansOfCare,
        Self::Procedures,
        Self::SocialHistory,
        Self::TestResults,
        Self::Timeline,
        Self::Vitals,
        Self::Ccds,
    ];

    /// The name under `/v1/human/`.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Allergies => "medical/allergies",
            Self::Demographics => "medical/demographics",
            Self::Encounters => "medical/encounters",
            Self::FunctionalStatuses => "medical/functional_statuses",
            Self::Immunizations => "medical/immunizations",
            Self::Instructions => "medical/instructions",
            Self::Issues => "medical/issues",
            Self::Medications => "medical/medications",
            Self::Narratives => "medical/narratives",
            Self::Organizations => "medical/organizations",
            Self::PlansOfCare => "medical/plans_of_care",
            Self::Procedures => "medical/procedures",
            Self::SocialHistory => "medical/social_history",
            Self::TestResults => "medical/test_results",
            Self::Timeline => "medical/timeline",
            Self::Vitals => "medical/vitals",
            Self::Ccds => "medical/ccds",
        }
    }
}

impl DataType {
    /// All lists, in the order in which the documentation names them.
    pub fn all() -> impl Iterator<Item = Self> {
        let wellness = [
            Self::Activity,
            Self::ActivitySummary,
            Self::Sleep,
            Self::SleepSummary,
            Self::Location,
            Self::LocationSummary,
            Self::HeartRateSummary,
            Self::Meal,
            Self::GeneticTrait,
        ];
        Reading::ALL.map(Self::Reading).into_iter().chain(wellness).chain(Medical::ALL.map(Self::Medical))
    }

    /// The name in control endpoints, and, except for readings, the path of the list under `/v1/human/`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reading(reading) => reading.slug(),
            Self::Activity => "activities",
            Self::ActivitySummary => "activities/summaries",
            Self::Sleep => "sleeps",
            Self::SleepSummary => "sleeps/summaries",
            Self::Location => "locations",
            Self::LocationSummary => "locations/summaries",
            Self::HeartRateSummary => "heart_rate/summaries",
            Self::Meal => "food/meals",
            Self::GeneticTrait => "genetic/traits",
            Self::Medical(medical) => medical.slug(),
        }
    }

    /// The list with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|data_type| data_type.name() == name)
    }

    /// The path of the list under `/v1/human/`.
    #[must_use]
    pub fn list_path(self) -> String {
        match self {
            Self::Reading(reading) => format!("{}/readings", reading.slug()),
            _ => self.name().to_owned(),
        }
    }

    /// The suffix of the list's path for the records of one day.
    #[must_use]
    pub fn has_days(self) -> bool {
        matches!(self, Self::Reading(_) | Self::Activity | Self::Sleep | Self::Location)
    }

    /// Whether a record can be requested by a date as well as by its id.
    #[must_use]
    pub fn is_summary(self) -> bool {
        self.summed_from().is_some()
    }

    /// The list whose records a summary adds up.
    #[must_use]
    pub fn summed_from(self) -> Option<Self> {
        match self {
            Self::ActivitySummary => Some(Self::Activity),
            Self::SleepSummary => Some(Self::Sleep),
            Self::LocationSummary => Some(Self::Location),
            Self::HeartRateSummary => Some(Self::Reading(Reading::HeartRate)),
            _ => None,
        }
    }

    /// The list whose records add up those of this one.
    #[must_use]
    pub fn summed_in(self) -> Option<Self> {
        Self::all().find(|summary| summary.summed_from() == Some(self))
    }

    /// All names, for messages.
    #[must_use]
    pub fn names() -> String {
        Self::all().map(Self::name).collect::<Vec<_>>().join(", ")
    }

    /// Whether single records can be requested.
    #[must_use]
    pub fn has_ids(self) -> bool {
        !matches!(self, Self::GeneticTrait | Self::Medical(Medical::Timeline))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_found_by_its_name() {
        for data_type in DataType::all() {
            assert_eq!(DataType::named(data_type.name()), Some(data_type));
        }
        assert_eq!(DataType::all().count(), 34);
        assert_eq!(DataType::named("steps"), None);
        assert_eq!(DataType::Sleep.summed_in(), Some(DataType::SleepSummary));
        assert_eq!(DataType::Meal.summed_in(), None);
    }
}
