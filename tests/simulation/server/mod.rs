//! What the simulated servers know and how they answer: records, lists that move, and their pages; and the endpoint that
//! takes samples.
//!
//! The server is written from the API's description of the wire, not from the library: it has its own reader of query
//! strings and its own writer of links.

mod answers;
mod document;
mod endpoint;
mod moving_list;
mod paged;
mod tide;

pub use answers::{ok, status};
pub use document::{Document, Record, Rows};
pub use endpoint::{ENDPOINT, Endpoint, Fact, Inbox, Parcel, Verdict, read_body};
pub use moving_list::MovingList;
pub use paged::{LinkForm, Paged, Totals, parameter};
pub use tide::Tide;
