//! A server of the Human API, for one person and for all users of an app, and of the API for samples, for trying out
//! and testing humansync. It has deterministic data, strict rules and faults on demand, and listens on loopback only.
//!
//! The modules: `data` generates the records of one person, without HTTP; `human` is the API that serves them;
//! `app_data` and `apps` are the same for all users of an app; `samples` is the API for samples with the store of those
//! that arrived; `notifications` tells an app what changed; `faults` decides which faults occur; `recorder` logs the requests; `control` is `/_sandbox/…`;
//! `server` has the connections; `app` puts everything together. Another API would be a folder next to `human`.
//!
//! The sandbox is the counterpart of the humansync library in tests, and therefore shares no code with it.

#![forbid(unsafe_code)]

mod answer;
mod app;
mod app_data;
mod apps;
pub mod arguments;
mod bearer;
mod calendar;
mod catalogue;
mod clock;
mod control;
mod data;
mod draw;
pub mod faults;
mod headers;
mod human;
mod notifications;
mod recorder;
mod samples;
mod sandbox;
pub mod server;

pub use app::app;
pub use app_data::batch_type::BatchType;
pub use app_data::{Size as AppSize, StreamSize};
pub use sandbox::{Sandbox, Settings};
