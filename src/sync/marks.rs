//! Marks of the records that were delivered, so that what is read again is not delivered again.
//!
//! A mark is made of a record's key and its `updatedAt`. A record may change once more without getting another
//! `updatedAt`, because the clock that stamps it ticks in milliseconds, seconds or minutes. So a record is marked only
//! if the tick of its stamp was over when the server read it; until then it is delivered again.

use super::server_clock::ServerTime;
use super::update_stamp::UpdateStamp;
use crate::key_table::KeyTable;
use crate::pages::RecordKey;

/// How long after the end of a tick the last change within it may still become visible, in milliseconds.
pub const TICK_SLACK: i64 = 5000;
/// A stamp further ahead of the server's clock than this does not come from a clock that is a little fast. In
/// milliseconds.
const FAR_AHEAD: i64 = 86_400_000;
/// The longest tick, in seconds.
pub const LONGEST_TICK: i64 = 60;

/// A record in the state in which it was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    hash: u64,
    /// When the record was updated, in seconds since the epoch.
    at: i64,
}

/// Whether a record may still change without getting another stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// It cannot: the server's clock is past the tick of its stamp.
    Over,
    /// It may.
    Running,
    /// It cannot yet: the server's clock will not reach the stamp for days.
    ToCome,
}

impl Tick {
    /// The tick of `stamp`, for a record that was read at the time `read`.
    pub fn of(stamp: UpdateStamp, read: ServerTime) -> Self {
        // A stamp that cannot be parsed makes no mark.
        let at = stamp.at.unwrap_or(i64::MAX);
        // The clock's resolution shows in what it writes. A round stamp may come from a coarser clock.
        let length = match at {
            at if at % (LONGEST_TICK * 1000) == 0 => LONGEST_TICK * 1000,
            at if at % 1000 == 0 => 1000,
            _ => 1,
        };
        if at.saturating_add(length).saturating_add(TICK_SLACK) <= read.earliest {
            Self::Over
        } else if at > read.latest.saturating_add(FAR_AHEAD) {
            Self::ToCome
        } else {
            Self::Running
        }
    }
}

impl Mark {
    /// The mark of a record; `None` if the record does not say when it was updated. Its content cannot stand in for
    /// that: a record may return to earlier content, and would be taken for delivered although a different state was
    /// delivered in between.
    pub fn of(key: RecordKey, stamp: UpdateStamp) -> Option<Self> {
        let at = stamp.at?.div_euclid(1000);
        // A bijection of either hash while the other stays the same.
        let hash = (key.hash() ^ stamp.hash().rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Some(Self { hash: hash ^ (hash >> 29), at })
    }

    /// The mark of a record whose stamp is still ahead of the server's clock. It counts until the clock gets there.
    #[must_use]
    pub fn to_come(self) -> Self {
        Self { hash: !self.hash, ..self }
    }

    /// When the record was updated.
    pub fn at(self) -> i64 {
        self.at
    }

    /// From the parts that are stored.
    pub(super) fn from_parts(hash: u64, at: i64) -> Self {
        Self { hash, at }
    }

    pub(super) fn hash(self) -> u64 {
        self.hash
    }
}

/// A bounded set of marks. Marks that do not fit are dropped; their records are delivered once more.
pub struct MarkSet {
    set: KeyTable<u64>,
    most: usize,
}

impl MarkSet {
    /// An empty set that holds up to `most` marks.
    pub fn new(most: usize) -> Self {
        Self { set: KeyTable::default(), most }
    }

    /// Whether the record was delivered in the state in which it was read.
    pub fn contains(&self, mark: Mark, tick: Tick) -> bool {
        self.has(mark) || tick == Tick::ToCome && self.has(mark.to_come())
    }

    /// Whether this very mark is in the set.
    pub fn has(&self, mark: Mark) -> bool {
        self.set.contains(mark.hash)
    }

    /// Adds a mark, if there is room.
    pub fn insert(&mut self, mark: Mark) {
        if self.set.len() < self.most {
            self.set.add(mark.hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn stamp(text: &str) -> UpdateStamp {
        UpdateStamp::of(text.as_bytes())
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
    fn a_tick_is_as_long_as_the_stamp_is_round_plus_some_seconds() {
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
            assert_eq!([of(at - FAR_AHEAD - 1), of(at - FAR_AHEAD)], [Tick::ToCome, Tick::Running], "{text}");
        }
    }

    #[test]
    fn a_mark_ahead_of_the_clock_counts_until_the_clock_gets_there() {
        let mark = Mark::of(RecordKey::of_id("a"), stamp("2024-01-01T00:00:00Z")).unwrap();
        let mut marks = MarkSet::new(10);
        marks.insert(mark.to_come());
        assert!(marks.contains(mark, Tick::ToCome));
        assert!(!marks.contains(mark, Tick::Running) && !marks.contains(mark, Tick::Over));
        marks.insert(mark);
        assert!(marks.contains(mark, Tick::Over));
    }

    #[test]
    fn the_set_is_bounded() {
        let mark = |number: u64| Mark::from_parts(number, 0);
        let mut marks = MarkSet::new(10);
        (0..20).for_each(|number| marks.insert(mark(number)));
        assert!(marks.has(mark(9)) && !marks.has(mark(10)));
    }
}
