//! `SampleUploader`: sends samples, and remembers what was sent.

use super::client_options::ClientOptions;
use super::clock::HostClock;
use super::failure;
use super::listener::JsListener;
use super::options::{Options, text};
use super::plain_object::plain_object;
use super::promise::{self, abortable};
use super::signal::{Signal, Watch};
use super::source::{self, JsSource};
use super::store::JsStore;
use super::transport::Fetch;
use crate::error::Error;
use crate::options::{self, TOKEN, UploadInit, UploaderInit};
use crate::upload::Uploader;
use humansync_ingest::{DataType, Format};
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// Sends samples to one endpoint.
#[wasm_bindgen]
pub struct SampleUploader {
    uploader: Rc<Uploader<Fetch, HostClock, JsStore>>,
}

/// What `plan` and `upload` are called with.
struct UploadOptions {
    data_type: DataType,
    format: Option<Format>,
    signal: Option<Signal>,
    listener: JsListener,
}

#[wasm_bindgen]
impl SampleUploader {
    /// An uploader as `options` say; nothing is sent. `memory` is the store where none is given.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, memory: JsValue) -> Result<SampleUploader, JsValue> {
        let mut options = Options::open("options", options)?;
        let client = ClientOptions::read(&mut options, &TOKEN)?;
        let init: UploaderInit = options.read()?;
        let store = options.store("store")?.unwrap_or(memory);
        options.end()?;
        let options = init.checked(source::NUMBERS).map_err(failure::option)?;
        let client = client.client(|client| init.base(client))?;
        let store = Rc::new(JsStore(store));
        Ok(Self { uploader: Rc::new(Uploader { client, store, options }) })
    }

    /// Ends what is in flight, and refuses all that follows.
    pub fn close(&self) {
        self.uploader.client.close();
    }

    /// What an upload would do.
    pub fn plan(&self, data_type: &JsValue, source: &JsValue, options: &JsValue) -> Result<Promise, JsValue> {
        let UploadOptions { data_type, format, signal, listener } = UploadOptions::read(data_type, options)?;
        let source = JsSource::open(source, format)?;
        let uploader = self.uploader.clone();
        Ok(abortable(signal, |abort| async move {
            let plan = uploader.plan(data_type, format, source, &listener, &abort).await?;
            Ok(plain_object(&plan))
        }))
    }

    /// Sends what is new in `source`.
    pub fn upload(
        &self,
        data_type: &JsValue,
        source: &JsValue,
        options: &JsValue,
    ) -> Result<Promise, JsValue> {
        let UploadOptions { data_type, format, signal, listener } = UploadOptions::read(data_type, options)?;
        let source = JsSource::open(source, format)?;
        let uploader = self.uploader.clone();
        let watch = signal.as_ref().map(Signal::watch);
        Ok(future_to_promise(async move {
            let abort = watch.as_ref().map(Watch::abort).unwrap_or_default();
            match uploader.upload(data_type, format, source, &listener, &abort).await {
                Ok(ended) => Ok(plain_object(&ended)),
                Err(stopped) => {
                    let error = failure::to_js(&stopped.error, signal.as_ref());
                    // A signal's reason is its owner's.
                    if matches!(stopped.error, Error::Aborted) {
                        return Err(error);
                    }
                    Err(failure::with_report(error, plain_object(&stopped.report), stopped.by_source))
                }
            }
        }))
    }

    /// Per device: up to when everything known was accepted.
    pub fn watermarks(&self, data_type: &JsValue) -> Result<Promise, JsValue> {
        let data_type = type_of(data_type)?;
        let uploader = self.uploader.clone();
        let call = async move { Ok(plain_object(&uploader.watermarks(data_type).await?)) };
        Ok(promise::run(call, None))
    }

    /// Forgets what was sent, of one device or of all.
    pub fn forget(&self, data_type: &JsValue, device: &JsValue) -> Result<Promise, JsValue> {
        let data_type = type_of(data_type)?;
        let device = if device.is_undefined() { None } else { Some(text("deviceName", device)?) };
        let uploader = self.uploader.clone();
        let call = async move {
            uploader.forget(data_type, device.as_deref()).await?;
            Ok(JsValue::UNDEFINED)
        };
        Ok(promise::run(call, None))
    }
}

impl UploadOptions {
    fn read(data_type: &JsValue, options: &JsValue) -> Result<Self, JsValue> {
        let data_type = type_of(data_type)?;
        let mut options = Options::open("options", options)?;
        let init: UploadInit = options.read()?;
        let signal = options.signal()?;
        let listener = JsListener::new(options.function("onProgress")?, options.function("onRejected")?);
        options.end()?;
        Ok(Self { data_type, format: init.format().map_err(failure::option)?, signal, listener })
    }
}

fn type_of(data_type: &JsValue) -> Result<DataType, JsValue> {
    options::data_type(&text("type", data_type)?).map_err(failure::option)
}
