//! The walk over pages, judged by what a list really held.
//!
//! `reading` runs a walk and keeps what it delivered; `oracle` says what had to be delivered. The tests are named after the files of
//! `src/pages` that they test: `walk`, `cursor`, `record_key`. `worlds` has everything at once by which records were ever lost.

mod cursor;
mod oracle;
pub mod reading;
mod record_key;
mod walk;
mod worlds;
