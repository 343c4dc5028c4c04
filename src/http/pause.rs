//! The pause that a Retry-After puts on every lane of a client.

use crate::clock::Clock;
use std::cell::Cell;

/// The longest wait that is believed, in milliseconds: a day, as quotas have it.
const LONGEST: u64 = 86_400_000;
/// How long one holds that is longer (a mistake, mostly: a date in the year 9999), in milliseconds. Then whoever calls asks again.
const UNBELIEVED: u64 = 3_600_000;

/// At most one pause: the one that ends last.
#[derive(Default)]
pub struct Pause {
    current: Cell<Option<Span>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    /// As the server has it, on the monotonic clock: a wall clock that jumps must not shorten the wait.
    ends: u64,
    /// As long as nobody sends.
    holds: u64,
    status: u16,
}

/// A pause that is longer than the client may sit out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// What is left of it, in milliseconds.
    pub left: u64,
    /// The status that asked for it.
    pub status: u16,
}

impl Pause {
    /// Nobody sends for `milliseconds` from now, as an answer with `status` asked for.
    pub fn begin(&self, clock: &impl Clock, milliseconds: u64, status: u16) {
        let now = clock.monotonic();
        let held = if milliseconds > LONGEST { UNBELIEVED } else { milliseconds };
        let (ends, holds) = (now.saturating_add(milliseconds), now.saturating_add(held));
        let span = match self.current.get() {
            Some(span) if span.ends >= ends => Span { holds: span.holds.max(holds), ..span },
            Some(span) => Span { ends, holds: span.holds.max(holds), status },
            None => Span { ends, holds, status },
        };
        self.current.set(Some(span));
    }

    /// Waits until there is no pause; refuses to wait longer than `most` milliseconds.
    pub async fn sit_out(&self, clock: &impl Clock, most: u64) -> Result<(), TooLong> {
        while let Some(span) = self.current.get() {
            let now = clock.monotonic();
            let left = span.ends.saturating_sub(now);
            let held = span.holds.saturating_sub(now);
            if left > most && held > 0 {
                return Err(TooLong { left, status: span.status });
            }
            clock.sleep(held).await;
            // Whoever has slept it out ends it, so that the timer and not a second look at the clock decides.
            if self.current.get() == Some(span) {
                self.current.set(None);
            }
        }
        Ok(())
    }
}
