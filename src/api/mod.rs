//! What can be asked of the API: its endpoints and their names, checked queries, paths.
//!
//! - [`QueryInit`] is a query as the user gave it, [`Query`] one that is checked; `query_string` writes it,
//!   [`Fingerprint`] binds a cursor to it.
//! - `option_names` lists the options of a query; `limit_offset`, `unknown_params` and `whole_number` check single
//!   values; `nearest_name` suggests what a misspelt name was meant to be.
//! - [`CATALOGUE`] is the table of data types, [`Operation`] what can be asked of each, [`resource_path()`] where;
//!   [`Path`] is how paths are built. [`AppPath`] has the paths of an app and all of its users, [`PersonType`] those
//!   of the lists of one person that can be kept in sync.
//!
//! Not here: how the pages of a list are walked (`pages`), how requests are sent (`http`), and anything of JavaScript.

mod app_path;
mod catalogue;
mod limit_offset;
mod nearest_name;
mod option_names;
mod path;
mod person_type;
mod query;
mod query_init;
mod query_string;
mod resource_path;
mod unknown_params;
mod whole_number;

#[cfg(test)]
mod tests;

pub use app_path::{AppPath, BatchType};
pub use catalogue::{Area, CATALOGUE, Group, Kind, Operation, kind};
pub use limit_offset::{Limit, Offset};
pub use nearest_name::{nearest, shown};
pub(crate) use option_names::{LIMIT, OFFSET, UPDATED_BEFORE, UPDATED_SINCE};
pub use option_names::{SENT_OPTIONS, snake_case};
pub use path::{Path, PathSegment};
pub use person_type::PersonType;
pub use query::{Fingerprint, Query};
pub use query_init::{QueryInit, texts};
pub use query_string::time_error;
pub use resource_path::{calendar_date, resource_path, user_path};
pub use whole_number::{MAX_SAFE_INTEGER, decimal, whole_number};
