//! The walk over pages, checked against what the list really held.
//!
//! `reading` runs a walk and keeps what it delivered, `servers` has servers that tests write themselves, and `oracle`
//! knows what a walk must deliver. Each other module tests the file of its name in `src/pages`; `walk` and `worlds`
//! test whole walks, the latter in thousands of worlds with everything by which a walk was ever known to lose records.

mod cases;
mod cursor;
mod fetch;
mod list_end;
mod next_link;
mod no_progress;
mod oracle;
mod page_request;
mod page_size;
mod pass;
pub mod reading;
mod record_key;
mod resume;
mod resume_pass;
mod seam;
mod servers;
mod walk;
mod worlds;
