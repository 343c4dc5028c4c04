//! What to ask for: the options of a query, checked, as a query string; the data types and their paths.
//!
//! - `init` is a query as it was given, `checked` one that can be sent; `params` its unknown parameters, `bounds` its
//!   limit and offset, `fingerprint` what binds a cursor to it.
//! - `names` is the one list of option names, `nearest` says what a misspelt one was meant to be.
//! - `catalogue` is the table of data types, `operation` what can be asked of them, `resource_path` where; `path` is
//!   how a path is made. `app_path` is the same for all users of an app.
//! - `moments` and `whole_number` read single values; `percent` encodes them.
//!
//! Not here: how the pages of a query are walked, how requests are sent, and anything of JavaScript.

mod app;
mod app_path;
mod bounds;
mod catalogue;
mod checked;
mod fingerprint;
mod init;
mod moments;
mod names;
mod nearest;
mod operation;
mod params;
mod path;
mod percent;
mod reader;
mod resource_path;
mod whole_number;

#[cfg(test)]
mod tests;

pub use app::App;
pub use app_path::{AppPath, BatchType};
pub use bounds::{Limit, Offset};
pub use catalogue::{Area, CATALOGUE, Group, Kind, kind};
pub use checked::Query;
pub use fingerprint::Fingerprint;
pub use init::QueryInit;
pub use moments::{calendar_date, instant, instant_from_millis};
pub use names::{QUERY_OPTIONS, SENT, snake_case};
pub use nearest::{nearest, shown, unknown_option};
pub use operation::Operation;
pub use path::{Path, PathSegment};
pub use reader::Reader;
pub use resource_path::{resource_path, user_path};
pub use whole_number::{MAX_SAFE_INTEGER, decimal, whole_number};
