//! Which records were delivered last, and in which state: what is read again is not delivered again.
//!
//! The memory is bounded. What it has forgotten is delivered once more, which loses nothing.

use crate::pages::{KeySet, RecordKey, Stamp};
use crate::store::{Kind, Reader, Writer, open, seal};
use std::collections::VecDeque;

/// Records that are remembered at a time.
const MOST: usize = SEGMENTS * SEGMENT;
/// They are kept in so many values at most,
const SEGMENTS: usize = 16;
/// each of about so many records.
const SEGMENT: usize = 2048;

/// A record in the state in which it was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    hash: u64,
    /// When it was updated, in seconds since the epoch.
    at: i64,
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

    /// When it was updated.
    pub fn at(self) -> i64 {
        self.at
    }
}

/// The latest marks, for looking them up.
#[derive(Default)]
pub struct Seen {
    order: VecDeque<u64>,
    set: KeySet,
}

impl Seen {
    /// Whether this was delivered.
    pub fn contains(&self, mark: Mark) -> bool {
        self.set.contains(&u128::from(mark.hash))
    }

    /// Remembers it.
    pub fn insert(&mut self, mark: Mark) {
        if !self.set.insert(u128::from(mark.hash)) {
            return;
        }
        self.order.push_back(mark.hash);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.set.remove(&u128::from(oldest));
        }
    }
}

/// Which values of the store hold marks: the numbers of the first and of the one behind the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Segments {
    /// The first.
    pub first: u64,
    /// Behind the last.
    pub end: u64,
}

impl Segments {
    /// Their numbers; each has the slot of its remainder.
    pub fn numbers(self) -> impl Iterator<Item = u64> {
        let all = u64::try_from(SEGMENTS).unwrap_or(1);
        self.first.max(self.end.saturating_sub(all))..self.end
    }

    /// Where the segment of a number is kept.
    pub fn slot(number: u64) -> u64 {
        number % u64::try_from(SEGMENTS).unwrap_or(1)
    }
}

/// Marks on their way into the store: the segment that is being filled.
#[derive(Default)]
pub struct Shelf {
    segments: Segments,
    marks: Vec<Mark>,
}

impl Shelf {
    /// Goes on behind these segments, of which `marks` is the last.
    pub fn new(segments: Segments, marks: Vec<Mark>) -> Self {
        Self { segments, marks }
    }

    /// Adds marks. Gives the segment that is to be kept now: its slot and its value.
    pub fn add(&mut self, marks: &[Mark]) -> Option<(u64, Vec<u8>)> {
        if marks.is_empty() {
            return None;
        }
        if self.segments.first == self.segments.end || self.marks.len() >= SEGMENT {
            self.marks.clear();
            self.segments.end = self.segments.end.saturating_add(1);
        }
        self.marks.extend_from_slice(marks);
        self.segments.first = self.segments.numbers().next().unwrap_or(self.segments.end);
        let number = self.segments.end.saturating_sub(1);
        Some((Segments::slot(number), to_value(number, &self.marks)))
    }

    /// What is kept.
    pub fn segments(&self) -> Segments {
        self.segments
    }
}

fn to_value(number: u64, marks: &[Mark]) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(number);
    out.count(marks.len());
    for mark in marks {
        out.number(mark.hash);
        out.signed(mark.at);
    }
    seal(Kind::Seen, &out.finish())
}

/// The marks of a segment; none where the slot has been given to another one.
///
/// # Errors
/// A value that is damaged.
pub fn from_value(number: u64, value: &[u8]) -> Result<Vec<Mark>, crate::error::Error> {
    let mut from = Reader::new(open(Kind::Seen, value)?);
    let read = |from: &mut Reader| {
        let own = from.number()?;
        let count = from.count(16)?;
        let marks: Vec<Mark> = (0..count)
            .map(|_| Some(Mark { hash: from.number()?, at: from.signed()? }))
            .collect::<Option<_>>()?;
        (from.is_at_end()).then_some(if own == number { marks } else { Vec::new() })
    };
    read(&mut from).ok_or_else(|| crate::store::damaged(Kind::Seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(number: u64) -> Mark {
        let stamp = Stamp::of(b"2024-01-01T00:00:00.000Z");
        Mark::of(RecordKey::of_id(&format!("{number:024x}")), stamp).unwrap()
    }

    #[test]
    fn a_record_in_another_state_has_another_mark() {
        let key = RecordKey::of_id("5502b1e1bfc3ab1c00be0a17");
        let of = |updated: &str| Mark::of(key, Stamp::of(updated.as_bytes()));
        assert_eq!(of("2024-01-01T00:00:00.001Z"), of("2024-01-01T00:00:00.001Z"));
        assert_ne!(of("2024-01-01T00:00:00.001Z"), of("2024-01-01T00:00:00.002Z"));
        assert_eq!(of(""), None);
        assert_eq!(of("2024-01-01T00:00:09.999Z").unwrap().at(), 1_704_067_209);
    }

    #[test]
    fn the_oldest_are_forgotten_first() {
        let mut seen = Seen::default();
        let most = MOST as u64;
        (0..most + 10).for_each(|number| seen.insert(mark(number)));
        assert_eq!(seen.set.len(), MOST);
        assert!(!seen.contains(mark(9)) && seen.contains(mark(10)) && seen.contains(mark(most + 9)));
    }

    #[test]
    fn what_is_put_on_the_shelf_comes_back_and_the_store_stays_bounded() {
        let mut shelf = Shelf::default();
        let mut slots = std::collections::BTreeMap::new();
        let marks: Vec<Mark> = (0..100_000).map(mark).collect();
        for page in marks.chunks(499) {
            let (slot, value) = shelf.add(page).unwrap();
            assert!(value.len() <= 16 * (SEGMENT + 500) + 64);
            slots.insert(slot, value);
        }
        assert_eq!(slots.len(), SEGMENTS);
        let read: Vec<Mark> = shelf
            .segments()
            .numbers()
            .flat_map(|number| from_value(number, &slots[&Segments::slot(number)]).unwrap())
            .collect();
        assert!(read.len() >= MOST - SEGMENT);
        assert_eq!(read, marks[marks.len() - read.len()..]);
        // A slot that was given to a later segment says so.
        assert_eq!(
            from_value(shelf.segments().first - 1, &slots[&Segments::slot(shelf.segments().first - 1)])
                .unwrap(),
            []
        );
        assert_eq!(shelf.add(&[]), None);
    }
}
