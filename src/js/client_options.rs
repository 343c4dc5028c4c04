//! The options of a client.

use super::Reader;
use super::clock::HostClock;
use super::options::{Options, expected};
use super::transport::Fetch;
use crate::error::{Error, Foreign, OptionError};
use crate::http::{AskSecret, Base, Client, Config, Credential, Event, SecretText, Source};
use futures_util::FutureExt;
use js_sys::{Function, Promise};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const KNOWN: [&str; 11] = [
    "accessToken",
    "baseUrl",
    "version",
    "fetch",
    "headers",
    "timeout",
    "maxRetries",
    "maxRetryDelay",
    "concurrency",
    "allowHttp",
    "onEvent",
];

const BASE_URL: &str = "https://api.humanapi.co";
const VERSION: &str = "v1";
const AREA: &str = "/human";
const TIMEOUT: u64 = 30_000;
const MAX_RETRIES: u64 = 4;
const MAX_RETRY_DELAY: u64 = 120_000;
const CONCURRENCY: u64 = 6;
/// More lanes than any server or browser grants.
const CONCURRENCY_AT_MOST: u64 = 256;

/// A reader of one person's data, made as `options` say.
pub fn reader(options: &JsValue) -> Result<Reader, Error> {
    if options.is_undefined() {
        return Err(missing_token().into());
    }
    let options = Options::read("options", options, &KNOWN)?;
    let credential = Credential::new(secret(&options, "accessToken")?);
    let base_url = options.text("baseUrl")?;
    let version = options.text("version")?;
    let base = Base::new(
        base_url.as_deref().unwrap_or(BASE_URL),
        version.as_deref().unwrap_or(VERSION),
        AREA,
        options.flag("allowHttp")?.unwrap_or(false),
    )?;
    let concurrency = options.whole("concurrency", 1, CONCURRENCY_AT_MOST)?.unwrap_or(CONCURRENCY);
    let max_retries = options.whole("maxRetries", 0, u64::from(u32::MAX))?.unwrap_or(MAX_RETRIES);
    let config = Config {
        base,
        headers: headers(&options)?,
        timeout: options.millis("timeout", 1)?.unwrap_or(TIMEOUT),
        max_retries: u32::try_from(max_retries).unwrap_or(u32::MAX),
        max_retry_delay: options.millis("maxRetryDelay", 0)?.unwrap_or(MAX_RETRY_DELAY),
        concurrency: usize::try_from(concurrency).unwrap_or(usize::MAX),
    };
    let transport = Fetch::new(options.function("fetch")?);
    let listener = options.function("onEvent")?.map(listener);
    Ok(Reader::new(Rc::new(Client::new(transport, HostClock, config, credential, listener))))
}

fn missing_token() -> OptionError {
    OptionError::new(
        "accessToken",
        "`accessToken` is missing: give the person's token, or a function that yields it; \"demo\" shows the demo person",
    )
}

fn secret(options: &Options, name: &'static str) -> Result<Source, Error> {
    let Some(value) = options.get(name)? else { return Err(missing_token().into()) };
    if let Some(text) = value.as_string() {
        return Ok(Source::Fixed(SecretText::new(name, &text)?));
    }
    let function: Function =
        value.dyn_into().map_err(|value| expected(name, "a text or a function that yields one", &value))?;
    let ask: AskSecret = Rc::new(move || {
        let answer = function.call0(&JsValue::UNDEFINED);
        async move {
            // A function may give the text itself or a promise of it, and may throw or reject.
            let value = match answer {
                Ok(answer) => JsFuture::from(Promise::resolve(&answer)).await,
                Err(error) => Err(error),
            };
            let value = value.map_err(|error| Error::Thrown(Foreign(Rc::new(error))))?;
            let text =
                value.as_string().ok_or_else(|| expected(name, "a function that yields a text", &value))?;
            Ok(SecretText::new(name, &text)?)
        }
        .boxed_local()
    });
    Ok(Source::Asked(ask))
}

/// Header fields that go with every request, with names in lower case.
fn headers(options: &Options) -> Result<Vec<(String, String)>, Error> {
    let mut fields = options.texts("headers")?;
    for (name, value) in &mut fields {
        name.make_ascii_lowercase();
        let option = ["headers.", &crate::query::shown(name)].concat();
        let refuse = |why: &str| OptionError::new(&option, ["`", &option, "` ", why].concat());
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(refuse("is not the name of a header field (RFC 9110 §5.1)").into());
        }
        if matches!(name.as_str(), "authorization" | "accept" | "content-type") {
            return Err(refuse("is set by the library itself; leave it out").into());
        }
        let is_printable = |byte: u8| byte == b'\t' || matches!(byte, b' '..=b'~');
        if !value.bytes().all(is_printable) {
            return Err(refuse("has a character that a header field cannot carry").into());
        }
    }
    Ok(fields)
}

/// RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Tells `function` of each event. What it throws is its own: a call must not fail because somebody failed to log it.
fn listener(function: Function) -> Box<dyn Fn(Event)> {
    Box::new(move |event| {
        // Texts and numbers below 2^53 always serialise.
        if let Ok(event) = event.serialize(&Serializer::json_compatible()) {
            let _ignored = function.call1(&JsValue::UNDEFINED, &event);
        }
    })
}
