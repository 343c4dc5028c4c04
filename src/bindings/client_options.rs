//! The options of a client.

use super::clock::HostClock;
use super::failure::{self, settled, thrown};
use super::limiter::JsLimiter;
use super::listener::event_listener;
use super::number::from_count;
use super::options::{Options, text};
use super::transport::Fetch;
use crate::error::OptionError;
use crate::http::{BaseUrl, Client, Credential, Limiter, SecretFunction, SecretSource};
use crate::options::{ClientInit, SecretOption};
use futures_util::FutureExt;
use js_sys::{Function, Promise};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// What every client takes.
pub struct ClientOptions {
    secret_option: &'static SecretOption,
    secret: Option<JsValue>,
    init: ClientInit,
    fetch: Option<Function>,
    on_event: Option<Function>,
    limiter: Option<JsValue>,
}

impl ClientOptions {
    /// Reads them, with the secret that goes by `secret_option`.
    pub fn read(options: &mut Options, secret_option: &'static SecretOption) -> Result<Self, JsValue> {
        Ok(Self {
            secret_option,
            secret: options.secret(secret_option.name)?,
            init: options.read()?,
            fetch: options.function("fetch")?,
            on_event: options.function("onEvent")?,
            limiter: options.limiter("limiter")?,
        })
    }

    /// A client of the API that `base` makes of them.
    pub fn client(
        self,
        base: impl FnOnce(&ClientInit) -> Result<BaseUrl, OptionError>,
    ) -> Result<Rc<Client<Fetch, HostClock>>, JsValue> {
        let base = base(&self.init);
        self.client_at(base).map_err(failure::option)
    }

    fn client_at(
        self,
        base: Result<BaseUrl, OptionError>,
    ) -> Result<Rc<Client<Fetch, HostClock>>, OptionError> {
        let credential = Credential::new(source(self.secret_option, self.secret)?);
        let config = self.init.config(base?)?;
        let transport = Fetch::new(self.fetch, from_count(self.init.max_response_bytes()?));
        let limiter = self.limiter.map(|limiter| -> Box<dyn Limiter> { Box::new(JsLimiter(limiter)) });
        let listener = self.on_event.map(event_listener);
        let client = Client::new(transport, HostClock, config, credential, listener);
        Ok(Rc::new(client.with_limiter(limiter)))
    }
}

fn source(option: &'static SecretOption, value: Option<JsValue>) -> Result<SecretSource, OptionError> {
    let Some(value) = value else { return Err(option.missing()) };
    if let Some(text) = value.as_string() {
        return Ok(SecretSource::Fixed(option.text(&text)?));
    }
    let function: Function = value.unchecked_into();
    let ask: SecretFunction = Rc::new(move || {
        let answer = function.call0(&JsValue::UNDEFINED);
        async move {
            // A function may give the text itself or a promise of it, and may throw or reject.
            let value = settled(Promise::resolve(&answer.map_err(thrown)?)).await?;
            Ok(option.text(&text(option.name, &value).map_err(thrown)?)?)
        }
        .boxed_local()
    });
    Ok(SecretSource::Function(ask))
}
