//! All users of an app: batch queries over any stretch of time, and keeping every type up to date from run to run.
//!
//! The API takes 31 days in one query, by the time at which records were updated, and does not say whether it includes the
//! bounds. So everything here is made of [`window`]s that overlap by a second, and of marks ([`marks`], kept by the `mark_slots`) that
//! tell what was in the one before.
//!
//! - [`WindowedQuery`] and [`WindowWalk`] are one query by its caller, however long.
//! - [`Run`] keeps types in sync: a [`type_sync`] for each, several at a time; what was delivered, and acknowledged by being
//!   asked for more, is kept by the [`committer`].
//! - `server_clock` weighs what the answers and this machine say of the time: up to where a run is complete.
//! - [`Position`](position::Position) is what is kept of a type: what is delivered ([`coverage`]), and where in an unfinished
//!   span the last run came to. `position_keys` says where.
//!
//! ```text
//! position ─► what is not delivered ─► spans ─► walk ─► pages ─► without what was seen ─► delta ─► consumer
//!     ▲                                                                                              │ asks for the next
//!     └──────────────────────────────────── kept ◄───────────────────────────────────────────────────┘
//! ```
//!
//! Not here: how the pages of one query are walked (`pages`), how requests are sent (`http`).

mod clock_request;
mod committer;
mod coverage;
mod mark_slots;
mod marks;
mod options;
mod position;
mod position_keys;
mod queue;
mod report;
mod run;
mod run_bounds;
mod run_context;
mod server_clock;
mod type_sync;
mod warnings;
mod window;
mod window_walk;
mod windowed_query;

pub use committer::Committer;
pub use mark_slots::MarkCapacity;
pub use options::SyncOptions;
pub use report::{SyncProgress, SyncReport, TypeReport};
pub use run::{Delta, Run};
pub use window_walk::WindowWalk;
pub use windowed_query::WindowedQuery;
