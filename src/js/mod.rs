//! The edge: what JavaScript calls. `JsValue` lives here and nowhere else.
//!
//! - One file for each exported class, `human_client`, `pages`, `walk` and `sample_uploader`; `formats` has the functions,
//!   and `zip` what `unzip.js` is made of.
//! - `options`, `client_options` and `query_options` read what users give; `signal` and `failure` carry aborting and
//!   errors across.
//! - `transport`, `records`, `clock`, `source` and `store` are the ports, over `fetch`, arrays, timers, whatever has
//!   samples in it, and an object with five methods; `report` is what an upload tells.
//!
//! Nothing is decided here: a method checks its arguments, calls the core, and hands back what came. What is shorter in
//! JavaScript than through bindings lies in the `.js` files beside; the public shape of the classes (a property for
//! each resource, iteration, `using`) is put around these by the package's own modules.

mod client_options;
mod clock;
mod events;
mod failure;
mod formats;
mod number;
mod options;
mod promise;
mod query_options;
mod records;
mod report;
mod signal;
mod source;
mod store;
mod transport;
mod zip;

mod human_client;
mod pages;
mod sample_uploader;
mod walk;

use crate::human::Human;

/// The reader behind every class: one person's data over `fetch` and the host's timers.
type Reader = Human<transport::Fetch, clock::HostClock>;
