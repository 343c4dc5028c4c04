//! The simulated servers: `paged`, one list in pages; `app`, the records of all users of an app; and `endpoint`, which
//! receives samples.
//!
//! They are written from the API's description, not from the library: they have their own reader of query strings and
//! their own writer of links.

mod answers;
mod app;
mod app_rows;
mod app_tide;
mod app_variant;
mod document;
mod endpoint;
mod moving_list;
mod paged;
mod tide;

pub use answers::{ok, status};
pub use app::{APP_KEY, AppServer, Asked, CLIENT_ID};
pub use app_rows::{Row, stamp};
pub use app_tide::AppTide;
pub use app_variant::{OddDate, OddDates, Variant};
pub use document::{Document, Record, Rows};
pub use endpoint::{ENDPOINT, Endpoint, FAILURE, Fact, Inbox, Page, Parcel, Verdict, read_body};
pub use moving_list::MovingList;
pub use paged::{LinkForm, Oddities, Overload, Paged, Totals, parameter};
pub use tide::Tide;
