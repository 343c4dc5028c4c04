//! Walking a list over its pages, so that no record is lost and none comes twice while the list moves.
//!
//! Records arrive in front, late ones land behind, updated ones leave the query's window: what an offset points at
//! changes from one request to the next, and totals do not tell how. So completeness rests on *seams*. Every page
//! after the first starts one record early, and holds at least one record that was read before; if it holds none, the
//! list has moved up, and the walk steps back, twice as far each time, until one does.
//!
//! Why that is enough: a page is one moment of the list, and records that stay in it keep their order. Let page `B`
//! hold the record `r`, which was read before. A record that was there all along stands before `r`, and then it was
//! delivered no later than `r` was; or behind it, and then it is in `B` or behind `B`, where the walk goes next. That
//! holds whatever the totals say and wherever records come and go. Pages that were asked for ahead are joined only while
//! the list stands still: their moments need not follow one another, and `r` itself may have moved.
//!
//! - [`Walk`] is the engine; `page_request` and `fetch` ask for one page, `prefetch` for one before its turn, `seam` joins it to what
//!   was read before, of which `history` keeps account; `list_end` tells whether it was the last.
//! - [`Cursor`] is a place in a list that outlives the process; `resume` finds it again.
//! - `next_link` reads where the server says to go on, and refuses to be led elsewhere.
//! - [`RecordList`] is the port behind which the host keeps the records themselves.
//!
//! Not here: which lists there are (`query`), and how a request is sent and repeated (`http`).

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
pub use page::{AnswerTime, Page};
pub use record_key::{KeySet, RecordKey};
pub use walk::Walk;
