//! `SampleUploader`: sends samples, and remembers what was sent.

use super::client_options;
use super::clock::HostClock;
use super::failure;
use super::options::{Options, no_such, text};
use super::promise::abortable;
use super::listener::JsListener;
use super::plain_object::plain_object;
use super::signal::{Signal, Watch};
use super::source::{self, JsSource};
use super::store::JsStore;
use super::transport::Fetch;
use crate::error::{Error, OptionError};
use crate::http::{Base, Scheme};
use crate::upload::{MAX_BATCH_SIZE, MIN_BATCH_SIZE, Uploader, UploaderOptions};
use futures_util::FutureExt;
use humansync_ingest::{DataType, Format};
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// Sends samples to one endpoint.
#[wasm_bindgen]
pub struct SampleUploader {
    uploader: Uploader<Fetch, HostClock, JsStore>,
}

const PATH: &str = "/api/v1.1/samples";
const SPEC: &str = "token secret
path text
store store
account text
batchSize number
onUnknown text
";
const MISSING: &str =
    "`token` is missing: give the token that opens the endpoint, or a function that yields it";
const SPEC_OF_CALLS: &str = "format text\nsignal signal\nonProgress function\nonRejected function";

/// What `plan` and `upload` are called with.
struct Asked {
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
        let options = Options::read("options", options, &[SPEC, client_options::SPEC].concat())?;
        let base = match options.text("baseUrl") {
            Some(base_url) => Base::endpoint(
                &base_url,
                options.text("path").as_deref().unwrap_or(PATH),
                client_options::allows_http(&options),
            ),
            None => Err(OptionError::new(
                "baseUrl",
                "`baseUrl` is missing: say where samples go, such as \"https://samples.example\"",
            )),
        };
        let least = u64::try_from(MIN_BATCH_SIZE).unwrap_or_default();
        let most = u64::try_from(MAX_BATCH_SIZE).unwrap_or_default();
        let batch_size = options.whole("batchSize", least, most, most)?;
        let hold_unknown = match options.text("onUnknown").as_deref() {
            None | Some("resend") => false,
            Some("hold") => true,
            Some(other) => return Err(no_such("onUnknown", other, "\"resend\" or \"hold\"")),
        };
        let settings = UploaderOptions {
            account: options.text("account"),
            batch_size: usize::try_from(batch_size).unwrap_or(MAX_BATCH_SIZE),
            hold_unknown,
            numbers: source::NUMBERS,
        };
        let store = options.get("store");
        let store = if store.is_undefined() { memory } else { store };
        let client = client_options::client(&options, base, Scheme::Bearer, "token", MISSING)?;
        Ok(Self { uploader: Uploader::new(client, Rc::new(JsStore(store)), settings) })
    }

    /// Ends what is in flight, and refuses all that follows.
    pub fn close(&self) {
        self.uploader.client().close();
    }

    /// What an upload would do.
    pub fn plan(&self, data_type: &JsValue, source: &JsValue, options: &JsValue) -> Result<Promise, JsValue> {
        let Asked { data_type, format, signal, listener } = Asked::read(data_type, options)?;
        let source = JsSource::open(source, format)?;
        let uploader = self.uploader.clone();
        Ok(abortable(signal, |abort| {
            async move {
                let plan = uploader.plan(data_type, format, source, &listener, &abort).await?;
                Ok(plain_object(&plan))
            }
            .boxed_local()
        }))
    }

    /// Sends what is new in `source`.
    pub fn upload(
        &self,
        data_type: &JsValue,
        source: &JsValue,
        options: &JsValue,
    ) -> Result<Promise, JsValue> {
        let Asked { data_type, format, signal, listener } = Asked::read(data_type, options)?;
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
        Ok(abortable(None, |_| {
            async move { Ok(plain_object(&uploader.watermarks(data_type).await?)) }.boxed_local()
        }))
    }

    /// Forgets what was sent, of one device or of all.
    pub fn forget(&self, data_type: &JsValue, device: &JsValue) -> Result<Promise, JsValue> {
        let data_type = type_of(data_type)?;
        let device = if device.is_undefined() { None } else { Some(text("deviceName", device)?) };
        let uploader = self.uploader.clone();
        Ok(abortable(None, |_| {
            async move {
                uploader.forget(data_type, device.as_deref()).await?;
                Ok(JsValue::UNDEFINED)
            }
            .boxed_local()
        }))
    }
}

impl Asked {
    fn read(data_type: &JsValue, options: &JsValue) -> Result<Self, JsValue> {
        let data_type = type_of(data_type)?;
        let options = Options::read("options", options, SPEC_OF_CALLS)?;
        let format = match options.text("format") {
            None => None,
            Some(name) => Some(Format::from_name(&name).ok_or_else(|| {
                no_such("format", &name, "\"json\", \"ndjson\", \"csv\" or \"apple-health\"")
            })?),
        };
        let listener = JsListener::new(options.function("onProgress"), options.function("onRejected"));
        Ok(Self { data_type, format, signal: options.signal(), listener })
    }
}

fn type_of(data_type: &JsValue) -> Result<DataType, JsValue> {
    let name = text("type", data_type)?;
    DataType::from_name(name.as_bytes()).ok_or_else(|| no_such("type", &name, "\"steps\" or \"bpm\""))
}
