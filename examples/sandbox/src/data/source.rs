//! Where records come from: devices, apps, and the systems of clinics.

use serde_json::{Value, json};

use crate::calendar::rfc3339;
use crate::draw::{Draw, purpose};

#[derive(Debug)]
pub struct Source {
    /// The value of `source` in a record.
    pub name: &'static str,
    pub label: &'static str,
    /// The number of days before the sandbox's start at which it was connected.
    connected_days: i64,
    /// The name of the organization, for clinics.
    pub organization: Option<&'static str>,
}

/// All sources. A row has only the index of its source.
pub static SOURCES: [Source; 10] = [
    Source { name: "fitbit", label: "Fitbit", connected_days: 1826, organization: None },
    Source { name: "withings", label: "Withings", connected_days: 1826, organization: None },
    Source { name: "runkeeper", label: "Runkeeper", connected_days: 1640, organization: None },
    Source { name: "ihealth", label: "iHealth", connected_days: 1300, organization: None },
    Source { name: "moves", label: "Moves", connected_days: 1826, organization: None },
    Source { name: "myfitnesspal", label: "MyFitnessPal", connected_days: 760, organization: None },
    Source { name: "23andme", label: "23andMe", connected_days: 1100, organization: None },
    Source { name: "dexcom", label: "Dexcom", connected_days: 730, organization: None },
    Source {
        name: "lakeside_clinic",
        label: "Lakeside Clinic",
        connected_days: 1500,
        organization: Some("Lakeside Clinic"),
    },
    Source {
        name: "northwest_hospital",
        label: "Northwest Hospital",
        connected_days: 900,
        organization: Some("Northwest Hospital"),
    },
];

impl Source {
    /// The id of a source in newer versions of the API, 24 hex digits.
    #[must_use]
    pub fn id(&self) -> String {
        let mut draw = Draw::new(purpose(self.name), &[]);
        format!("{:016x}{:08x}", draw.bits(), draw.bits() >> 32)
    }

    /// One element of `GET /v1/human/sources`.
    #[must_use]
    pub fn record(&self, began: i64) -> Value {
        let mut record = json!({
            "id": self.id(),
            "source": self.name,
            "sourceName": self.label,
            "connectedSince": rfc3339((began - self.connected_days * 86_400) * 1000),
        });
        if self.name == "23andme" {
            record["syncStatus"] = json!({ "status": "failed", "detailedStatus": "needs_reauthorization" });
            record["resync"] = json!(false);
        } else {
            record["historySync"] = json!({ "status": "completed" });
            record["syncStatus"] = json!({ "status": "current" });
            record["resync"] = json!(true);
        }
        if let Some(name) = self.organization {
            record["organization"] = json!({ "id": self.id(), "name": name });
        }
        record
    }
}

/// The index of a source by its name.
#[must_use]
pub fn index(name: &str) -> u8 {
    SOURCES
        .iter()
        .position(|source| source.name == name)
        .and_then(|index| u8::try_from(index).ok())
        .unwrap_or_default()
}
