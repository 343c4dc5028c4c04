//! `HumanClient`: all that can be read of one person.

use super::Reader;
use super::client_options;
use super::discrete_resource::DiscreteResource;
use super::failure;
use super::heart_rate_resource::HeartRateResource;
use super::list_resource::{ListResource, object};
use super::medical_data::MedicalData;
use super::options::text;
use super::periodic_resource::PeriodicResource;
use super::promise::with_signal;
use super::records::append;
use crate::error::Error;
use crate::pages::{Listing, Paging};
use crate::query::{Area, DataType, ListPaths, Path, Query, QueryInit, data_type};
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

/// Reads one person's data.
#[wasm_bindgen]
pub struct HumanClient {
    reader: Reader,
}

#[wasm_bindgen]
impl HumanClient {
    /// A client as `options` say; nothing is sent.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<HumanClient, JsValue> {
        let reader = client_options::reader(&options).map_err(failure::thrown)?;
        Ok(Self { reader })
    }

    /// Ends what is in flight, and refuses all that follows.
    pub fn close(&self) {
        self.reader.client().close();
    }

    /// The latest of everything.
    pub fn summary(&self, options: JsValue) -> Promise {
        object(&self.reader, whole(Area::Human, "summary"), &options)
    }

    /// Who the person is to the API.
    pub fn profile(&self, options: JsValue) -> Promise {
        object(&self.reader, whole(Area::Human, "profile"), &options)
    }

    /// Where the data comes from.
    pub fn sources(&self, options: JsValue) -> Promise {
        let reader = self.reader.clone();
        with_signal(&options, |abort| async move {
            let query = Query::new(QueryInit::default())?;
            let listing = Listing::new(whole(Area::Human, "sources")?, query, Paging::Whole, None)?;
            let mut walk = reader.walk(listing, abort);
            let all = Array::new();
            while let Some(page) = walk.next().await? {
                append(&all, &page.records.0);
            }
            Ok(all.into())
        })
    }

    /// The medical data.
    #[wasm_bindgen(getter)]
    pub fn medical(&self) -> MedicalData {
        MedicalData::new(&self.reader)
    }

    /// Heart rate.
    #[wasm_bindgen(getter, js_name = heartRate)]
    pub fn heart_rate(&self) -> Result<HeartRateResource, JsValue> {
        let (readings, summaries) =
            entry(Area::Human, "heartRate", |entry| Some((entry.discrete()?, entry.summaries()?)))?;
        Ok(HeartRateResource::new(&self.reader, readings, summaries))
    }

    /// Any other list below `/human`.
    pub fn resource(&self, path: JsValue) -> Result<ListResource, JsValue> {
        let paths = text("path", &path).and_then(|path| Ok(ListPaths::of_user(&path)?)).map_err(failure::thrown)?;
        Ok(ListResource::new(&self.reader, paths))
    }
}

impl HumanClient {
    fn discrete(&self, name: &str) -> Result<DiscreteResource, JsValue> {
        Ok(DiscreteResource::new(&self.reader, entry(Area::Human, name, DataType::discrete)?))
    }

    fn periodic(&self, name: &str) -> Result<PeriodicResource, JsValue> {
        let paths = |entry: &DataType| Some((entry.list()?, entry.periodic()?, entry.summaries()?));
        let (list, days, summaries) = entry(Area::Human, name, paths)?;
        Ok(PeriodicResource::new(&self.reader, list, days, summaries))
    }

    fn list(&self, name: &str) -> Result<ListResource, JsValue> {
        Ok(ListResource::new(&self.reader, entry(Area::Human, name, DataType::list)?))
    }
}

/// One getter for each line of the catalogue.
macro_rules! resources {
    ($($getter:ident $name:literal $kind:ident $class:ident,)*) => {
        #[wasm_bindgen]
        impl HumanClient {
            $(
                #[doc = concat!("The resource `", $name, "`.")]
                #[wasm_bindgen(getter, js_name = $name)]
                pub fn $getter(&self) -> Result<$class, JsValue> {
                    self.$kind($name)
                }
            )*
        }
    };
}

resources! {
    blood_glucose "bloodGlucose" discrete DiscreteResource,
    blood_oxygen "bloodOxygen" discrete DiscreteResource,
    blood_pressure "bloodPressure" discrete DiscreteResource,
    bmi "bmi" discrete DiscreteResource,
    body_fat "bodyFat" discrete DiscreteResource,
    height "height" discrete DiscreteResource,
    weight "weight" discrete DiscreteResource,
    activities "activities" periodic PeriodicResource,
    sleeps "sleeps" periodic PeriodicResource,
    locations "locations" periodic PeriodicResource,
    meals "meals" list ListResource,
    genetic_traits "geneticTraits" list ListResource,
}

/// What `paths` finds at a line of the catalogue.
pub fn entry<P>(area: Area, name: &str, paths: impl FnOnce(&DataType) -> Option<P>) -> Result<P, JsValue> {
    data_type(area, name).and_then(paths).ok_or_else(|| failure::thrown(not_in_catalogue(name)))
}

/// The path of a line of the catalogue that is one answer.
pub fn whole(area: Area, name: &str) -> Result<Path, Error> {
    data_type(area, name).and_then(DataType::whole).ok_or_else(|| not_in_catalogue(name))
}

/// A defect of this library: its classes and its catalogue differ. Tests read every property of every class.
fn not_in_catalogue(name: &str) -> Error {
    Error::protocol("catalogue", ["the catalogue has no \"", name, "\" of this kind; please report this"].concat())
}
