//! Batch queries over any stretch of time, and runs that keep the data of all users of an app, or of one person, in sync.
//!
//! The API selects records by the time of their update, takes up to 31 days in one query over all users, and does not
//! say whether it includes the bounds. So everything is read in [`Window`]s that overlap by a second, and marks tell
//! which records were delivered before. Lists of one person that do not know updates are read whole (`record_states`).
//!
//! - [`App`] is an app and its users. [`WindowedQuery`] and [`WindowWalk`] are one query of the caller, however long.
//! - [`Run`] keeps types in sync: `type_sync` handles one type, `run_bounds` says where a run begins and ends. The
//!   [`Committer`] stores the position of a delta once its consumer asks for the next one, and while the run goes on
//!   ([`MOST_UNSTORED`]).
//! - [`App::plan`] lists windows that are not read yet, as work for others, and [`App::missing`] tells which records the
//!   server has no more. `division` is how stretches of time are divided.
//! - `server_clock` estimates the server's clock from the answers and from this machine's clock; a run is complete up
//!   to there.
//! - A [`Position`] says what of a [`SyncType`] is delivered (`coverage`), and where an unfinished window stands. A
//!   [`PositionKeeper`] keeps it: a store, with the marks (`mark_slots`, `stored_marks`) and under the keys of a
//!   [`SyncOwner`]; or the consumer, who stores it as text (`checkpoint`).
//!
//! ```text
//! position ─► windows not delivered ─► walk ─► pages ─► records without a mark ─► delta ─► consumer
//!     ▲                                                                                    │ asks for the next
//!     └────────────────────────────────── committer ◄──────────────────────────────────────┘
//! ```
//!
//! Not here: how the pages of one query are walked (`pages`), and how requests are sent (`http`).

mod app;
mod checkpoint;
mod clock_request;
mod committer;
mod coverage;
mod delta;
mod division;
mod mark_slots;
mod marks;
mod missing;
mod plan;
mod position;
mod position_keeper;
mod position_update;
mod queue;
mod record_states;
mod report;
mod run;
mod run_bounds;
mod run_context;
mod server_clock;
mod stored_marks;
mod sync_owner;
mod sync_type;
mod type_sync;
mod unstored;
mod update_stamp;
mod window;
mod window_length;
mod window_walk;
mod windowed_query;

pub use app::App;
pub use checkpoint::CheckpointScope;
pub use committer::{Committer, MOST_UNSTORED};
pub use delta::{Delta, SyncListener};
pub use mark_slots::MarkCapacity;
pub use missing::{KnownRecord, KnownRecords};
pub use plan::{PlanOptions, PlannedWindow};
pub use position::Position;
pub use position_keeper::PositionKeeper;
pub use report::{SyncProgress, SyncReport, TypeReport};
pub use run::Run;
pub use run_context::SyncOptions;
pub use sync_owner::{SyncOwner, conditions_fingerprint};
pub use sync_type::SyncType;
pub use window::Window;
pub use window_walk::WindowWalk;
pub use windowed_query::WindowedQuery;
