//! `ListResource`: a paged list and its single records.

use super::Reader;
use super::failure;
use super::options::text;
use super::pages::Pages;
use super::promise::with_signal;
use crate::error::Error;
use crate::query::{ListPaths, Path};
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// A paged list.
#[wasm_bindgen]
pub struct ListResource {
    reader: Reader,
    paths: ListPaths,
}

impl ListResource {
    pub(super) fn new(reader: &Reader, paths: ListPaths) -> Self {
        Self { reader: reader.clone(), paths }
    }
}

#[wasm_bindgen]
impl ListResource {
    /// The list.
    pub fn list(&self, query: JsValue) -> Result<Pages, JsValue> {
        Pages::new(&self.reader, self.paths.list(), &query)
    }

    /// One record.
    pub fn get(&self, id: JsValue, options: JsValue) -> Promise {
        object(&self.reader, path_of("id", &id, |id| self.paths.get(id)), &options)
    }
}

/// A path with a text argument in it.
pub fn path_of<E: Into<Error>>(
    name: &str,
    value: &JsValue,
    path: impl FnOnce(&str) -> Result<Path, E>,
) -> Result<Path, Error> {
    text(name, value).and_then(|text| path(&text).map_err(Into::into))
}

/// One object at `path`, as a promise.
pub fn object(reader: &Reader, path: Result<Path, Error>, options: &JsValue) -> Promise {
    let path = match path {
        Ok(path) => path,
        Err(error) => return Promise::reject(&failure::thrown(error)),
    };
    let reader = reader.clone();
    with_signal(options, |abort| async move { reader.object(&path, &abort).await })
}
