//! Human API's side for apps, `/v1/apps/{clientId}…`: all users under an App Key. Where the data comes from is in `app_data`.

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

/// The app and its key, unless the sandbox is told others.
pub const CLIENT_ID: &str = "demo-app";
pub const APP_KEY: &str = "demo-app-key";
