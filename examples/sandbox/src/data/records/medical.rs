//! Medical records: common fields, followed by those of each list. The data has all variants that readers must handle:
//! optional fields, old dates as JavaScript date strings, values of vitals as strings, and providers as strings or
//! objects.

use serde_json::{Value, json};

use super::with;
use crate::calendar::{Day, javascript_date, rfc3339};
use crate::catalogue::Medical;
use crate::data::row::Row;
use crate::draw::Draw;

/// Name, code system, code.
type Coded = (&'static str, &'static str, &'static str);

const ALLERGIES: &[Coded] = &[
    ("Penicillin", "RxNorm", "7980"),
    ("Peanut", "SNOMED CT", "91935009"),
    ("Birch pollen", "SNOMED CT", "418689008"),
    ("Latex", "SNOMED CT", "300916003"),
];
const ENCOUNTERS: &[Coded] = &[
    ("Office visit", "CPT", "99213"),
    ("Annual physical", "CPT", "99395"),
    ("Telephone consultation", "CPT", "99441"),
    ("Urgent care visit", "CPT", "99203"),
];
const STATUSES: &[Coded] = &[
    ("Independent in activities of daily living", "SNOMED CT", "371153006"),
    ("Able to walk", "SNOMED CT", "282097004"),
];
const IMMUNIZATIONS: &[Coded] = &[
    ("Influenza, seasonal", "CVX", "141"),
    ("Tdap", "CVX", "115"),
    ("Hepatitis B", "CVX", "43"),
    ("COVID-19, mRNA", "CVX", "208"),
];
const INSTRUCTIONS: &[Coded] =
    &[("Drink plenty of water", "", ""), ("Rest for two days", "", ""), ("Return in six months", "", "")];
const ISSUES: &[Coded] = &[
    ("Essential hypertension", "ICD-10", "I10"),
    ("Seasonal allergic rhinitis", "ICD-10", "J30.2"),
    ("Low back pain", "ICD-10", "M54.5"),
    ("Vitamin D deficiency", "ICD-10", "E55.9"),
];
const MEDICATIONS: &[Coded] = &[
    ("Lisinopril 10 MG Oral Tablet", "RxNorm", "314076"),
    ("Cetirizine 10 MG Oral Tablet", "RxNorm", "1014678"),
    ("Ibuprofen 400 MG Oral Tablet", "RxNorm", "197805"),
    ("Cholecalciferol 1000 UNT", "RxNorm", "316179"),
];
const NARRATIVES: &[Coded] =
    &[("Reason for visit", "LOINC", "29299-5"), ("History of present illness", "LOINC", "10164-2")];
const PLANS: &[Coded] = &[("Follow-up visit", "SNOMED CT", "390906007"), ("Lipid panel", "LOINC", "57698-3")];
const PROCEDURES: &[Coded] = &[
    ("Electrocardiogram", "CPT", "93000"),
    ("Suture of skin", "CPT", "12001"),
    ("Spirometry", "CPT", "94010"),
];
const HABITS: &[Coded] =
    &[("Tobacco smoking status", "LOINC", "72166-2"), ("Alcohol intake", "SNOMED CT", "160573003")];
/// Test results, with the unit and the usual range.
const RESULTS: &[(Coded, &str, f64, f64)] = &[
    (("Cholesterol", "LOINC", "2093-3"), "mg/dL", 150.0, 210.0),
    (("Hemoglobin A1c", "LOINC", "4548-4"), "%", 4.9, 5.8),
    (("Creatinine", "LOINC", "2160-0"), "mg/dL", 0.6, 1.1),
    (("Potassium", "LOINC", "2823-3"), "mmol/L", 3.6, 5.0),
    (("Hemoglobin", "LOINC", "718-7"), "g/dL", 12.4, 15.2),
    (("TSH", "LOINC", "3016-3"), "mIU/L", 0.6, 3.9),
];
const VITALS: &[(Coded, &str, f64, f64)] = &[
    (("Body temperature", "LOINC", "8310-5"), "Cel", 36.2, 37.2),
    (("Respiratory rate", "LOINC", "9279-1"), "/min", 12.0, 18.0),
    (("Heart rate", "LOINC", "8867-4"), "/min", 58.0, 82.0),
    (("Body weight", "LOINC", "29463-7"), "kg", 76.0, 86.0),
];

/// One record of a medical list.
pub fn record(medical: Medical, row: &Row) -> Value {
    let mut draw = Draw::new(row.key, &[]);
    let (name, more) = body(medical, row, &mut draw);
    let codes = match name {
        (_, "", _) => json!([]),
        (name, system, code) => json!([{ "codeSystemName": system, "code": code, "name": name }]),
    };
    let record = json!({
        "id": row.id(),
        "source": row.source().name,
        "createdAt": rfc3339(row.created),
        "updatedAt": rfc3339(row.updated),
        "name": name.0,
        "codes": codes,
        "organization": organization(row),
    });
    let record = with(record, more);
    if medical != Medical::Ccds && draw.chance(0.4) {
        return with(
            record,
            json!({ "ccd": { "id": format!("{:024x}", row.key), "href": "/v1/human/medical/ccds" } }),
        );
    }
    record
}

fn body(medical: Medical, row: &Row, draw: &mut Draw) -> (Coded, Value) {
    let when = date(row, draw);
    match medical {
        Medical::Allergies => {
            let reaction = draw.pick(&["Hives", "Wheezing", "Rash"]);
            (
                draw.pick(ALLERGIES),
                json!({ "dateTime": when, "status": "active", "reactions": [{ "name": reaction }] }),
            )
        }
        Medical::Demographics => (
            ("Alex Demo", "", ""),
            json!({ "birthDate": "1984-03-17", "gender": "female", "language": "en-US" }),
        ),
        Medical::Encounters => {
            (draw.pick(ENCOUNTERS), json!({ "dateTime": when, "provider": provider(draw), "diagnoses": [] }))
        }
        Medical::FunctionalStatuses => {
            (draw.pick(STATUSES), json!({ "dateTime": when, "status": "completed" }))
        }
        Medical::Immunizations => {
            (draw.pick(IMMUNIZATIONS), json!({ "dates": [when], "dose": { "value": 0.5, "unit": "mL" } }))
        }
        Medical::Instructions => {
            (draw.pick(INSTRUCTIONS), json!({ "dateTime": when, "text": "As discussed." }))
        }
        Medical::Issues => {
            let status = draw.pick(&["active", "resolved"]);
            (
                draw.pick(ISSUES),
                json!({ "dateTime": when, "status": status, "dateRecorded": rfc3339(row.at * 1000) }),
            )
        }
        Medical::Medications => (draw.pick(MEDICATIONS), medication(when, draw)),
        Medical::Narratives => (
            draw.pick(NARRATIVES),
            json!({ "dateTime": when, "entries": [{ "text": "Patient feels well; no new complaints." }] }),
        ),
        Medical::Organizations => (
            (row.source().label, "", ""),
            json!({ "telecom": [{ "value": "+1 312 555 0142", "use": "WP" }], "address": { "city": "Chicago", "state": "IL" } }),
        ),
        Medical::PlansOfCare => (draw.pick(PLANS), json!({ "dateTime": when, "status": "planned" })),
        Medical::Procedures => {
            (draw.pick(PROCEDURES), json!({ "dateTime": when, "provider": provider(draw) }))
        }
        Medical::SocialHistory => {
            let value = draw.pick(&["Never smoker", "Former smoker", "Social drinker"]);
            (draw.pick(HABITS), json!({ "dates": { "start": when }, "value": value }))
        }
        Medical::TestResults => test_result(when, draw),
        Medical::Timeline => {
            let (kind, name) = draw.pick(&[
                ("encounter", ENCOUNTERS[0]),
                ("immunization", IMMUNIZATIONS[0]),
                ("issue", ISSUES[2]),
            ]);
            (name, json!({ "type": kind, "dateTime": when }))
        }
        Medical::Vitals => vital(when, draw),
        Medical::Ccds => (
            ("Continuity of Care Document", "LOINC", "34133-9"),
            json!({ "dateTime": when, "href": format!("/v1/human/medical/ccds/{}/raw", row.id()) }),
        ),
    }
}

fn medication(when: Value, draw: &mut Draw) -> Value {
    let mut more = json!({
        "startDate": when,
        "status": draw.pick(&["active", "completed"]),
        "instructions": "Take one tablet by mouth daily",
        "productName": "",
    });
    if draw.chance(0.5) {
        more["dose"] = json!({ "value": "1", "unit": "tablet" });
    }
    more
}

fn test_result(when: Value, draw: &mut Draw) -> (Coded, Value) {
    let (name, unit, low, high) = draw.pick(RESULTS);
    let value = low + (high - low) * (1.1 * draw.unit());
    let flag = if value > high { "high" } else { "normal" };
    let component = json!({
        "name": name.0,
        "value": format!("{value:.1}"),
        "unit": unit,
        "low": format!("{low:.1}"),
        "high": format!("{high:.1}"),
        "refRange": format!("{low:.1}-{high:.1}"),
        "interpretation": flag,
    });
    (
        name,
        json!({ "resultDateTime": when, "status": "final", "orderedBy": provider(draw), "components": [component] }),
    )
}

fn vital(when: Value, draw: &mut Draw) -> (Coded, Value) {
    let (name, unit, low, high) = draw.pick(VITALS);
    let value = (10.0 * (low + (high - low) * draw.unit())).round() / 10.0;
    let value = if draw.chance(0.3) { json!(value.to_string()) } else { json!(value) };
    (name, json!({ "dateTime": when, "results": [{ "name": name.0, "value": value, "unit": unit }] }))
}

/// The provider: a string in older records, an object in newer ones.
fn provider(draw: &mut Draw) -> Value {
    let name = draw.pick(&["Dr. Ruth Okafor", "Dr. Paul Lindqvist"]);
    if draw.chance(0.4) {
        return json!({ "name": name });
    }
    let (given, family) = name.trim_start_matches("Dr. ").split_once(' ').unwrap_or_default();
    json!({ "name": { "given": given, "family": family, "prefix": "Dr." } })
}

fn date(row: &Row, draw: &mut Draw) -> Value {
    let early = Day::of(row.at, 0).0 % 3 == 0;
    json!(if early && draw.chance(0.8) { javascript_date(row.at) } else { rfc3339(row.at * 1000) })
}

fn organization(row: &Row) -> Value {
    let source = row.source();
    let id = source.id();
    json!({ "id": id, "name": source.organization.unwrap_or(source.label), "href": format!("/v1/human/medical/organizations/{id}") })
}

/// The document at `ccds/{id}/raw`: a minimal HL7 Continuity of Care Document.
#[must_use]
pub fn ccd_xml(row: &Row) -> String {
    let (year, month, day) = Day::of(row.at, 0).parts();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <id root="2.16.840.1.113883.19.5" extension="{id}"/>
  <code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="Summarization of Episode Note"/>
  <title>Continuity of Care Document</title>
  <effectiveTime value="{year:04}{month:02}{day:02}"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  <custodian><assignedCustodian><representedCustodianOrganization>
    <name>{organization}</name>
  </representedCustodianOrganization></assignedCustodian></custodian>
  <component><structuredBody><component><section>
    <code code="48765-2" codeSystem="2.16.840.1.113883.6.1"/>
    <title>Allergies &amp; Intolerances</title>
    <text>Penicillin – hives</text>
  </section></component></structuredBody></component>
</ClinicalDocument>
"#,
        id = row.id(),
        organization = row.source().label,
    )
}
