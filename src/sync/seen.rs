//! Which records were delivered, and in which state: what is read again is not delivered again.
//!
//! A record is told by its key and its `updatedAt`. That is not enough as long as it may change once more without getting
//! another `updatedAt`: clocks that stamp records tick, by the millisecond, the second or the minute. So a record is marked
//! as delivered only if the tick of its stamp was over when the server read it; until then it comes again.

use crate::pages::{KeySet, RecordKey, Stamp};

/// How long the last change under a stamp may take to be seen after the tick of the stamp is over, in milliseconds.
pub const SLACK: i64 = 5000;
/// What is stamped further ahead of the server's clock than this was not stamped by a clock that is a little wrong, in
/// milliseconds.
const AHEAD: i64 = 86_400_000;
/// The longest tick, in seconds.
pub const TICK: i64 = 60;

/// A record in the state in which it was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    hash: u64,
    /// When it was updated, in seconds since the epoch.
    at: i64,
}

/// What the server's clock can have been at a moment, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub struct ServerTime {
    /// At least.
    pub earliest: i64,
    /// At most.
    pub latest: i64,
}

/// Whether a record may still change without getting another stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// No: the server's clock is past the tick of its stamp.
    Over,
    /// It may.
    Running,
    /// The server's clock is days from coming to its stamp, so that no change can have got it since.
    ToCome,
}

impl Tick {
    /// Of a stamp, for a record that was read at that time.
    pub fn of(stamp: Stamp, read: ServerTime) -> Self {
        // A stamp that cannot be read makes no mark.
        let at = stamp.at.unwrap_or(i64::MAX);
        // How coarse the clock is, is seen from what it writes: one that is round may be of a coarser clock.
        let length = match at {
            at if at % (TICK * 1000) == 0 => TICK * 1000,
            at if at % 1000 == 0 => 1000,
            _ => 1,
        };
        if at.saturating_add(length).saturating_add(SLACK) <= read.earliest {
            Self::Over
        } else if at > read.latest.saturating_add(AHEAD) {
            Self::ToCome
        } else {
            Self::Running
        }
    }
}

impl Mark {
    /// The mark of a record; none where it does not say when it was updated. Its content is no substitute: a record may come
    /// back to an earlier one, and would be taken for delivered while another was delivered since.
    pub fn of(key: RecordKey, stamp: Stamp) -> Option<Self> {
        let at = stamp.at?.div_euclid(1000);
        // A bijection of each of the two where the other stays.
        let hash = (key.hash() ^ stamp.hash().rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Some(Self { hash: hash ^ (hash >> 29), at })
    }

    /// The same of a record whose stamp the server's clock has not come to: it counts until it does, and not beyond.
    #[must_use]
    pub fn to_come(self) -> Self {
        Self { hash: !self.hash, ..self }
    }

    /// When it was updated.
    pub fn at(self) -> i64 {
        self.at
    }

    /// From the parts that are kept.
    pub(super) fn from_parts(hash: u64, at: i64) -> Self {
        Self { hash, at }
    }

    pub(super) fn hash(self) -> u64 {
        self.hash
    }
}

/// Marks, for looking them up. So many at most; those that find no place are as good as forgotten, which delivers their
/// records once more and loses nothing.
pub struct Seen {
    set: KeySet,
    most: usize,
}

impl Seen {
    /// None, and room for so many.
    pub fn new(most: usize) -> Self {
        Self { set: KeySet::default(), most }
    }

    /// Whether a record was delivered in the state in which it was read.
    pub fn contains(&self, mark: Mark, tick: Tick) -> bool {
        self.has(mark) || tick == Tick::ToCome && self.has(mark.to_come())
    }

    /// Whether there is this very mark.
    pub fn has(&self, mark: Mark) -> bool {
        self.set.contains(&u128::from(mark.hash))
    }

    /// Remembers it.
    pub fn insert(&mut self, mark: Mark) {
        if self.set.len() < self.most {
            self.set.insert(u128::from(mark.hash));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn stamp(text: &str) -> Stamp {
        Stamp::of(text.as_bytes())
    }

    #[test]
    fn a_record_in_another_state_has_another_mark() {
        let key = RecordKey::of_id("5502b1e1bfc3ab1c00be0a17");
        let of = |updated: &str| Mark::of(key, stamp(updated));
        assert_eq!(of("2024-01-01T00:00:00.001Z"), of("2024-01-01T00:00:00.001Z"));
        assert_ne!(of("2024-01-01T00:00:00.001Z"), of("2024-01-01T00:00:00.002Z"));
        assert_eq!(of(""), None);
        assert_eq!(of("2024-01-01T00:00:09.999Z").unwrap().at(), 1_704_067_209);
    }

    #[test]
    fn a_tick_is_as_long_as_the_stamp_is_round_and_some_seconds_more() {
        let begin = 1_704_067_200_000;
        #[rustfmt::skip]
        let table = [
            // stamp,                     over from, at
            ("2024-01-01T00:00:00.001Z",  5_002, 1),
            ("2024-01-01T00:00:01Z",      7_000, 1_000),
            ("2024-01-01T00:00:01.000Z",  7_000, 1_000),
            ("2024-01-01T00:01:00Z",    125_000, 60_000),
        ];
        for (text, over, at) in table {
            let of =
                |now: i64| Tick::of(stamp(text), ServerTime { earliest: begin + now, latest: begin + now });
            assert_eq!([of(over - 1), of(over)], [Tick::Running, Tick::Over], "{text}");
            assert_eq!([of(at - AHEAD - 1), of(at - AHEAD)], [Tick::ToCome, Tick::Running], "{text}");
        }
    }

    #[test]
    fn a_mark_of_what_is_to_come_counts_until_it_comes() {
        let mark = Mark::of(RecordKey::of_id("a"), stamp("2024-01-01T00:00:00Z")).unwrap();
        let mut seen = Seen::new(10);
        seen.insert(mark.to_come());
        assert!(seen.contains(mark, Tick::ToCome));
        assert!(!seen.contains(mark, Tick::Running) && !seen.contains(mark, Tick::Over));
        seen.insert(mark);
        assert!(seen.contains(mark, Tick::Over));
    }

    #[test]
    fn it_is_bounded() {
        let mark = |number: u64| Mark::from_parts(number, 0);
        let mut seen = Seen::new(10);
        (0..20).for_each(|number| seen.insert(mark(number)));
        assert!(seen.has(mark(9)) && !seen.has(mark(10)));
    }
}
