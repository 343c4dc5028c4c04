//! Whole uploads: aborted, killed, in parallel, on a failing disk, and what they cost.

mod abort;
mod concurrent_uploads;
mod cost;
mod process_death;
mod store_failures;
