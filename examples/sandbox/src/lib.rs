//! A server of the Human API, for one person and for all users of an app, and of the API that takes samples, for trying
//! humansync out and for testing it: deterministic data, strict rules, faults on demand, loopback only.
//!
//! What lives where: `data` makes the records of one person and knows no HTTP; `human` is the API that gives them, from the
//! gate to the links; `app_data` and `apps` are the same for all users of an app; `samples` is the API that takes samples,
//! and the store of what arrived; `faults` decides what goes wrong; `recorder` writes down what was seen; `control` is
//! `/_sandbox/…`; `server` has the connections; `app` puts them together. Another API is a folder beside `human`.
//!
//! Not here: anything of the humansync library. The sandbox is its counterpart, and shares no code with it.

#![forbid(unsafe_code)]

mod answer;
mod app;
mod app_data;
mod apps;
pub mod arguments;
mod bearer;
mod calendar;
mod catalogue;
mod control;
mod data;
mod draw;
pub mod faults;
mod headers;
mod human;
mod recorder;
mod samples;
mod sandbox;
pub mod server;

pub use app::app;
pub use app_data::Size as AppSize;
pub use sandbox::{Sandbox, Settings};
