//! All users of an app: batch queries over any stretch of time, and keeping every type up to date from run to run.
//!
//! The API takes 31 days in one query, by the time at which records were updated, and does not say whether it includes the
//! bounds. So everything here is made of [`span`]s that overlap by a second, and of marks ([`seen`], kept by the `shelf`) that
//! tell what was in the one before.
//!
//! - [`Spans`] and [`SpanWalk`] are one query by its caller, however long.
//! - [`Run`] keeps types in sync: a `track` for each, several at a time; what was delivered, and acknowledged by being
//!   asked for more, is kept by the `keeper`.
//! - `clocks` weighs what the answers and this machine say of the time: up to where a run is complete.
//! - [`Position`](position::Position) is what is kept of a type: what is delivered ([`coverage`]), and where in an unfinished
//!   span the last run came to. `keys` says where.
//!
//! ```text
//! position ─► what is not delivered ─► spans ─► walk ─► pages ─► without what was seen ─► delta ─► consumer
//!     ▲                                                                                              │ asks for the next
//!     └──────────────────────────────────── kept ◄───────────────────────────────────────────────────┘
//! ```
//!
//! Not here: how the pages of one query are walked (`pages`), how requests are sent (`http`).

mod clocks;
pub mod coverage;
mod job;
mod keeper;
mod keys;
mod mailbox;
pub mod position;
mod progress;
mod run;
pub mod seen;
mod shelf;
pub mod span;
mod span_walk;
mod track;

pub use job::{Settings, Warnings};
pub use keeper::Keeper;
pub use progress::{Progress, Report, Reported};
pub use run::{Delta, Run};
pub use shelf::Room;
pub use span_walk::{SpanWalk, Spans};
