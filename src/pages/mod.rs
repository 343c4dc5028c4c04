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
//! - [`Walk`] is the engine; `form` and `fetch` ask for one page, `ahead` for one before its turn, `verdict` tells
//!   whether it was the last, `read` is what was read so far.
//! - [`Cursor`] is a place in a list that outlives the process; `resume` finds it again.
//! - `links` reads where the server says to go on, and refuses to be led elsewhere.
//! - [`Records`] is the port behind which the host keeps the records themselves.
//!
//! Not here: which lists there are (`query`), and how a request is sent and repeated (`http`).

mod ahead;
mod cursor;
mod fetch;
mod form;
mod links;
mod listing;
mod page_size;
mod pass;
mod read;
mod record_key;
mod records;
mod resume;
mod verdict;
mod walk;

pub use cursor::{Count, Cursor};
use fetch::Fetched;
pub use links::Links;
pub use listing::{Listing, Paging, People};
pub use record_key::{KeySet, RecordKey};
pub use records::{Lists, Records};
pub use walk::{Page, ReadAt, Walk};
