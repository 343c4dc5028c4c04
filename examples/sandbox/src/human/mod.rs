//! Human API's per-user side, `/v1/human…`: who may ask, what may be asked, and the answers.
//! Where the data comes from is in `data`; what goes wrong on the way, in `faults`.

pub mod gate;
pub mod lists;
mod objects;
pub mod paging;
pub mod query;
mod routes;

pub use routes::routes;
