//! `HumanClient`: all that can be read of one person, by the names of the catalogue.

use super::Client;
use super::client_options::ClientOptions;
use super::failure;
use super::options::{Options, signal_alone, text};
use super::pages::{List, Pages};
use super::promise::abortable;
use super::query_options::{QueryOptions, checked};
#[cfg(feature = "sync")]
use super::sync::Sync;
use crate::api::{Area, Operation, Path, QueryInit, resource_path, user_path};
use crate::error::OptionError;
use crate::options::{ACCESS_TOKEN, HumanClientInit};
#[cfg(feature = "sync")]
use crate::options::{PersonSyncInit, SyncTypes};
use crate::pages::{ListQuery, Paging};
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// Reads one person's data. An `area` is `human`, `medical` or, for a path of the caller's own, `path`.
#[wasm_bindgen]
pub struct HumanClient {
    client: Client,
}

#[wasm_bindgen]
impl HumanClient {
    /// A client as `options` say; nothing is sent.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<HumanClient, JsValue> {
        let mut options = Options::open("options", options)?;
        let client = ClientOptions::read(&mut options, &ACCESS_TOKEN)?;
        let init: HumanClientInit = options.read()?;
        options.end()?;
        Ok(Self { client: client.client(|client| init.base(client))? })
    }

    /// Ends what is in flight, and refuses all that follows.
    pub fn close(&self) {
        self.client.close();
    }

    /// What one request answers: an object, the latest reading or `undefined`, or a document's text.
    pub fn one(
        &self,
        area: &str,
        name: &JsValue,
        operation: &str,
        argument: &JsValue,
        options: &JsValue,
    ) -> Result<Promise, JsValue> {
        let operation = operation_of(operation)?;
        let path = path_of(area, name, operation, argument)?;
        let signal = signal_alone(options)?;
        let client = self.client.clone();
        Ok(abortable(signal, |abort| async move {
            match operation {
                Operation::Latest => Ok(client.latest(&path, &abort).await?.unwrap_or_default()),
                Operation::Raw => client.document(&path, &abort).await,
                _ => client.object(&path, &abort).await,
            }
        }))
    }

    /// A list, as the caller's `query` selects it; of one that the API gives out at once, only `{ signal }` can be
    /// said.
    pub fn pages(
        &self,
        area: &str,
        name: &JsValue,
        operation: &str,
        argument: &JsValue,
        query: &JsValue,
    ) -> Result<Pages, JsValue> {
        let operation = operation_of(operation)?;
        let path = path_of(area, name, operation, argument)?;
        let (options, paging) = match operation {
            Operation::Whole => {
                let signal = signal_alone(query)?;
                (QueryOptions { init: QueryInit::default(), cursor: None, signal }, Paging::Whole)
            }
            _ => (QueryOptions::read(query)?, Paging::Pages),
        };
        let listing = ListQuery::new(path, checked(options.init)?, paging, options.cursor.as_deref());
        let listing = listing.map_err(failure::option)?;
        Ok(Pages::new(&self.client, List::One(listing), options.signal))
    }
}

#[cfg(feature = "sync")]
#[wasm_bindgen]
impl HumanClient {
    /// What keeps every list up to date.
    pub fn sync(&self, options: &JsValue) -> Result<Sync, JsValue> {
        let mut options = Options::open("options", options)?;
        let init: PersonSyncInit = options.read()?;
        let owner = init.owner(self.client.base().own()).map_err(failure::option)?;
        Sync::new(&self.client, owner, &SyncTypes::OfPerson, options)
    }
}

fn operation_of(name: &str) -> Result<Operation, JsValue> {
    Operation::from_name(name).ok_or_else(|| failure::option(unknown(name)))
}

/// Names that only the package gives.
fn unknown(name: &str) -> OptionError {
    OptionError::new(name, ["unknown: ", name].concat())
}

fn path_of(area: &str, name: &JsValue, operation: Operation, argument: &JsValue) -> Result<Path, JsValue> {
    let argument = match operation.argument() {
        Some(option) => text(option, argument)?,
        None => String::new(),
    };
    // A resource's name comes from the package, a path from its user.
    let name = &text("path", name)?;
    let path = match area {
        "path" => user_path(name, operation, &argument),
        "medical" => resource_path(Area::Medical, name, operation, &argument),
        "human" => resource_path(Area::Human, name, operation, &argument),
        _ => Err(unknown(area)),
    };
    path.map_err(failure::option)
}
