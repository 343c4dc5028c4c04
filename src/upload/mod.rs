//! Sending samples: what a source holds is checked, split into batches and sent in parallel, and what the server has
//! acknowledged is remembered, so that it is never sent again.
//!
//! ```text
//! source ─► read and check ─► lock ─► add held samples ─► sort, drop duplicates and what the ledger knows
//!                                                                    │
//!           fewer than 3 left: held in the store ◄───────────────────┤
//!                                                                    ▼
//!                                       batches ─► lanes: record ─► send ─► record the outcome
//!                                          ▲                         │
//!                                          └── halved ◄── 413 ◄──────┘
//! ```
//!
//! - [`Uploader`] is the entry point: it plans, uploads, and answers what was sent.
//! - [`SampleSource`] and [`UploadListener`] are the ports to the caller; `source_content` reads a source to its end.
//! - `delivery` is one upload under the lock; `delivery/send_batch` sends one batch and deals with every answer.
//! - `batch_sizes` decides how many samples go into each batch, `held_samples` keeps those that are too few for one.
//! - `ledger` remembers what was acknowledged, under the keys of `ledger/keys`.
//! - `report` is what the caller is told: reports, plans, progress, watermarks.
//!
//! Not here: parsing, checking and printing samples (`humansync_ingest`, which is compiled for speed), requests and
//! their retries (`http`), and how values are stored (`store`).

mod batch_sizes;
mod delivery;
mod held_samples;
mod ledger;
mod ports;
mod report;
mod source_content;
mod uploader;

pub use batch_sizes::{MAX_BATCH_SIZE, MIN_BATCH_SIZE};
pub use ports::{SampleSource, UploadListener};
pub use report::{
    DevicePlan, StoppedUpload, UploadFailure, UploadPlan, UploadProgress, UploadReport, Watermark,
};
pub use uploader::{Uploader, UploaderOptions};
