//! The API that takes samples, `POST /api/v1.1/samples`: who may send, what may be sent, and the store of what arrived.
//! The rules are read from the API's documentation, apart from the library's: what one of them lets through by mistake,
//! the other stops. What goes wrong on the way is in `faults`.

mod body;
mod control;
mod endpoint;
mod rules;
mod store;
mod timestamp;

pub use control::routes as control;
pub use endpoint::routes;
pub use store::Store;
