//! The API for samples, `POST /api/v1.1/samples`: authentication, rules, and the store of the samples that arrived. The
//! rules are implemented from the API's documentation and independent of the library's, so that each finds mistakes of
//! the other. Faults are in `faults`.

mod body;
mod control;
mod endpoint;
mod rules;
mod store;
mod timestamp;

pub use control::routes as control;
pub use endpoint::routes;
pub use store::Store;
