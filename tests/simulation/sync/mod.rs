//! Keeping all users of an app in sync, judged by the server's own records.
//!
//! `stage` is a world with a server, a disk and programs. `table` is what their consumer has, and checks what must be
//! in it. `stored_positions` reads what they left in the store, and `given_deltas` checks when it does so. The server is any that the documentation allows: bounds
//! included or not, both orders, whatever is hidden.
//!
//! Tests are named after the file of `src/sync` or `src/store` that they test; those of `run` come in several files:
//! `run_rounds` of changes with a run after each, `run_crashes`, `run_failures` of the store and aborts, `run_refusals`
//! by the server, and what a run costs (`run_cost`). `worlds` has all of it at once.

mod app;
mod committer;
mod given_deltas;
mod lost_locks;
mod mark_slots;
mod marks;
mod missing;
mod owner;
mod person;
mod plan;
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
