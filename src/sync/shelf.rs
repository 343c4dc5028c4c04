//! Where marks are kept: in values of the store, of which one is being filled.
//!
//! There are so many of them at most. When all are full, the one whose newest mark is the oldest is given up, unless what is to
//! be kept is older still: what was updated last is what is read again first. No mark becomes wrong by being old, so that
//! values which a crash has left behind do no harm.

use super::seen::Mark;
use crate::api::Limit;
use crate::error::Error;
use crate::store::{Kind, Reader, Writer, damaged, open_version, seal};

/// How much is remembered of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// In so many values of the store,
    pub values: usize,
    /// each of so many marks and a page.
    pub marks: usize,
}

impl Default for Room {
    /// 264 192 marks of a type, in values of up to 43 KB.
    fn default() -> Self {
        Self { values: 86, marks: 3072 }
    }
}

impl Room {
    /// How many marks all values hold at most: what does not fit by less than a page still goes into a value.
    pub fn most(self) -> usize {
        self.values.saturating_mul(self.marks.saturating_add(usize::from(Limit::MAX.get())))
    }
}

/// Which values of the store hold marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// The first so many.
    pub used: u64,
    /// The one that is being filled.
    pub filling: u64,
}

impl Slots {
    /// Values that versions before 0.1's second form have kept, in a ring.
    const OLD: u64 = 16;

    /// From the numbers that the first form has: of the first value, and of the one after the last.
    pub fn of_first_form(end: u64) -> Self {
        Self { used: end.min(Self::OLD), filling: end.saturating_sub(1) % Self::OLD }
    }
}

/// Marks on their way into the store.
pub struct Shelf {
    room: Room,
    /// Of each value: when the newest of its marks was updated.
    newest: Vec<i64>,
    filling: usize,
    /// What is in the value that is being filled.
    marks: Vec<Mark>,
    /// What was updated before this is not read again.
    expired: i64,
}

impl Shelf {
    /// Without a value; what was updated before `expired` need not be remembered.
    pub fn new(room: Room, expired: i64) -> Self {
        Self { room, newest: Vec::new(), filling: 0, marks: Vec::new(), expired }
    }

    /// Takes up the next value that an earlier run has left; gives those of its marks that still count.
    pub fn take_up(&mut self, slots: Slots, marks: Vec<Mark>) -> Vec<Mark> {
        let marks: Vec<Mark> = marks.into_iter().filter(|mark| mark.at() >= self.expired).collect();
        if usize::try_from(slots.filling) == Ok(self.newest.len()) {
            self.filling = self.newest.len();
            self.marks.clone_from(&marks);
        }
        self.newest.push(newest_of(&marks));
        marks
    }

    /// Adds marks. Gives the value that is to be kept now, behind its number.
    pub fn add(&mut self, marks: &[Mark]) -> Option<(u64, Vec<u8>)> {
        if marks.is_empty() {
            return None;
        }
        let newest = newest_of(marks);
        if self.newest.is_empty() || self.marks.len() >= self.room.marks {
            self.filling = self.place_for(newest)?;
            self.marks.clear();
        }
        self.marks.extend_from_slice(marks);
        if let Some(own) = self.newest.get_mut(self.filling) {
            *own = newest_of(&self.marks);
        }
        Some((u64::try_from(self.filling).unwrap_or_default(), to_value(&self.marks)))
    }

    /// Which value is to be filled next; none where all hold what is newer.
    fn place_for(&mut self, newest: i64) -> Option<usize> {
        let oldest = self.newest.iter().copied().enumerate().min_by_key(|(_, newest)| *newest);
        match oldest {
            Some((index, own)) if own < self.expired => Some(index),
            _ if self.newest.len() < self.room.values => {
                self.newest.push(i64::MIN);
                Some(self.newest.len().saturating_sub(1))
            }
            Some((index, own)) if own <= newest => Some(index),
            _ => None,
        }
    }

    /// What is kept.
    pub fn slots(&self) -> Slots {
        let number = |index: usize| u64::try_from(index).unwrap_or_default();
        Slots { used: number(self.newest.len()), filling: number(self.filling) }
    }
}

fn newest_of(marks: &[Mark]) -> i64 {
    marks.iter().map(|mark| mark.at()).max().unwrap_or(i64::MIN)
}

/// Seconds from the oldest of them, and a hash, for each.
fn to_value(marks: &[Mark]) -> Vec<u8> {
    let base = marks.iter().map(|mark| mark.at()).min().unwrap_or_default();
    let mut out = Writer::default();
    out.signed(base);
    out.count(marks.len());
    for mark in marks {
        out.number(mark.hash());
        // More than a hundred years are as good as a hundred.
        out.raw(&u32::try_from(mark.at().saturating_sub(base)).unwrap_or(u32::MAX).to_le_bytes());
    }
    seal(Kind::Seen, &out.finish())
}

/// The marks of a value. Of those in the first form, which were made of everything that was delivered, only what was updated
/// before `settled` counts.
///
/// # Errors
/// A value that is damaged, or of a later version.
pub fn from_value(value: &[u8], settled: i64) -> Result<Vec<Mark>, Error> {
    let (version, content) = open_version(Kind::Seen, value)?;
    let mut from = Reader::new(content);
    let marks = match version {
        1 => first_form(&mut from, settled),
        _ => second_form(&mut from),
    };
    marks.filter(|_| from.is_at_end()).ok_or_else(|| damaged(Kind::Seen))
}

