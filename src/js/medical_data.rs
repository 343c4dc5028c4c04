//! `MedicalData`: what providers of health care know of a person.

use super::Reader;
use super::ccd_resource::CcdResource;
use super::human_client::{entry, whole};
use super::list_resource::{ListResource, object};
use crate::query::Area;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// The lists under `/human/medical`, and the profile.
#[wasm_bindgen]
pub struct MedicalData {
    reader: Reader,
}

impl MedicalData {
    pub(super) fn new(reader: &Reader) -> Self {
        Self { reader: reader.clone() }
    }

    fn list(&self, name: &str) -> Result<ListResource, JsValue> {
        let paths = entry(Area::Medical, name, |entry| entry.list())?;
        Ok(ListResource::new(&self.reader, paths))
    }
}

/// One getter for each list of the catalogue.
macro_rules! lists {
    ($($getter:ident $name:literal,)*) => {
        #[wasm_bindgen]
        impl MedicalData {
            $(
                #[doc = concat!("The list `", $name, "`.")]
                #[wasm_bindgen(getter, js_name = $name)]
                pub fn $getter(&self) -> Result<ListResource, JsValue> {
                    self.list($name)
                }
            )*
        }
    };
}

lists! {
    allergies "allergies",
    demographics "demographics",
    encounters "encounters",
    functional_statuses "functionalStatuses",
    immunizations "immunizations",
    instructions "instructions",
    issues "issues",
    medications "medications",
    narratives "narratives",
    organizations "organizations",
    plans_of_care "plansOfCare",
    procedures "procedures",
    social_history "socialHistory",
    test_results "testResults",
    timeline "timeline",
    vitals "vitals",
}

#[wasm_bindgen]
impl MedicalData {
    /// Continuity-of-care documents.
    #[wasm_bindgen(getter)]
    pub fn ccds(&self) -> Result<CcdResource, JsValue> {
        let (list, documents) = entry(Area::Medical, "ccds", |entry| Some((entry.list()?, entry.documents()?)))?;
        Ok(CcdResource::new(&self.reader, list, documents))
    }

    /// The one medical profile; there may be none.
    pub fn profile(&self, options: JsValue) -> Promise {
        object(&self.reader, whole(Area::Medical, "profile"), &options)
    }
}
