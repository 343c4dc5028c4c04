//! `AppClient`: all users of an app, under an App Key.

use super::client_options;
use super::clock::HostClock;
use super::failure;
use super::options::{Options, no_such, text};
use super::pages::{List, Pages};
use super::promise::abortable;
use super::query_options::{Given, Unchecked};
use super::sync::Sync;
use super::transport::Fetch;
use crate::api::App;
use crate::api::{AppPath, BatchType, nearest, shown};
use crate::error::OptionError;
use crate::http::{Base, Scheme};
use futures_util::FutureExt;
use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/runtime.js")]
extern "C" {
    #[wasm_bindgen(js_name = isBrowser)]
    fn is_browser() -> bool;
}

/// Reads all users' data.
#[wasm_bindgen]
pub struct AppClient {
    app: App<Fetch, HostClock>,
}

const BASE_URL: &str = "https://api.humanapi.co";
const VERSION: &str = "v1";
const SPEC: &str = "clientId text
appKey secret
version text
dangerouslyAllowBrowser flag
";
const MISSING: &str = "`appKey` is missing: give the App Key of your app, or a function that yields it";
const NO_CLIENT_ID: &str =
    "`clientId` is missing: give the client id of your app, as the developer portal shows it";
const IN_BROWSER: &str = "an App Key opens the data of every user of the app, and whoever opens this page can read it there: keep \
                          AppClient on a server. If this is no page that others open, say `dangerouslyAllowBrowser: true`";

#[wasm_bindgen]
impl AppClient {
    /// A client as `options` say; nothing is sent.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<AppClient, JsValue> {
        let options = Options::read("options", options, &[SPEC, client_options::SPEC].concat())?;
        let refuse = |option, message| failure::option(&OptionError::new(option, message));
        if is_browser() && !options.get("dangerouslyAllowBrowser").is_truthy() {
            return Err(refuse("dangerouslyAllowBrowser", IN_BROWSER));
        }
        let client_id = options.text("clientId").ok_or_else(|| refuse("clientId", NO_CLIENT_ID))?;
        let path = AppPath::new(&client_id).map_err(|error| failure::option(&error))?;
        let base = Base::new(
            options.text("baseUrl").as_deref().unwrap_or(BASE_URL),
            options.text("version").as_deref().unwrap_or(VERSION),
            path.area(),
            client_options::allows_http(&options),
        );
        let client = client_options::client(&options, base, Scheme::Basic, "appKey", MISSING)?;
        Ok(Self { app: App::new(client, &client_id).map_err(|error| failure::option(&error))? })
    }

    /// Ends what is in flight, and refuses all that follows.
    pub fn close(&self) {
        self.app.client().close();
    }

    /// All users; only `{ signal }` can be said.
    pub fn users(&self, options: &JsValue) -> Result<Pages, JsValue> {
        let signal = Given::signal_only(options)?.signal;
        let listing = self.app.users().map_err(|error| failure::option(&error))?;
        Ok(Pages::new(self.app.client(), List::One(listing), signal))
    }

    /// One user.
    pub fn user(&self, human_id: &JsValue, options: &JsValue) -> Result<Promise, JsValue> {
        let human_id = text("humanId", human_id)?;
        let signal = Options::read("options", options, "signal signal")?.signal();
        let app = self.app.clone();
        Ok(abortable(signal, |abort| async move { app.user(&human_id, &abort).await }.boxed_local()))
    }

    /// Deletes a user.
    #[wasm_bindgen(js_name = deleteUser)]
    pub fn delete_user(&self, human_id: &JsValue, options: &JsValue) -> Result<Promise, JsValue> {
        let human_id = text("humanId", human_id)?;
        let signal = Options::read("options", options, "signal signal")?.signal();
        let app = self.app.clone();
        Ok(abortable(signal, |abort| {
            async move { app.delete_user(&human_id, &abort).await.map(|()| JsValue::UNDEFINED) }.boxed_local()
        }))
    }

    /// The records of one type, of all users, as the caller's `query` selects them.
    pub fn batch(&self, batch_type: &JsValue, query: &JsValue) -> Result<Pages, JsValue> {
        let batch_type = type_of("type", &text("type", batch_type)?)?;
        let Unchecked { init, cursor, signal } = Unchecked::read(query)?;
        let query = self.app.batch(batch_type, init, cursor.as_deref());
        let query = query.map_err(|error| failure::option(&error))?;
        Ok(Pages::new(self.app.client(), List::Windows(query), signal))
    }

    /// What keeps every type up to date.
    pub fn sync(&self, options: &JsValue) -> Result<Sync, JsValue> {
        Sync::new(&self.app, options)
    }
}

/// A type by its name.
pub fn type_of(option: &str, name: &str) -> Result<BatchType, JsValue> {
    BatchType::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = BatchType::all().map(BatchType::name).collect();
        match nearest(name, &names) {
            Some(near) => {
                let message = ["there is no batch type \"", &shown(name), "\"; is it \"", near, "\"?"];
                failure::option(&OptionError::new(option, message.concat()))
            }
            None => no_such(option, name, &["one of ", &names.join(", ")].concat()),
        }
    })
}
