//! Keeping all users of an app in sync, judged by the server's own records.
//!
//! `stage` is a world with a server, a disk and programs; `table` is what their consumer has, and says what must be in it;
//! `position` reads what they left in the store. The server is any that the documentation allows: bounds included or not,
//! both orders, whatever is hidden.
//!
//! One file of tests per question: `rounds` of changes with a run after each, records at the `seams` of windows, lists that are
//! `shrinking`, programs that meet their `death`, stores that are `failing` and runs that are stopped, `refusals`, wrong `clocks`
//! and where a run begins and ends, several `servers` with one store, `ticks` of the clock that stamps records, single queries (`batch`), and `growth`. `worlds` has all
//! of it at once.

mod committer;
mod mark_slots;
mod marks;
mod owner;
mod position;
mod run_bounds;
mod run_cost;
mod run_crashes;
mod run_failures;
mod run_refusals;
mod run_rounds;
mod server_clock;
pub mod stage;
mod stored_positions;
mod table;
mod window;
mod window_shrinking;
mod window_walk;
mod worlds;
