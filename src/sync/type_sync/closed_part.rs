//! Closed windows come first: those that the server's clock has passed, in which nothing moves any more.
//!
//! In a window that is still filling, each new record moves all others, so that pages asked for ahead of their turn have
//! to be asked for again. So the latest updates are divided where it pays: a closed part up to shortly before the
//! server's clock, and then the short rest, with dates in the future. If reading the closed part takes long, another
//! one follows, up to the clock at that time.

use super::{LatestUpdates, TypeSync};
use crate::clock::Clock;
use crate::pages::ListTransport;
use crate::sync::window::{SHARED_SECONDS, Window};

/// A window is closed if it ended so many seconds ago by the server's clock. Stamps of whole minutes are given to records
/// for up to a minute after.
pub const CLOSED_AFTER: i64 = 60;

/// Up to where the latest updates are read in closed windows.
#[derive(Clone, Copy, Debug)]
pub struct ClosedPart {
    /// Where it ends, in seconds since the epoch.
    before: Option<i64>,
    /// Its length in seconds. The next one must be less than half as long, or else records come faster than they are
    /// read, and there would be no end.
    length: i64,
    /// Whether a window had so many records that its pages are asked for ahead of their turn.
    pub is_worth_it: bool,
}

impl Default for ClosedPart {
    fn default() -> Self {
        Self { before: None, length: i64::MAX, is_worth_it: false }
    }
}

impl ClosedPart {
    /// Where the windows from `start` on have to end, if they are in the closed part.
    pub fn end_after(&self, start: i64) -> Option<i64> {
        self.before.filter(|before| start < *before)
    }

    /// Makes what lies between `start` and shortly before the server's clock, `now`, the closed part, if that pays.
    fn extend(&mut self, start: i64, now: i64) -> bool {
        let before = now.saturating_sub(CLOSED_AFTER);
        let length = before.saturating_sub(start);
        if length <= CLOSED_AFTER || length > self.length / 2 {
            return false;
        }
        (self.before, self.length) = (Some(before), length);
        true
    }
}

impl<T: ListTransport, C: Clock> TypeSync<T, C> {
    /// Whether a window is in the closed part.
    pub(super) fn is_closed(&self, window: Window) -> bool {
        self.closed.end_after(window.since.saturating_add(SHARED_SECONDS)).is_some()
    }

    /// Divides a long window that is not in the closed part yet: if it reaches beyond what can be closed, or has more
    /// records than a window should. Returns whether it did.
    pub(super) fn closes_part_of(&mut self, window: Window, total: Option<u64>) -> bool {
        self.closed.is_worth_it = true;
        if !self.context.is_certain() {
            return false;
        }
        let now = self.context.server_seconds();
        let edge = now.saturating_sub(CLOSED_AFTER);
        if window.before > edge {
            return self.closed.extend(window.since.saturating_add(SHARED_SECONDS), now);
        }
        let is_divided = !self.division.accepts(window, total);
        if is_divided {
            // All of it is over, so there is an end to what is closed.
            self.closed.before = Some(edge);
        }
        is_divided
    }

    /// Closes what lies before the server's clock once the run has come to the end of what was closed.
    pub(super) fn close_more(&mut self) {
        let LatestUpdates::ReadUpTo(start) = self.latest else { return };
        let is_open = self.closed.is_worth_it && self.closed.end_after(start).is_none();
        if is_open && self.context.is_certain() {
            self.closed.extend(start, self.context.server_seconds());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn it_ends_shortly_before_the_clock() {
        let mut closed = ClosedPart::default();
        assert!(closed.extend(1000, 5000));
        assert_eq!((closed.end_after(1000), closed.end_after(4940)), (Some(4940), None));
    }

    #[test]
    fn what_is_short_is_not_divided() {
        assert!(!ClosedPart::default().extend(1000, 1000 + 2 * CLOSED_AFTER));
        assert!(ClosedPart::default().extend(1000, 1001 + 2 * CLOSED_AFTER));
        assert!(!ClosedPart::default().extend(1000, 10));
    }

    #[test]
    fn a_run_comes_to_an_end_even_if_records_come_faster_than_they_are_read() {
        let (mut closed, mut start, mut now, mut times) = (ClosedPart::default(), 0, 1_000_000, 0);
        while closed.extend(start, now) {
            start = now - CLOSED_AFTER;
            now += 900_000;
            times += 1;
        }
        assert_eq!(times, 1);
        let (mut closed, mut start, mut now, mut times) = (ClosedPart::default(), 0, 1_000_000, 0);
        while closed.extend(start, now) {
            let read = now - CLOSED_AFTER - start;
            start = now - CLOSED_AFTER;
            now += read / 3;
            times += 1;
        }
        assert!((5..12).contains(&times), "{times}");
    }
}
