//! The edge: what JavaScript calls. `JsValue` lives here and nowhere else.
//!
//! - Each exported class has a file: `human_client`, `app_client`, `pages` (with `Walk`), `sync` and `sample_uploader`;
//!   `formats` has the functions.
//! - In: `options` reads an object of options into a type that derives `Deserialize`; `client_options` and
//!   `query_options` are those that several classes share; `signal` is for aborting.
//! - Out: `plain_object` writes what derives `Serialize`, `failure` makes errors, and `listener` calls the caller's
//!   functions.
//! - `transport`, `records`, `clock`, `source`, `known` and `store` are the ports, over `fetch`, arrays, timers, whatever
//!   has samples or records in it, and an object with five methods.
//!
//! The features `read`, `sync` and `send` say which classes and functions there are. What a job does not need is not
//! linked.
//!
//! Nothing is decided here: a method reads its arguments, calls the core, and hands back what came. Defaults and rules
//! are in `crate::options`. What is shorter in JavaScript than through bindings is in the folder `imports`; the public
//! shape of the classes (a property for each resource, iteration, `using`) is put around these by the package's own
//! modules.

mod client_options;
mod clock;
mod failure;
#[cfg(feature = "read")]
pub mod formats;
mod limiter;
mod listener;
mod number;
mod options;
mod plain_object;
mod promise;
#[cfg(any(feature = "read", feature = "sync"))]
mod query_options;
mod records;
mod signal;
#[cfg(feature = "send")]
mod source;
#[cfg(any(feature = "sync", feature = "send"))]
mod store;
mod transport;

#[cfg(feature = "sync")]
pub mod app_client;
#[cfg(feature = "read")]
pub mod human_client;
#[cfg(feature = "sync")]
mod known;
#[cfg(any(feature = "read", feature = "sync"))]
pub mod pages;
#[cfg(feature = "send")]
pub mod sample_uploader;
#[cfg(feature = "sync")]
pub mod sync;

/// The client of every class: over `fetch` and the host's timers.
type Client = std::rc::Rc<crate::http::Client<transport::Fetch, clock::HostClock>>;
