//! The catalogue against the API's documentation and the package's types, each written out here once more.

use crate::query::{Area, CATALOGUE, DataType, data_type};

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

/// Batch type, and the property of `HumanClient` with the same records.
const BATCH_TYPES: [(&str, &str); 16] = [
    ("activities", "activities"),
    ("activities/summaries", "activities"),
    ("sleeps", "sleeps"),
    ("sleeps/summaries", "sleeps"),
    ("locations", "locations"),
    ("heart_rates", "heartRate"),
    ("heart_rate/summaries", "heartRate"),
    ("bmis", "bmi"),
    ("body_fats", "bodyFat"),
    ("heights", "height"),
    ("weights", "weight"),
    ("blood_pressures", "bloodPressure"),
    ("blood_glucoses", "bloodGlucose"),
    ("blood_oxygens", "bloodOxygen"),
    ("food/meals", "meals"),
    ("genetic_traits", "geneticTraits"),
];

fn human(name: &str) -> &'static DataType {
    data_type(Area::Human, name).unwrap()
}

fn medical(name: &str) -> &'static DataType {
    data_type(Area::Medical, name).unwrap()
}

/// Which of the package's interfaces the data type has: D, L, P, S, raw, one answer.
fn interfaces(entry: &DataType) -> [bool; 6] {
    [
        entry.discrete().is_some(),
        entry.list().is_some(),
        entry.periodic().is_some(),
        entry.summaries().is_some(),
        entry.documents().is_some(),
        entry.whole().is_some(),
    ]
}

#[test]
fn every_property_of_the_package_is_there_once_and_nothing_else() {
    let mut expected: Vec<(bool, &str)> = Vec::new();
    expected.extend(DISCRETE.iter().chain(&PERIODIC).chain(&LISTS).map(|(name, _)| (false, *name)));
    expected.extend(MEDICAL_LISTS.iter().map(|(name, _)| (true, *name)));
    expected.extend(WHOLE.iter().map(|(area, name, _)| (*area == Area::Medical, *name)));
    expected.sort_unstable();
    let mut listed: Vec<(bool, &str)> =
        CATALOGUE.iter().map(|entry| (entry.area == Area::Medical, entry.name)).collect();
    listed.sort_unstable();
    assert_eq!(listed, expected);
}

#[test]
fn names_are_found_in_their_own_area_only() {
    assert!(data_type(Area::Human, "vitals").is_none());
    assert!(data_type(Area::Medical, "weight").is_none());
    assert!(data_type(Area::Human, "blood_glucose").is_none());
    assert!(data_type(Area::Human, "").is_none());
    assert_ne!(human("profile").path, medical("profile").path);
}

#[test]
fn discrete_types_have_the_latest_reading_and_the_readings_below() {
    for (name, path) in DISCRETE {
        let paths = human(name).discrete().unwrap();
        assert_eq!(paths.latest().as_str(), path);
        assert_eq!(paths.get("5a/1").unwrap().as_str(), format!("{path}/5a%2F1"));
        assert_eq!(paths.readings().as_str(), format!("{path}/readings"));
        assert_eq!(paths.reading("5a1").unwrap().as_str(), format!("{path}/readings/5a1"));
        assert_eq!(paths.daily("2024-01-01").unwrap().as_str(), format!("{path}/readings/daily/2024-01-01"));
        assert_eq!(
            interfaces(human(name)),
            [true, false, false, name == "heartRate", false, false],
            "{name}"
        );
    }
}

#[test]
fn periodic_types_are_lists_with_days_and_summaries() {
    for (name, path) in PERIODIC {
        let entry = human(name);
        let list = entry.list().unwrap();
        assert_eq!(list.list().as_str(), path);
        assert_eq!(list.get("5a1").unwrap().as_str(), format!("{path}/5a1"));
        let daily = entry.periodic().unwrap().daily("2024-02-29").unwrap();
        assert_eq!(daily.as_str(), format!("{path}/daily/2024-02-29"));
        assert_eq!(interfaces(entry), [false, true, true, true, false, false], "{name}");
    }
}

#[test]
fn summaries_are_listed_and_each_is_found_by_its_day_or_id() {
    for (name, path) in PERIODIC.into_iter().chain([("heartRate", "/human/heart_rate")]) {
        let paths = human(name).summaries().unwrap();
        assert_eq!(paths.summaries().as_str(), format!("{path}/summaries"));
        assert_eq!(paths.summary("2024-01-01").unwrap().as_str(), format!("{path}/summaries/2024-01-01"));
        assert_eq!(paths.summary("5a1").unwrap().as_str(), format!("{path}/summaries/5a1"));
    }
}

#[test]
fn lists_have_a_list_and_single_records() {
    let medical_paths: Vec<(&DataType, String)> =
        MEDICAL_LISTS.iter().map(|(name, slug)| (medical(name), format!("/human/medical/{slug}"))).collect();
    let human_paths = LISTS.iter().map(|(name, path)| (human(name), (*path).to_owned()));
    for (entry, path) in human_paths.chain(medical_paths) {
        let paths = entry.list().unwrap();
        assert_eq!(paths.list().as_str(), path);
        assert_eq!(paths.get("5a1").unwrap().as_str(), format!("{path}/5a1"));
        assert_eq!(interfaces(entry), [false, true, false, false, entry.name == "ccds", false], "{path}");
    }
}

#[test]
fn the_raw_document_of_a_ccd_lies_below_it() {
    let paths = medical("ccds").documents().unwrap();
    assert_eq!(paths.raw("5a 1").unwrap().as_str(), "/human/medical/ccds/5a%201/raw");
}

#[test]
fn what_comes_in_one_answer_has_one_path() {
    for (area, name, path) in WHOLE {
        let entry = data_type(area, name).unwrap();
        assert_eq!(entry.whole().unwrap().as_str(), path);
        assert_eq!(interfaces(entry), [false, false, false, false, false, true], "{path}");
    }
}

#[test]
fn a_wrong_id_or_day_is_an_error_under_its_own_name() {
    let weight = human("weight").discrete().unwrap();
    let activities = human("activities");
    for (result, option) in [
        (weight.get(""), "id"),
        (weight.reading(".."), "id"),
        (weight.daily(""), "date"),
        (weight.daily("2024-02-30"), "date"),
        (weight.daily("../../profile"), "date"),
        (activities.list().unwrap().get("."), "id"),
        (activities.periodic().unwrap().daily("2024-1-1"), "date"),
        (activities.summaries().unwrap().summary(".."), "dateOrId"),
        (medical("ccds").documents().unwrap().raw(""), "id"),
    ] {
        assert_eq!(result.unwrap_err().option, option);
    }
}

#[test]
fn every_batch_type_belongs_to_the_data_type_with_its_records() {
    for (batch_type, name) in BATCH_TYPES {
        assert!(human(name).batch_types.contains(&batch_type), "{batch_type}");
    }
    let listed: usize = CATALOGUE.iter().map(|entry| entry.batch_types.len()).sum();
    assert_eq!(listed, BATCH_TYPES.len());
}

#[test]
fn the_paths_of_the_table_need_no_encoding() {
    for entry in &CATALOGUE {
        let is_plain = |c: char| c.is_ascii_lowercase() || c == '_';
        assert!(entry.path.split('/').skip(1).all(|part| !part.is_empty() && part.chars().all(is_plain)));
        assert!(entry.path.starts_with("/human"), "{}", entry.path);
    }
}
