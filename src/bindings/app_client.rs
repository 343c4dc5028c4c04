//! `AppClient`: all users of an app, under an App Key.

use super::client_options::ClientOptions;
use super::clock::HostClock;
use super::failure;
use super::known::JsKnown;
use super::options::{Options, signal_alone, text};
use super::pages::{List, Pages};
use super::plain_object::plain_object;
use super::promise::abortable;
use super::query_options::QueryOptions;
use super::sync::Sync;
use super::transport::Fetch;
use crate::api::AppPath;
use crate::options::{self, APP_KEY, AppClientInit, MissingInit, PlanInit, SyncTypes, WindowInit};
use crate::sync::App;
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/runtime.js")]
extern "C" {
    #[wasm_bindgen(js_name = isBrowser)]
    fn is_browser() -> bool;
}

/// Reads all users' data.
#[wasm_bindgen]
pub struct AppClient {
    app: Rc<App<Fetch, HostClock>>,
    path: AppPath,
}

#[wasm_bindgen]
impl AppClient {
    /// A client as `options` say; nothing is sent.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<AppClient, JsValue> {
        let mut options = Options::open("options", options)?;
        let client = ClientOptions::read(&mut options, &APP_KEY)?;
        let init: AppClientInit = options.read()?;
        options.end()?;
        let client_id = init.client_id(is_browser()).map_err(failure::option)?;
        let path = AppPath::new(client_id).map_err(failure::option)?;
        let client = client.client(|client| init.base(client, &path))?;
        let app = App::new(client, client_id).map_err(failure::option)?;
        Ok(Self { app: Rc::new(app), path })
    }

    /// Ends what is in flight, and refuses all that follows.
    pub fn close(&self) {
        self.app.client.close();
    }

    /// All users; only `{ signal }` can be said.
    pub fn users(&self, options: &JsValue) -> Result<Pages, JsValue> {
        let signal = signal_alone(options)?;
        let listing = self.app.users().map_err(failure::option)?;
        Ok(Pages::new(&self.app.client, List::One(listing), signal))
    }

    /// One user.
    pub fn user(&self, human_id: &JsValue, options: &JsValue) -> Result<Promise, JsValue> {
        let human_id = text("humanId", human_id)?;
        let signal = signal_alone(options)?;
        let app = self.app.clone();
        Ok(abortable(signal, |abort| async move { app.user(&human_id, &abort).await }))
    }

    /// Deletes a user.
    #[wasm_bindgen(js_name = deleteUser)]
    pub fn delete_user(&self, human_id: &JsValue, options: &JsValue) -> Result<Promise, JsValue> {
        let human_id = text("humanId", human_id)?;
        let signal = signal_alone(options)?;
        let app = self.app.clone();
        Ok(abortable(signal, |abort| async move {
            app.delete_user(&human_id, &abort).await.map(|()| JsValue::UNDEFINED)
        }))
    }

    /// The records of one type, of all users, as the caller's `query` selects them.
    pub fn batch(&self, batch_type: &JsValue, query: &JsValue) -> Result<Pages, JsValue> {
        let name = "type";
        let batch_type = options::batch_type(name, &text(name, batch_type)?).map_err(failure::option)?;
        let QueryOptions { init, cursor, signal } = QueryOptions::read(query)?;
        let query = self.app.batch(batch_type, init, cursor.as_deref()).map_err(failure::option)?;
        Ok(Pages::new(&self.app.client, List::Windows(query), signal))
    }

    /// What keeps every type up to date.
    pub fn sync(&self, options: &JsValue) -> Result<Sync, JsValue> {
        Sync::new(
            &self.app.client,
            self.app.owner(),
            &SyncTypes::OfApp(&self.path),
            Options::open("options", options)?,
        )
    }

    /// The windows of a type that are to be read.
    pub fn plan(&self, batch_type: &JsValue, options: &JsValue) -> Result<Promise, JsValue> {
        let name = "type";
        let batch_type = options::batch_type(name, &text(name, batch_type)?).map_err(failure::option)?;
        let mut options = Options::open("options", options)?;
        let init: PlanInit = options.read()?;
        let signal = options.signal()?;
        options.end()?;
        let plan = init.checked().map_err(failure::option)?;
        let app = self.app.clone();
        Ok(abortable(signal, |abort| async move {
            app.plan(batch_type, plan, abort).await.map(|windows| plain_object(&windows))
        }))
    }

    /// Which of the `known` records of a type the server has no more.
    pub fn missing(
        &self,
        batch_type: &JsValue,
        known: &JsValue,
        options: &JsValue,
    ) -> Result<Promise, JsValue> {
        let batch_type = options::type_with_ids(&text("type", batch_type)?).map_err(failure::option)?;
        let mut known = JsKnown::open(known)?;
        let mut options = Options::open("options", options)?;
        let init: MissingInit = options.read()?;
        let signal = options.signal()?;
        options.end()?;
        let since = init.since().map_err(failure::option)?;
        let app = self.app.clone();
        Ok(abortable(signal, |abort| async move {
            app.missing(batch_type, &mut known, since, abort).await.map(|()| known.kept())
        }))
    }

    /// What walks one window, from a checkpoint of it on.
    pub fn window(&self, window: &JsValue, options: &JsValue) -> Result<Sync, JsValue> {
        let mut given = Options::open("window", window)?;
        let init: WindowInit = given.read()?;
        given.end()?;
        let sync_type = self.app.sync_type(init.batch_type().map_err(failure::option)?);
        let checked = init.checked(sync_type).map_err(failure::option)?;
        Sync::of_window(&self.app.client, self.app.owner(), checked, Options::open("options", options)?)
    }
}
