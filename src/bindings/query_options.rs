//! The options of a query.

use super::failure;
use super::options::Options;
use super::signal::Signal;
use crate::api::{Query, QueryInit};
use crate::options::CursorInit;
use wasm_bindgen::JsValue;

/// What the lists of the package take: what is asked for, where to begin, and who may end it.
pub struct QueryOptions {
    pub init: QueryInit,
    pub cursor: Option<String>,
    pub signal: Option<Signal>,
}

impl QueryOptions {
    /// Reads the argument `query`.
    pub fn read(query: &JsValue) -> Result<Self, JsValue> {
        let mut options = Options::open("query", query)?;
        let init = options.read()?;
        let CursorInit { cursor } = options.read()?;
        let signal = options.signal()?;
        options.end()?;
        Ok(Self { init, cursor, signal })
    }
}

/// The query that `init` asks for.
pub fn checked(init: QueryInit) -> Result<Query, JsValue> {
    Query::new(init).map_err(failure::option)
}
