//! One client: retries, waits, secrets, lanes, and stopping it at any moment.
//!
//! `asking` runs calls against scripted answers. One file of tests per question: which failures are tried again (`retries`),
//! what `Retry-After` means (`retry_after`), how much a client may retry in all (`budget`), the `timeout`, the `secrets`,
//! `aborting` and closing, the bound on requests in flight (`lanes`), a bound that clients share (`limiter`), what counts as an answer (`answers`), and the `events`.

mod aborting;
mod answers;
mod asking;
mod budget;
mod events;
mod lanes;
mod limiter;
mod retries;
mod retry_after;
mod secrets;
mod timeout;
