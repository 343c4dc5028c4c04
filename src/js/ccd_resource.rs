//! `CcdResource`: continuity-of-care documents, as records and as the XML behind them.

use super::Reader;
use super::failure;
use super::list_resource::{ListResource, path_of};
use super::pages::Pages;
use super::promise::with_signal;
use crate::query::{DocumentPaths, ListPaths};
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// What `ListResource` has, and the documents.
#[wasm_bindgen]
pub struct CcdResource {
    list: ListResource,
    reader: Reader,
    documents: DocumentPaths,
}

impl CcdResource {
    pub(super) fn new(reader: &Reader, list: ListPaths, documents: DocumentPaths) -> Self {
        Self { list: ListResource::new(reader, list), reader: reader.clone(), documents }
    }
}

/// HL7 CDA documents are XML; some servers know only the older name.
const XML: &str = "application/xml, text/xml;q=0.9, */*;q=0.1";

#[wasm_bindgen]
impl CcdResource {
    /// The list.
    pub fn list(&self, query: JsValue) -> Result<Pages, JsValue> {
        self.list.list(query)
    }

    /// One record.
    pub fn get(&self, id: JsValue, options: JsValue) -> Promise {
        self.list.get(id, options)
    }

    /// The document of one record, as XML text.
    pub fn raw(&self, id: JsValue, options: JsValue) -> Promise {
        let path = match path_of("id", &id, |id| self.documents.raw(id)) {
            Ok(path) => path,
            Err(error) => return Promise::reject(&failure::thrown(error)),
        };
        let reader = self.reader.clone();
        with_signal(&options, |abort| async move { reader.text(&path, XML, &abort).await })
    }
}
