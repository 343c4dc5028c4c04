//! The catalogue against the API's documentation and the package's types, each written out here once more.

use crate::api::{Area, CATALOGUE, Operation, kind, resource_path, user_path};
use crate::testing::test;

/// Property of `HumanClient`, path of the latest reading.
const DISCRETE: [(&str, &str); 8] = [
    ("bloodGlucose", "/human/blood_glucose"),
    ("bloodOxygen", "/human/blood_oxygen"),
    ("bloodPressure", "/human/blood_pressure"),
    ("bmi", "/human/bmi"),
    ("bodyFat", "/human/body_fat"),
    ("heartRate", "/human/heart_rate"),
    ("height", "/human/height"),
    ("weight", "/human/weight"),
];

const PERIODIC: [(&str, &str); 3] =
    [("activities", "/human/activities"), ("sleeps", "/human/sleeps"), ("locations", "/human/locations")];

const LISTS: [(&str, &str); 2] = [("meals", "/human/food/meals"), ("geneticTraits", "/human/genetic/traits")];

/// Property of `medical`, name in the API.
const MEDICAL_LISTS: [(&str, &str); 17] = [
    ("allergies", "allergies"),
    ("demographics", "demographics"),
    ("encounters", "encounters"),
    ("functionalStatuses", "functional_statuses"),
    ("immunizations", "immunizations"),
    ("instructions", "instructions"),
    ("issues", "issues"),
    ("medications", "medications"),
    ("narratives", "narratives"),
    ("organizations", "organizations"),
    ("plansOfCare", "plans_of_care"),
    ("procedures", "procedures"),
    ("socialHistory", "social_history"),
    ("testResults", "test_results"),
    ("timeline", "timeline"),
    ("vitals", "vitals"),
    ("ccds", "ccds"),
];

const WHOLE: [(Area, &str, &str); 4] = [
    (Area::Human, "summary", "/human"),
    (Area::Human, "profile", "/human/profile"),
    (Area::Human, "sources", "/human/sources"),
    (Area::Medical, "profile", "/human/medical/profile"),
];

fn path(area: Area, name: &str, operation: Operation, argument: &str) -> String {
    resource_path(area, name, operation, argument).unwrap().as_str().to_owned()
}

/// The operations that the data type has.
fn operations(area: Area, name: &str) -> Vec<&'static str> {
    const NAMES: [&str; 10] =
        ["latest", "get", "readings", "reading", "daily", "summaries", "summary", "list", "raw", "whole"];
    let has = |operation: &&str| {
        let operation = Operation::from_name(operation).unwrap();
        resource_path(area, name, operation, "2024-01-01").is_ok()
    };
    NAMES.into_iter().filter(has).collect()
}

#[test]
fn every_property_of_the_package_is_there_once_and_nothing_else() {
    let mut expected: Vec<(bool, &str)> = Vec::new();
    expected.extend(DISCRETE.iter().chain(&PERIODIC).chain(&LISTS).map(|(name, _)| (false, *name)));
    expected.extend(MEDICAL_LISTS.iter().map(|(name, _)| (true, *name)));
    expected.extend(WHOLE.iter().map(|(area, name, _)| (*area == Area::Medical, *name)));
    expected.sort_unstable();
    let mut listed: Vec<(bool, &str)> = CATALOGUE
        .iter()
        .flat_map(|group| group.names.split(' ').map(|name| (group.area == Area::Medical, name)))
        .collect();
    listed.sort_unstable();
    assert_eq!(listed, expected);
}

#[test]
fn names_are_found_in_their_own_area_only() {
    for (area, name) in [
        (Area::Human, "vitals"),
        (Area::Medical, "weight"),
        (Area::Human, "blood_glucose"),
        (Area::Human, ""),
        (Area::Human, "summary profile"),
    ] {
        assert_eq!(kind(area, name), None, "{name}");
        assert!(operations(area, name).is_empty(), "{name}");
    }
}

