//! The lists of one person that can be kept in sync, by their paths.

use super::path::Path;

/// A list of one person, named by its path below `/human`. The readings of a discrete type have the type's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonType(&'static str);

/// Lists of readings, at `/{name}/readings`.
const READINGS: [&str; 8] =
    ["blood_glucose", "blood_oxygen", "blood_pressure", "bmi", "body_fat", "heart_rate", "height", "weight"];

const LISTS: [&str; 26] = [
    "activities",
    "activities/summaries",
    "sleeps",
    "sleeps/summaries",
    "locations",
    "locations/summaries",
    "heart_rate/summaries",
    "food/meals",
    "genetic/traits",
    "medical/allergies",
    "medical/ccds",
    "medical/demographics",
    "medical/encounters",
    "medical/functional_statuses",
    "medical/immunizations",
    "medical/instructions",
    "medical/issues",
    "medical/medications",
    "medical/narratives",
    "medical/organizations",
    "medical/plans_of_care",
    "medical/procedures",
    "medical/social_history",
    "medical/test_results",
    "medical/timeline",
    "medical/vitals",
];

impl PersonType {
    /// All lists.
    pub fn all() -> impl Iterator<Item = Self> {
        READINGS.iter().chain(&LISTS).map(|name| Self(name))
    }

    /// The list of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|own| own.0 == name)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// Its path.
    pub fn path(self) -> Path {
        let mut path = Path::default();
        path.push_api("/human/");
        path.push_api(self.0);
        if READINGS.contains(&self.0) {
            path.push_api("/readings");
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::catalogue::{CATALOGUE, Kind};
    use crate::api::{Area, Operation, resource_path};
    use crate::testing::test;
    use std::collections::BTreeSet;

    #[test]
    fn every_list_of_the_catalogue_is_one_and_no_other() {
        let mut expected = BTreeSet::new();
        for group in &CATALOGUE {
            let operations: &[Operation] = match group.kind {
                Kind::Discrete => &[Operation::Readings],
                Kind::SummedUp => &[Operation::Readings, Operation::Summaries],
                Kind::Periodic => &[Operation::List, Operation::Summaries],
                Kind::List | Kind::Documents => &[Operation::List],
                Kind::WholeList | Kind::Object => &[],
            };
            for name in group.each() {
                let name = std::str::from_utf8(name).unwrap();
                for &operation in operations {
                    expected
                        .insert(resource_path(group.area, name, operation, "").unwrap().as_str().to_owned());
                }
            }
        }
        let paths: BTreeSet<String> = PersonType::all().map(|list| list.path().as_str().to_owned()).collect();
        assert_eq!(paths, expected);
        assert_eq!(PersonType::all().count(), expected.len());
        assert!(resource_path(Area::Human, "weight", Operation::Readings, "").is_ok());
    }

    #[test]
    fn readings_have_the_name_of_their_type() {
        let path = |name| PersonType::from_name(name).map(|list| list.path().as_str().to_owned());
        assert_eq!(path("heart_rate").as_deref(), Some("/human/heart_rate/readings"));
        assert_eq!(path("heart_rate/summaries").as_deref(), Some("/human/heart_rate/summaries"));
        assert_eq!(path("medical/allergies").as_deref(), Some("/human/medical/allergies"));
        assert_eq!(path("heart_rate/readings"), None);
    }
}
