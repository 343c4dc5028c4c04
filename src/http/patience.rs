//! The longest time for an answer, on hosts that sleep.
//!
//! When a program goes on that was stopped for longer than its timeout (a laptop that was shut, a process that was suspended, a loop
//! that ran too long), everything is due at once: the timer, and the answer that has lain in the socket all the while. Hosts ring
//! timers first. So a timer that has rung does not end the waiting yet: what has arrived is read before.

use crate::clock::Clock;
use futures_util::future::{Either, select};
use std::future::Future;
use std::pin::pin;

/// A timer that rings so many milliseconds after its time rings late because the program was not there.
const LATE: u64 = 100;
/// How long an answer may then still take, in milliseconds: a network that slept along has to wake up, too.
const GRACE: u64 = 5_000;
/// How often that is granted: a host whose timers are always late must not wait for ever.
const GRACES: u32 = 3;
/// Turns of the host's loop in which it can read what has arrived: a head, pieces of a body, and what unpacks them.
const TURNS: u32 = 8;

/// What `answer` comes to within `timeout` milliseconds of the program's own time; `None` if it does not come.
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
