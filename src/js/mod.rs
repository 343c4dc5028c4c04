//! The edge: what JavaScript calls. `JsValue` lives here and nowhere else.
//!
//! - One file for each exported class, `human_client`, `app_client`, `pages`, `walk`, `sync` and `sample_uploader`; `formats` has the functions,
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

mod app_client;
mod human_client;
mod pages;
mod sample_uploader;
mod sync;
mod walk;

/// The reader behind every class: over `fetch` and the host's timers.
type Reader = crate::reader::Reader<transport::Fetch, clock::HostClock>;
/// Its client.
type Client = std::rc::Rc<crate::http::Client<transport::Fetch, clock::HostClock>>;
