//! Human API for one user, `/v1/human…`: authentication, query options, and answers. The data is in `data`, and faults
//! are in `faults`.

mod control;
pub mod gate;
pub mod lists;
mod objects;
pub mod paging;
pub mod query;
mod routes;

pub use control::routes as control;
pub use routes::routes;
