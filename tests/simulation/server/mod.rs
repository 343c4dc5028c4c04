//! The simulated servers: `paged_server`, one list in pages; `app_server`, the records of all users of an app; and `endpoint`, which
//! receives samples.
//!
//! They are written from the API's description, not from the library: they have their own reader of query strings and
//! their own writer of links.

mod answers;
mod app_churn;
mod app_rows;
mod app_server;
mod app_variant;
mod document;
mod endpoint;
mod list_churn;
mod moving_list;
mod paged_server;

pub use answers::{ok, status};
pub use app_churn::AppChurn;
pub use app_rows::{Row, stamp};
pub use app_server::{APP_KEY, AnsweredQuery, AppServer, CLIENT_ID};
pub use app_variant::{OddDate, OddDates, Variant};
pub use document::{Document, Record, Rows};
pub use endpoint::{ENDPOINT, Endpoint, FAILURE, Fact, Inbox, Page, Parcel, Verdict, read_body};
pub use list_churn::ListChurn;
pub use moving_list::MovingList;
pub use paged_server::{LinkForm, Oddities, Overload, PagedServer, Totals, parameter};
