//! The walk over pages, judged by what a list really held.
//!
//! `reading` runs a walk and keeps what it delivered; `oracle` says what had to be delivered. One file of tests per
//! question: lists that stand `still`, lists that are `moving`, records without `ids`, lists that are `unpaged`, servers
//! that are `misleading`, `cursors`, stopping `early`, and `growth`. `odd` and `worlds` are about everything that records were once lost by.

mod cursors;
mod early;
mod growth;
mod ids;
mod misleading;
mod moving;
mod odd;
mod oracle;
pub mod reading;
mod still;
mod unpaged;
mod worlds;
