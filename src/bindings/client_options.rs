//! The options of a client.

use super::clock::HostClock;
use super::events::listener;
use super::failure;
use super::options::{Options, text};
use super::transport::Fetch;
use crate::api::shown;
use crate::error::{Error, Foreign, OptionError};
use crate::http::{AskSecret, Base, Client, Config, Credential, Scheme, SecretText, Source};
use crate::scan::is_one_of;
use futures_util::FutureExt;
use js_sys::{Function, Promise};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What every client takes.
pub const SPEC: &str = "baseUrl text
fetch function
headers texts
timeout number
maxResponseBytes number
maxRetries number
maxRetryDelay number
concurrency number
allowHttp flag
onEvent function";

const TIMEOUT: u64 = 30_000;
/// Many times what a page of records or a document of the API has, and little enough for any machine.
const MAX_RESPONSE_BYTES: f64 = 67_108_864.0;
const MAX_RETRIES: u64 = 4;
const MAX_RETRY_DELAY: u64 = 120_000;
const CONCURRENCY: u64 = 6;
/// More lanes than any server or browser grants.
const CONCURRENCY_AT_MOST: u64 = 256;

/// A client of the API at `base`, made as `options` say. What is `missing` is told where the secret is not there.
pub fn client(
    options: &Options,
    base: Result<Base, OptionError>,
    scheme: Scheme,
    secret_name: &'static str,
    missing: &'static str,
) -> Result<Rc<Client<Fetch, HostClock>>, JsValue> {
    let source = secret(options, scheme, secret_name, missing).map_err(|error| failure::option(&error))?;
    let concurrency = options.whole("concurrency", 1, CONCURRENCY_AT_MOST, CONCURRENCY)?;
    let max_retries = options.whole("maxRetries", 0, u64::from(u32::MAX), MAX_RETRIES)?;
    let config = Config {
        base: base.map_err(|error| failure::option(&error))?,
        headers: headers(options).map_err(|error| failure::option(&error))?,
        timeout: options.whole_or_infinite("timeout", 1, TIMEOUT)?,
        max_retries: u32::try_from(max_retries).unwrap_or(u32::MAX),
        max_retry_delay: options.whole_or_infinite("maxRetryDelay", 0, MAX_RETRY_DELAY)?,
        concurrency: usize::try_from(concurrency).unwrap_or(usize::MAX),
    };
    // Infinity is no bound.
    let most = options.whole_or_infinite("maxResponseBytes", 1, 0)?;
    let most = options.number("maxResponseBytes").filter(|_| most > 0).unwrap_or(MAX_RESPONSE_BYTES);
    let transport = Fetch::new(options.function("fetch"), most);
    let listener = options.function("onEvent").map(listener);
    Ok(Rc::new(Client::new(transport, HostClock, config, Credential::new(source), listener)))
}

/// Whether plain http: may go anywhere.
pub fn allows_http(options: &Options) -> bool {
    options.get("allowHttp").is_truthy()
}

fn secret(
    options: &Options,
    scheme: Scheme,
    name: &'static str,
    missing: &'static str,
) -> Result<Source, OptionError> {
    let value = options.get(name);
    if let Some(text) = value.as_string() {
        return Ok(Source::Fixed(SecretText::new(scheme, name, &text)?));
    }
    let Ok(function) = value.dyn_into::<Function>() else {
        return Err(OptionError::new(name, missing));
    };
    let ask: AskSecret = Rc::new(move || {
        let answer = function.call0(&JsValue::UNDEFINED);
        async move {
            // A function may give the text itself or a promise of it, and may throw or reject.
            let value = match answer {
                Ok(answer) => JsFuture::from(Promise::resolve(&answer)).await,
                Err(error) => Err(error),
            };
            let value = value.and_then(|value| text(name, &value));
            let text = value.map_err(|error| Error::Thrown(Foreign(Rc::new(error))))?;
            Ok(SecretText::new(scheme, name, &text)?)
        }
        .boxed_local()
    });
    Ok(Source::Asked(ask))
}

/// Header fields that go with every request, with names in lower case. What is no name is not repeated: it may be a value, and
/// a secret.
fn headers(options: &Options) -> Result<Vec<(String, String)>, OptionError> {
    let mut fields = options.texts("headers");
    for (name, value) in &mut fields {
        name.make_ascii_lowercase();
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(OptionError::new(
                "headers",
                "`headers` has a name that is not one of a header field (RFC 9110 §5.1), such as \"x-study\"",
            ));
        }
        let why = if matches!(name.as_str(), "authorization" | "accept" | "content-type") {
            "is set by the library itself; leave it out"
        } else if !value.bytes().all(|byte| byte == b'\t' || matches!(byte, b' '..=b'~')) {
            "has a character that a header field cannot carry"
        } else {
            continue;
        };
        let option = ["headers.", &shown(name)].concat();
        let message = ["`", &option, "` ", why].concat();
        return Err(OptionError::new(option, message));
    }
    Ok(fields)
}

/// RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || is_one_of(byte, b"!#$%&'*+-.^_`|~")
}
