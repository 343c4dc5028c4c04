//! The paths of an app and its users, and the types of batch queries.

use super::path::{Path, PathSegment};
use crate::error::OptionError;
use crate::uri::LinkScope;
use serde::Serialize;

/// A data type of batch queries, as the API spells it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct BatchType(&'static str);

const TYPES: [&str; 16] = [
    "activities",
    "activities/summaries",
    "sleeps",
    "sleeps/summaries",
    "locations",
    "heart_rates",
    "heart_rate/summaries",
    "bmis",
    "body_fats",
    "heights",
    "weights",
    "blood_pressures",
    "blood_glucoses",
    "blood_oxygens",
    "food/meals",
    TRAITS,
];

/// The type whose records have no ids.
const TRAITS: &str = "genetic_traits";

impl BatchType {
    /// The type of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        TYPES.iter().find(|own| **own == name).map(|own| Self(own))
    }

    /// All types.
    pub fn all() -> impl Iterator<Item = Self> {
        TYPES.iter().map(|name| Self(name))
    }

    /// Whether its records have ids.
    pub fn has_ids(self) -> bool {
        self.0 != TRAITS
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// The paths of one app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPath(Path);

impl AppPath {
    /// The paths of the app with this `client_id`. Refuses one that is no [`PathSegment`], about `clientId`.
    pub fn new(client_id: &str) -> Result<Self, OptionError> {
        let mut root = Path::default();
        root.push_api("/apps");
        root.push(&PathSegment::new("clientId", client_id)?);
        // All links lie below it, so a character that is read in two ways would make each of them ambiguous. The text
        // is not repeated: it may be the key, in the wrong place.
        if LinkScope::of(&["https://h", root.as_str()].concat()).is_none() {
            return Err(OptionError::new(
                "clientId",
                "`clientId` must be the client id as the developer portal shows it; the one given has a slash, or another \
                 character that no part of a path can have",
            ));
        }
        Ok(Self(root))
    }

    /// The path below which all others lie, encoded.
    pub fn area(&self) -> &str {
        self.0.as_str()
    }

    /// All users.
    pub fn users(&self) -> Path {
        let mut path = self.0.clone();
        path.push_api("/users");
        path
    }

    /// One user. Refuses a `human_id` that is no [`PathSegment`] or is the name of a batch type, about `humanId`.
    pub fn user(&self, human_id: &str) -> Result<Path, OptionError> {
        if BatchType::from_name(human_id).is_some() {
            return Err(OptionError::new(
                "humanId",
                "humanId is the name of a data type, and no user's; a user's has 32 hexadecimal digits",
            ));
        }
        let mut path = self.users();
        path.push(&PathSegment::new("humanId", human_id)?);
        Ok(path)
    }

    /// The records of all users.
    pub fn batch(&self, batch_type: BatchType) -> Path {
        let mut path = self.users();
        path.push_api("/");
        path.push_api(batch_type.name());
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Area, Operation, kind, resource_path};
    use crate::testing::test;

    #[test]
    fn paths_lie_below_the_app() {
        let app = AppPath::new("my app.1").unwrap();
        assert_eq!(app.area(), "/apps/my%20app.1");
        assert_eq!(app.users().as_str(), "/apps/my%20app.1/users");
        assert_eq!(app.user("ab/c").unwrap().as_str(), "/apps/my%20app.1/users/ab%2Fc");
        let meals = BatchType::from_name("food/meals").unwrap();
        assert_eq!(app.batch(meals).as_str(), "/apps/my%20app.1/users/food/meals");
    }

    #[test]
    fn no_user_and_no_app_leads_elsewhere() {
        for id in ["a/b", "../a", "a\\b", "a%2Fb"] {
            let error = AppPath::new(id).unwrap_err();
            assert_eq!(error.option, "clientId", "{id:?}");
            assert!(!error.message.contains(id), "{}", error.message);
        }
        for id in ["", ".", ".."] {
            assert_eq!(AppPath::new(id).unwrap_err().option, "clientId", "{id:?}");
            assert_eq!(AppPath::new("a").unwrap().user(id).unwrap_err().option, "humanId", "{id:?}");
        }
        // A DELETE of it would be for something else.
        assert_eq!(AppPath::new("a").unwrap().user("activities").unwrap_err().option, "humanId");
    }

    #[test]
    fn every_type_is_one_that_a_person_has() {
        for batch_type in BatchType::all() {
            let name = match batch_type.name() {
                "food/meals" => "meals",
                "genetic_traits" => "geneticTraits",
                "heart_rates" | "heart_rate/summaries" => "heartRate",
                "bmis" => "bmi",
                "body_fats" => "bodyFat",
                "heights" => "height",
                "weights" => "weight",
                "blood_pressures" => "bloodPressure",
                "blood_glucoses" => "bloodGlucose",
                "blood_oxygens" => "bloodOxygen",
                same => same.trim_end_matches("/summaries"),
            };
            assert!(kind(Area::Human, name).is_some(), "{}", batch_type.name());
            if batch_type.name().ends_with("/summaries") {
                assert!(resource_path(Area::Human, name, Operation::Summaries, "").is_ok());
            }
        }
        assert_eq!(BatchType::all().count(), 16);
        assert_eq!(BatchType::from_name("weight"), None);
    }
}
