//! Human API for apps, `/v1/apps/{clientId}…`: all users, authenticated by an App Key. The data is in `app_data`.

mod basic;
mod batch;
mod control;
mod log;
mod routes;
mod sorted;
mod span;
mod users;

pub use control::routes as control;
pub use log::Log;
pub use routes::routes;
pub use sorted::Sorted;

/// The default app and its key.
pub const CLIENT_ID: &str = "demo-app";
pub const APP_KEY: &str = "demo-app-key";
