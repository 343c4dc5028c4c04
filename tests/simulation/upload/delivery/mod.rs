//! What becomes of batches, by the answers that they get.

mod acknowledgement;
mod network_failures;
mod suspended_machine;
mod too_large;
