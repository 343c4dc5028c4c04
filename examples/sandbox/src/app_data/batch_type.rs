//! The types of data that batch queries can request.

/// A type of data, with its name in batch queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatchType {
    Activities,
    ActivitySummaries,
    Sleeps,
    SleepSummaries,
    Locations,
    HeartRates,
    HeartRateSummaries,
    Bmis,
    BodyFats,
    Heights,
    Weights,
    BloodPressures,
    BloodGlucoses,
    BloodOxygens,
    Meals,
    GeneticTraits,
}

impl BatchType {
    pub const ALL: [Self; 16] = [
        Self::Activities,
        Self::ActivitySummaries,
        Self::Sleeps,
        Self::SleepSummaries,
        Self::Locations,
        Self::HeartRates,
        Self::HeartRateSummaries,
        Self::Bmis,
        Self::BodyFats,
        Self::Heights,
        Self::Weights,
        Self::BloodPressures,
        Self::BloodGlucoses,
        Self::BloodOxygens,
        Self::Meals,
        Self::GeneticTraits,
    ];

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|batch_type| batch_type.name() == name)
    }

    /// The type with this name, for the command line.
    ///
    /// Errors: a text that names all types.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::named(name)
            .ok_or_else(|| format!("{name:?} is no type of the app; there are {}", Self::names()))
    }

    /// All names, for messages.
    #[must_use]
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// Its share of all records, in thousandths.
    #[must_use]
    pub fn share(self) -> u64 {
        self.row().1
    }

    fn row(self) -> (&'static str, u64) {
        match self {
            Self::Activities => ("activities", 100),
            Self::ActivitySummaries => ("activities/summaries", 80),
            Self::Sleeps => ("sleeps", 80),
            Self::SleepSummaries => ("sleeps/summaries", 80),
            Self::Locations => ("locations", 60),
            Self::HeartRates => ("heart_rates", 300),
            Self::HeartRateSummaries => ("heart_rate/summaries", 80),
            Self::Bmis => ("bmis", 20),
            Self::BodyFats => ("body_fats", 10),
            Self::Heights => ("heights", 3),
            Self::Weights => ("weights", 30),
            Self::BloodPressures => ("blood_pressures", 15),
            Self::BloodGlucoses => ("blood_glucoses", 50),
            Self::BloodOxygens => ("blood_oxygens", 30),
            Self::Meals => ("food/meals", 60),
            Self::GeneticTraits => ("genetic_traits", 2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_make_a_whole_and_names_lead_back() {
        assert_eq!(BatchType::ALL.iter().map(|batch_type| batch_type.share()).sum::<u64>(), 1000);
        for batch_type in BatchType::ALL {
            assert_eq!(BatchType::named(batch_type.name()), Some(batch_type));
        }
        assert_eq!(BatchType::named("weight"), None);
    }
}
