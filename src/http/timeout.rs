//! The longest time for an answer, also on machines that sleep.
//!
//! When a program resumes after a stop longer than its timeout (a closed laptop, a suspended process, a loop that ran
//! too long), everything is due at once: the timer, and the answer that has been waiting in the socket. Hosts fire
//! timers first. So the timer alone does not end the wait: what has arrived is read before.

use crate::clock::Clock;
use futures_util::future::{Either, select};
use std::future::Future;
use std::pin::pin;

/// A timer that fires this many milliseconds late does so because the program was stopped.
const LATE: u64 = 100;
/// How long an answer may still take then, in milliseconds: the network has to wake up, too.
const GRACE: u64 = 5_000;
/// How often that is granted: on a host whose timers are always late, the wait must end.
const GRACES: u32 = 3;
/// Turns of the host's event loop in which it can read what has arrived: a head, and pieces of a body, and decompress
/// them.
const TURNS: u32 = 8;

/// The output of `answer` within `timeout` milliseconds of the program's running time; `None` after that.
pub async fn wait<C: Clock, F: Future + Unpin>(clock: &C, mut answer: F, timeout: u64) -> Option<F::Output> {
    let (mut left, mut graces) = (timeout, GRACES);
    loop {
        let due = clock.monotonic().saturating_add(left);
        if let Either::Left((output, _)) = select(&mut answer, pin!(clock.sleep(left))).await {
            return Some(output);
        }
        let is_late = clock.monotonic().saturating_sub(due) >= LATE;
        let Some(fewer) = graces.checked_sub(1).filter(|_| is_late) else { break };
        (left, graces) = (GRACE.min(timeout), fewer);
    }
    for _ in 0..TURNS {
        if let Either::Left((output, _)) = select(&mut answer, pin!(clock.turn())).await {
            return Some(output);
        }
    }
    None
}
