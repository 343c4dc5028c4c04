//! Sending samples, judged by what was given, what arrived, and what the senders knew of it.
//!
//! `given` makes samples, `stage` has programs send them over a network to an endpoint and remember them on a disk, `oracle`
//! says what must be true then. One file of tests per question: `calm` weather and `weather`, `death` at any step, programs
//! sending `together`, sources that grow over `weeks`, batches that are `too_large`, `aborting`, a disk that is `failing`, the
//! `watermarks`, `forgetting`, `damage` on the disk and what is `lost` from it, what counts as `acknowledged`, several `servers`, a machine
//! that is `asleep`, and `growth`. In `worlds` all of that comes together, and what is odd besides (`odd`):
//! answers that are not the API's, machines that sleep, values that get lost, two servers, ledgers of `early` versions.

mod aborting;
mod acknowledged;
mod asleep;
mod calm;
mod damage;
mod death;
mod early;
mod failing;
mod forgetting;
mod given;
mod growth;
mod lost;
mod odd;
mod oracle;
mod servers;
mod stage;
mod together;
mod too_large;
mod watermarks;
mod weather;
mod weeks;
mod worlds;
