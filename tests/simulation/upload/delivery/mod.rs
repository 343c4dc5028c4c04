//! What becomes of a batch, depending on the answer.

mod acknowledgement;
mod network_failures;
mod suspended_machine;
mod too_large;
