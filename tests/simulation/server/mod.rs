//! What the simulated server knows and how it answers: records, lists that move, and their pages.
//!
//! The server is written from the API's description of the wire, not from the library: it has its own reader of query
//! strings and its own writer of links.

mod answers;
mod document;
mod moving_list;
mod paged;
mod tide;

pub use answers::{ok, status};
pub use document::{Document, Record, Rows};
pub use moving_list::MovingList;
pub use paged::{LinkForm, Paged, Totals, parameter};
pub use tide::Tide;
