//! Data of the person as a whole: the profile, the latest records, genetic traits.

use serde_json::{Value, json};

use crate::calendar::rfc3339;
use crate::catalogue::{DataType, Reading};
use crate::data::Dataset;
use crate::data::row::Row;
use crate::data::schedule::DAYS;

/// `GET /v1/human/profile`.
#[must_use]
pub fn profile(dataset: &Dataset) -> Value {
    json!({
        "userId": dataset.user_id(),
        "createdAt": rfc3339((dataset.began() - DAYS * 86_400) * 1000),
        "email": "demo@example.org",
        "defaultTimeZone": { "name": "America/Chicago" },
        "humanId": dataset.human_id(),
    })
}

/// `GET /v1/human`: the latest record of every type.
pub fn overview(dataset: &mut Dataset) -> Value {
    let mut overview = json!({
        "userId": dataset.user_id(),
        "humanId": dataset.human_id(),
        "createdAt": rfc3339((dataset.began() - DAYS * 86_400) * 1000),
    });
    let latest = [
        ("bloodGlucose", DataType::Reading(Reading::BloodGlucose)),
        ("bloodOxygen", DataType::Reading(Reading::BloodOxygen)),
        ("bloodPressure", DataType::Reading(Reading::BloodPressure)),
        ("bmi", DataType::Reading(Reading::Bmi)),
        ("bodyFat", DataType::Reading(Reading::BodyFat)),
        ("heartRate", DataType::Reading(Reading::HeartRate)),
        ("height", DataType::Reading(Reading::Height)),
        ("weight", DataType::Reading(Reading::Weight)),
        ("activitySummary", DataType::ActivitySummary),
        ("sleepSummary", DataType::SleepSummary),
        ("activity", DataType::Activity),
        ("sleep", DataType::Sleep),
        ("location", DataType::Location),
        ("meal", DataType::Meal),
    ];
    for (name, data_type) in latest {
        let newest: Vec<Row> = dataset.rows(data_type).first().copied().into_iter().collect();
        if let Some(record) = dataset.records(data_type, &newest, false).pop() {
            overview[name] = record;
        }
    }
    overview
}

/// `GET /v1/human/medical/profile`.
#[must_use]
pub fn medical_profile(dataset: &Dataset) -> Value {
    json!({
        "id": dataset.human_id().get(..24),
        "source": "lakeside_clinic",
        "name": "Alex Demo",
        "birthDate": "1984-03-17",
        "gender": "female",
        "ethnicity": "Not Hispanic or Latino",
        "language": "en-US",
        "maritalStatus": "married",
        "address": { "city": "Chicago", "state": "IL", "zip": "60614", "country": "US" },
        "createdAt": rfc3339((dataset.began() - 1480 * 86_400) * 1000),
        "updatedAt": rfc3339((dataset.began() - 31 * 86_400) * 1000),
    })
}

/// The traits: the name, the description, and the possible values.
pub const TRAITS: [(&str, &str, &[&str]); 24] = [
    ("Alcohol Flush Reaction", "Does Not Flush", &["Does Not Flush", "Flushes"]),
    ("Asparagus Odor Detection", "Can Smell", &["Can Smell", "Cannot Smell"]),
    ("Bitter Taste Perception", "Can Taste", &["Can Taste", "Unlikely to Taste"]),
    ("Caffeine Consumption", "Likely to Consume More", &["Likely to Consume More", "Likely to Consume Less"]),
    ("Cheek Dimples", "Likely No Dimples", &["Likely Dimples", "Likely No Dimples"]),
    ("Cleft Chin", "Likely No Cleft Chin", &["Likely Cleft Chin", "Likely No Cleft Chin"]),
    (
        "Deep Sleep",
        "More Likely to Be a Deep Sleeper",
        &["More Likely to Be a Deep Sleeper", "Less Likely to Be a Deep Sleeper"],
    ),
    ("Earlobe Type", "Likely Detached Earlobes", &["Likely Attached Earlobes", "Likely Detached Earlobes"]),
    ("Earwax Type", "Likely Wet", &["Likely Wet", "Likely Dry"]),
    ("Eye Color", "Likely Brown", &["Likely Blue", "Likely Brown", "Likely Green"]),
    (
        "Finger Length Ratio",
        "Ring Finger Likely Longer",
        &["Ring Finger Likely Longer", "Index Finger Likely Longer"],
    ),
    ("Freckles", "Likely Few Freckles", &["Likely Few Freckles", "Likely Freckled"]),
    ("Hair Curl", "Slightly Curlier Hair", &["Straighter Hair", "Slightly Curlier Hair", "Curlier Hair"]),
    ("Hair Thickness", "Likely Thicker Hair", &["Likely Thicker Hair", "Likely Thinner Hair"]),
    ("Lactose Tolerance", "Likely Tolerant", &["Likely Tolerant", "Likely Intolerant"]),
    ("Light Hair", "Likely Dark", &["Likely Light", "Likely Dark"]),
    ("Misophonia", "Average Odds", &["Average Odds", "Higher Odds"]),
    (
        "Muscle Composition",
        "Common in Elite Power Athletes",
        &["Common in Elite Power Athletes", "Uncommon in Elite Power Athletes"],
    ),
    ("Photic Sneeze Reflex", "Unlikely", &["Likely", "Unlikely"]),
    ("Red Hair", "Likely No Red Hair", &["Likely Red Hair", "Likely No Red Hair"]),
    ("Skin Pigmentation", "Likely Lighter Skin", &["Likely Lighter Skin", "Likely Darker Skin"]),
    ("Sweet vs Salty", "Likely Prefers Salty", &["Likely Prefers Sweet", "Likely Prefers Salty"]),
    ("Unibrow", "Likely No Unibrow", &["Likely Unibrow", "Likely No Unibrow"]),
    ("Widow's Peak", "Likely No Widow's Peak", &["Likely Widow's Peak", "Likely No Widow's Peak"]),
];

/// A genetic trait, without an id and dates. The initial traits are those of the table in its order; traits that a
/// change adds are drawn.
pub fn genetic_trait(dataset: &Dataset, row: &Row) -> Value {
    let (name, description, possible) = TRAITS[trait_index(dataset, row)];
    json!({ "trait": name, "description": description, "possibleTraits": possible })
}

/// The index of the trait of a row.
pub fn trait_index(dataset: &Dataset, row: &Row) -> usize {
    let place = dataset.scheduled_place(DataType::GeneticTrait, row);
    place.unwrap_or((row.key % TRAITS.len() as u64) as usize) % TRAITS.len()
}
