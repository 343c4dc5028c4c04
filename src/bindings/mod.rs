//! The edge: what JavaScript calls. `JsValue` lives here and nowhere else.
//!
//! - One file for each exported class, `human_client`, `app_client`, `pages`, `walk`, `sync` and `sample_uploader`, and `formats` has the
//!   functions.
//! - `options`, `client_options` and `query_options` read what users give; `signal` and `failure` carry aborting and
//!   errors across.
//! - `transport`, `records`, `clock`, `source` and `store` are the ports, over `fetch`, arrays, timers, whatever has
//!   samples in it, and an object with five methods; `report` is what an upload tells.
//!
//! The features `read`, `sync` and `send` say which classes and functions there are. What a job does not need is not linked.
//!
//! Nothing is decided here: a method checks its arguments, calls the core, and hands back what came. What is shorter in
//! JavaScript than through bindings lies in the `.js` files beside; the public shape of the classes (a property for
//! each resource, iteration, `using`) is put around these by the package's own modules.

// Of what several jobs share, one alone may leave something unused; all three together leave nothing.
#![cfg_attr(not(all(feature = "read", feature = "sync", feature = "send")), allow(dead_code))]

mod client_options;
mod clock;
mod events;
mod failure;
#[cfg(feature = "read")]
pub mod formats;
#[cfg(any(feature = "sync", feature = "send"))]
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
#[cfg(any(feature = "read", feature = "sync"))]
pub mod pages;
#[cfg(feature = "send")]
pub mod sample_uploader;
#[cfg(feature = "sync")]
pub mod sync;
#[cfg(any(feature = "read", feature = "sync"))]
pub mod walk;

/// The reader behind every class that reads: over `fetch` and the host's timers.
type Reader = crate::api::Reader<transport::Fetch, clock::HostClock>;
/// Its client.
type Client = std::rc::Rc<crate::http::Client<transport::Fetch, clock::HostClock>>;
