//! The walk: reads a list page by page, so that no record is lost and none comes twice although the list changes
//! meanwhile.
//!
//! New records arrive at the front, late ones at the end, updated ones leave the list that the query selects. So what
//! an offset points at changes from one request to the next, and totals do not tell how. Completeness therefore rests
//! on *seams*: every page after the first begins one record early, and is joined to what was read before by a record
//! that both share. If a page shares none, records may have left the list, and the walk steps back, twice as far each
//! time, until a page does share one.
//!
//! # States
//!
//! ```text
//!                     Fresh
//!                       │ first page
//!                       ▼
//!  ┌───────────────► candidate ◄──────────────────┐
//!  │            (fetch, prefetch, resume)         │ step back
//!  │                    ▼                         │
//!  │     does it share a record (seam)? ────no────┘
//!  │                    │ yes
//!  │ next page          ▼
//!  │                  join ─────► Page, if it has new records
//!  │                    ▼
//!  ├─yes─ does the list go on after it (list_end)?
//!  │                    │ no
//!  │                    ▼
//!  └─yes─ is another pass needed (pass)?
//!                       │ no
//!                       ▼
//!                     Ended
//! ```
//!
//! # Example
//!
//! A list of eight records is read in pages of three, and the server shows no total. After the first page, `a` and `b`
//! leave the list. Pages after the first ask for one record more than three, for the record that they share.
//!
//! ```text
//! the list          request            answer          shares      delivered
//! a b c d e f g h   offset=0 limit=3   a b c           (first)     a b c
//!     c d e f g h   offset=2 limit=4   e f g h         nothing     –            step back by 1
//!     c d e f g h   offset=1 limit=5   d e f g h       nothing     –            step back by 2
//!     c d e f g h   offset=0 limit=6   c d e f g h     c           d e f g h
//! ```
//!
//! A client that had gone on after the second answer would have lost `d`.
//!
//! # Why a shared record is enough
//!
//! A page is the list at one moment, and records that stay in the list keep their order. Let a page hold the record
//! `r`, which was read before. A record that was in the list throughout stands either before `r`, and was then
//! delivered no later than `r`; or after `r`, and is then in this page or after it, where the walk goes next. This
//! holds whatever the totals say and wherever records come and go. Pages that were prefetched are joined only while the
//! list stands still: they were not read one after the other, and `r` itself may have moved between them.
//!
//! # Files
//!
//! - [`Walk`] is the engine. `seam` joins a page to what was read before, which `history` remembers; `list_end`
//!   decides whether the list ends with a page, and `pass` whether it is read once more; `no_progress` recognises
//!   servers that would keep a walk going for ever.
//! - `page_request` says how a page is asked for, `fetch` asks for it, `prefetch` does so before its turn comes, and
//!   `page_size` decides how many records it should have.
//! - `next_link` judges where the server's next link leads; `links` are the links that callers see.
//! - [`Cursor`] is a place in a list that outlives the process; `resume` finds it again.
//! - [`ListQuery`] is the list to read, [`Page`] what the walk returns, and [`ListTransport`] the port through which
//!   the host keeps the records themselves.
//!
//! Not here: which lists there are (`api`), and how a request is sent and repeated (`http`).

mod cursor;
mod fetch;
mod history;
mod links;
mod list_end;
mod list_query;
mod list_transport;
mod next_link;
mod no_progress;
mod page;
mod page_request;
mod page_size;
mod pass;
mod prefetch;
mod record_key;
mod resume;
mod seam;
mod walk;

pub use cursor::{Cursor, PassSummary};
use fetch::FetchedPage;
pub use links::Links;
pub use list_query::{ListQuery, Paging, People};
pub use list_transport::{ListTransport, RecordList};
pub use page::{AnswerTime, Page, PageCursor};
pub use pass::WalkDoubt;
pub use record_key::{KeySet, RecordKey};
pub use walk::Walk;
