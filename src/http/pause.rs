//! The pause that a `Retry-After` field imposes on all lanes of a client.

use crate::clock::Clock;
use std::cell::Cell;

/// The longest pause that is believed, in milliseconds: a day, the period of many quotas.
const LONGEST: u64 = 86_400_000;
/// How long a longer one holds (mostly a mistake: a date in the year 9999), in milliseconds. After that, calls are sent
/// again.
const UNBELIEVED: u64 = 3_600_000;

/// How long a pause holds that a server asks for, in milliseconds.
pub fn believed(milliseconds: u64) -> u64 {
    if milliseconds > LONGEST { UNBELIEVED } else { milliseconds }
}

/// The current pause, if any: of several, the one that ends last.
#[derive(Default)]
pub struct Pause {
    current: Cell<Option<Period>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Period {
    /// When the server wants it to end, on the monotonic clock: a wall clock that jumps must not shorten the wait.
    ends: u64,
    /// Until when nothing is sent.
    holds: u64,
    status: u16,
}

/// A pause that is longer than the client waits out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverlongPause {
    /// What is left of it, in milliseconds.
    pub left: u64,
    /// The status that asked for it.
    pub status: u16,
}

impl Pause {
    /// Whether there is a pause.
    pub fn is_on(&self) -> bool {
        self.current.get().is_some()
    }

    /// Sends nothing for `milliseconds` from now on, as an answer with `status` asked for.
    pub fn begin(&self, clock: &impl Clock, milliseconds: u64, status: u16) {
        let now = clock.monotonic();
        let (ends, holds) = (now.saturating_add(milliseconds), now.saturating_add(believed(milliseconds)));
        let period = match self.current.get() {
            Some(pause) if pause.ends >= ends => Period { holds: pause.holds.max(holds), ..pause },
            Some(pause) => Period { ends, holds: pause.holds.max(holds), status },
            None => Period { ends, holds, status },
        };
        self.current.set(Some(period));
    }

    /// Waits until there is no pause, but no longer than `most` milliseconds.
    pub async fn sit_out(&self, clock: &impl Clock, most: u64) -> Result<(), OverlongPause> {
        while let Some(period) = self.current.get() {
            let now = clock.monotonic();
            let left = period.ends.saturating_sub(now);
            let held = period.holds.saturating_sub(now);
            if left > most && held > 0 {
                return Err(OverlongPause { left, status: period.status });
            }
            clock.sleep(held).await;
            // Whoever has slept through it ends it, so that the timer decides and not a second look at the clock.
            if self.current.get() == Some(period) {
                self.current.set(None);
            }
        }
        Ok(())
    }
}
