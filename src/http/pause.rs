//! The pause that a Retry-After puts on every lane of a client.

use crate::clock::Clock;
use std::cell::Cell;

/// At most one pause: the one that ends last.
#[derive(Default)]
pub struct Pause {
    current: Cell<Option<Span>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    /// On the monotonic clock: a wall clock that jumps must not shorten the wait.
    ends: u64,
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
        let ends = clock.monotonic().saturating_add(milliseconds);
        if self.current.get().is_none_or(|span| span.ends < ends) {
            self.current.set(Some(Span { ends, status }));
        }
    }

    /// Waits until there is no pause; refuses to wait longer than `most` milliseconds.
    pub async fn sit_out(&self, clock: &impl Clock, most: u64) -> Result<(), TooLong> {
        while let Some(span) = self.current.get() {
            let left = span.ends.saturating_sub(clock.monotonic());
            if left > most {
                return Err(TooLong { left, status: span.status });
            }
            clock.sleep(left).await;
            // Whoever has slept it out ends it, so that the timer and not a second look at the clock decides.
            if self.current.get() == Some(span) {
                self.current.set(None);
            }
        }
        Ok(())
    }
}