fn first_form(from: &mut Reader, settled: i64) -> Option<Vec<Mark>> {
    from.number()?;
    let marks = (0..from.count(16)?).map(|_| Some(Mark::from_parts(from.number()?, from.signed()?)));
    Some(marks.collect::<Option<Vec<Mark>>>()?.into_iter().filter(|mark| mark.at() < settled).collect())
}

fn second_form(from: &mut Reader) -> Option<Vec<Mark>> {
    let base = from.signed()?;
    let marks = (0..from.count(12)?).map(|_| {
        let hash = from.number()?;
        let (after, _) = from.raw(4)?.split_first_chunk()?;
        Some(Mark::from_parts(hash, base.saturating_add(i64::from(u32::from_le_bytes(*after)))))
    });
    marks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use std::collections::BTreeMap;

    const ROOM: Room = Room { values: 4, marks: 10 };

    fn marks(numbers: std::ops::Range<i64>) -> Vec<Mark> {
        numbers.map(|number| Mark::from_parts(number as u64 * 7919, number)).collect()
    }

    /// A store with what a shelf gives out.
    #[derive(Default)]
    struct Kept(BTreeMap<u64, Vec<u8>>);

    impl Kept {
        fn add(&mut self, shelf: &mut Shelf, marks: &[Mark]) {
            let added = shelf.add(marks);
            self.0.extend(added);
        }

        fn read(&self, slots: Slots, expired: i64) -> (Shelf, Vec<Mark>) {
            let mut shelf = Shelf::new(ROOM, expired);
            let mut all = Vec::new();
            for number in 0..slots.used {
                let value = from_value(&self.0[&number], 0).unwrap();
                all.extend(shelf.take_up(slots, value));
            }
            all.sort_by_key(|mark| mark.at());
            (shelf, all)
        }
    }

    #[test]
    fn what_is_put_on_the_shelf_comes_back_and_the_latest_stay() {
        let (mut kept, mut shelf) = (Kept::default(), Shelf::new(ROOM, i64::MIN));
        for page in marks(0..100).chunks(5) {
            kept.add(&mut shelf, page);
        }
        assert_eq!(kept.0.len(), ROOM.values);
        let (_, read) = kept.read(shelf.slots(), i64::MIN);
        assert_eq!(read, marks(60..100));
    }

    #[test]
    fn of_a_list_that_comes_newest_first_the_newest_stay_too() {
        let (mut kept, mut shelf) = (Kept::default(), Shelf::new(ROOM, i64::MIN));
        let mut all = marks(0..100);
        all.reverse();
        for page in all.chunks(5) {
            kept.add(&mut shelf, page);
        }
        let (mut again, read) = kept.read(shelf.slots(), i64::MIN);
        assert_eq!(read, marks(60..100));
        // What has found no place does not drive out what has, in later runs neither.
        kept.add(&mut again, &marks(50..55));
        assert_eq!(kept.read(again.slots(), i64::MIN).1, marks(60..100));
        kept.add(&mut again, &marks(100..105));
        assert_eq!(kept.read(again.slots(), i64::MIN).1, marks(70..105));
    }

    #[test]
    fn what_has_expired_makes_room_before_more_values_are_taken() {
        let (mut kept, mut shelf) = (Kept::default(), Shelf::new(ROOM, i64::MIN));
        kept.add(&mut shelf, &marks(0..10));
        kept.add(&mut shelf, &marks(10..20));
        let (mut later, read) = kept.read(shelf.slots(), 15);
        assert_eq!(read, marks(15..20));
        kept.add(&mut later, &marks(20..25));
        kept.add(&mut later, &marks(25..30));
        assert_eq!(later.slots(), Slots { used: 2, filling: 0 });
        assert_eq!(kept.read(later.slots(), 15).1, marks(15..30));
    }

    #[test]
    fn a_value_is_as_large_as_is_said() {
        let room = Room::default();
        let value = to_value(&marks(0..room.marks as i64 + 499));
        assert!(value.len() <= 43 * 1024, "{}", value.len());
        assert!(room.values * room.marks > 262_144);
    }

    #[test]
    fn values_of_the_first_form_are_read() {
        let mut out = Writer::default();
        out.number(5);
        out.count(2);
        for (hash, at) in [(1, 100), (2, 200)] {
            out.number(hash);
            out.signed(at);
        }
        let mut value = seal(Kind::Seen, &out.finish());
        value[3] = 1;
        assert_eq!(from_value(&value, 150).unwrap(), [Mark::from_parts(1, 100)]);
        assert_eq!(Slots::of_first_form(0), Slots { used: 0, filling: 0 });
        assert_eq!(Slots::of_first_form(5), Slots { used: 5, filling: 4 });
        assert_eq!(Slots::of_first_form(40), Slots { used: 16, filling: 7 });
    }

    #[test]
    fn the_form_stays_as_it_is() {
        let marks = [Mark::from_parts(1, 300), Mark::from_parts(2, 301)];
        let content = [
            44, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0,
            0, 0, 0, 0, 1, 0, 0, 0,
        ];
        assert_eq!(to_value(&marks), seal(Kind::Seen, &content));
        assert_eq!(from_value(&to_value(&marks), 0).unwrap(), marks);
    }
}
