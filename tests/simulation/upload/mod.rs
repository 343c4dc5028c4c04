//! Uploads in the simulated world, judged by the samples in the sources, those that arrived, and what the senders knew.
//!
//! - `samples` makes samples, `stage` runs programs that send them over a network to an endpoint and remember them on a
//!   disk, `oracle` says what must be true afterwards.
//! - The tests are filed as `src/upload` is: [`batch_sizes`], [`held_samples`], [`delivery`], [`ledger`], and
//!   [`uploader`] for whole uploads.
//! - In `worlds` everything that can go wrong happens at random; `odd_server` is the server and its judge there, and
//!   `early_ledger` writes ledgers as the first version of the package did.

mod batch_sizes;
mod delivery;
mod early_ledger;
mod held_samples;
mod ledger;
mod lost_locks;
mod odd_server;
mod oracle;
mod samples;
mod stage;
mod uploader;
mod worlds;
