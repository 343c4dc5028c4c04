//! The edge: the classes and functions that JavaScript sees. `JsValue` lives here and nowhere else.
//!
//! - One file for each exported class: `human_client`, the resources, `pages`, `walk`; `formats` has the functions.
//! - `options` reads what users give, `signal` and `failure` carry aborting and errors across.
//! - `transport`, `records` and `clock` are the ports, over `fetch`, arrays and timers.
//!
//! Nothing is decided here: a method checks its arguments, calls the core, and hands back what came. What is easier to
//! say in JavaScript than through bindings (iteration, error classes) lies in `.js` files beside, or in `pkg-template`.

mod client_options;
mod clock;
mod failure;
mod formats;
mod number;
mod options;
mod promise;
mod query_options;
mod records;
mod signal;
mod transport;

mod ccd_resource;
mod discrete_resource;
mod heart_rate_resource;
mod human_client;
mod list_resource;
mod medical_data;
mod pages;
mod periodic_resource;
mod walk;

use crate::human::Human;

/// The reader behind every class: one person's data over `fetch` and the host's timers.
type Reader = Human<transport::Fetch, clock::HostClock>;
