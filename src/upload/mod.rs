//! Sending samples: what is read and checked becomes batches, the batches are sent in parallel, and what the server has
//! acknowledged is remembered.
//!
//! ```text
//! source ─► intake: checked, held ─► lock ─► + what waited from before ─► ordered, duplicates dropped
//!                                                    │
//!           ledger: what was acknowledged ──────────►├─► split ─► lanes: written down ─► sent ─► written down
//!                                                    │                     ▲             │ 413: halved
//!           fewer than 3 left: held in the store ◄───┘                     └─────────────┘
//! ```
//!
//! - [`Uploader`] is the whole; `delivery` sends, `ledger` remembers, `held_samples` keeps what is too little for a batch, [`batch_sizes`]
//!   makes batches, `keys` says where things are kept, `report` what is told.
//! - Reading, checking, holding and printing samples are `humansync_ingest`'s, which is compiled for speed.
//! - Not here: requests and their retries (`http`), how values are kept (`store`).

mod batch_sizes;
mod context;
mod delivery;
mod held_samples;
mod ledger;
mod listener;
mod options;
mod report;
mod sample_source;
mod source_content;
mod uploader;

pub use batch_sizes::{MAX_BATCH_SIZE, MIN_BATCH_SIZE};
pub use listener::UploadListener;
pub use options::UploaderOptions;
pub use report::{
    DevicePlan, StoppedUpload, UploadFailure, UploadPlan, UploadProgress, UploadReport, Watermark,
};
pub use sample_source::SampleSource;
pub use uploader::Uploader;
