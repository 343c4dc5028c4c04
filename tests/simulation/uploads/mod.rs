//! Sending samples, judged by what was given, what arrived, and what the senders knew of it.
//!
//! `given` makes samples, `stage` has programs send them over a network to an endpoint and remember them on a disk, `oracle`
//! says what must be true then. One file of tests per question: `calm` weather and `weather`, `death` at any step, programs
//! sending `together`, sources that grow over `weeks`, batches that are `too_large`, `aborting`, a disk that is `failing`, the
//! `watermarks`, `forgetting`, `damage` on the disk, and `growth`.

mod aborting;
mod calm;
mod damage;
mod death;
mod failing;
mod forgetting;
mod given;
mod growth;
mod oracle;
mod stage;
mod together;
mod too_large;
mod watermarks;
mod weather;
mod weeks;