#[test]
fn discrete_types_have_the_latest_reading_and_the_readings_below() {
    use Operation::*;
    for (name, root) in DISCRETE {
        let path = |operation, argument| path(Area::Human, name, operation, argument);
        assert_eq!(path(Latest, ""), root);
        assert_eq!(path(Get, "5a/1"), format!("{root}/5a%2F1"));
        assert_eq!(path(Readings, ""), format!("{root}/readings"));
        assert_eq!(path(Reading, "5a1"), format!("{root}/readings/5a1"));
        assert_eq!(path(Daily, "2024-01-01"), format!("{root}/readings/daily/2024-01-01"));
        let mut expected = vec!["latest", "get", "readings", "reading", "daily"];
        if name == "heartRate" {
            expected.extend(["summaries", "summary"]);
        }
        assert_eq!(operations(Area::Human, name), expected, "{name}");
    }
}

#[test]
fn periodic_types_are_lists_with_days_and_summaries() {
    use Operation::*;
    for (name, root) in PERIODIC {
        let path = |operation, argument| path(Area::Human, name, operation, argument);
        assert_eq!(path(List, ""), root);
        assert_eq!(path(Get, "5a1"), format!("{root}/5a1"));
        assert_eq!(path(Daily, "2024-02-29"), format!("{root}/daily/2024-02-29"));
        assert_eq!(operations(Area::Human, name), ["get", "daily", "summaries", "summary", "list"], "{name}");
    }
}

#[test]
fn summaries_are_listed_and_each_is_found_by_its_day_or_id() {
    use Operation::*;
    for (name, root) in PERIODIC.into_iter().chain([("heartRate", "/human/heart_rate")]) {
        let path = |operation, argument| path(Area::Human, name, operation, argument);
        assert_eq!(path(Summaries, ""), format!("{root}/summaries"));
        assert_eq!(path(Summary, "2024-01-01"), format!("{root}/summaries/2024-01-01"));
        assert_eq!(path(Summary, "5a1"), format!("{root}/summaries/5a1"));
    }
}

#[test]
fn lists_have_a_list_and_single_records() {
    let medical =
        MEDICAL_LISTS.iter().map(|(name, slug)| (Area::Medical, *name, format!("/human/medical/{slug}")));
    let human = LISTS.iter().map(|(name, root)| (Area::Human, *name, (*root).to_owned()));
    for (area, name, root) in human.chain(medical) {
        assert_eq!(path(area, name, Operation::List, ""), root);
        assert_eq!(path(area, name, Operation::Get, "5a1"), format!("{root}/5a1"));
        let expected = if name == "ccds" { vec!["get", "list", "raw"] } else { vec!["get", "list"] };
        assert_eq!(operations(area, name), expected, "{root}");
    }
}

#[test]
fn what_comes_in_one_answer_has_one_path() {
    // The document of a record lies below it.
    assert_eq!(path(Area::Medical, "ccds", Operation::Raw, "5a 1"), "/human/medical/ccds/5a%201/raw");
    for (area, name, root) in WHOLE {
        assert_eq!(path(area, name, Operation::Whole, ""), root);
        assert_eq!(operations(area, name), ["whole"], "{root}");
    }
}

#[test]
fn a_wrong_id_or_day_is_an_error_under_its_own_name() {
    use Operation::*;
    for (area, name, operation, argument, option) in [
        (Area::Human, "weight", Get, "", "id"),
        (Area::Human, "weight", Reading, "..", "id"),
        (Area::Human, "weight", Daily, "", "date"),
        (Area::Human, "weight", Daily, "2024-02-30", "date"),
        (Area::Human, "weight", Daily, "../../profile", "date"),
        (Area::Human, "activities", Get, ".", "id"),
        (Area::Human, "activities", Daily, "2024-1-1", "date"),
        (Area::Human, "activities", Summary, "..", "dateOrId"),
        (Area::Medical, "ccds", Raw, "", "id"),
    ] {
        assert_eq!(resource_path(area, name, operation, argument).unwrap_err().option, option);
    }
}

#[test]
fn a_path_of_the_callers_own_is_a_list() {
    assert_eq!(user_path("food/meals", Operation::Get, "a b").unwrap().as_str(), "/human/food/meals/a%20b");
    for operation in [Operation::Latest, Operation::Daily, Operation::Raw, Operation::Whole] {
        assert!(user_path("food/meals", operation, "2024-01-01").is_err(), "{operation:?}");
    }
}
