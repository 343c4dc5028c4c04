//! Where marks are stored: in numbered values of the store, the *slots*, one of which is being filled.
//!
//! The number of slots is bounded. When all are full, the slot whose newest mark is the oldest is reused, unless the
//! new marks are older still: the next run reads the latest updates again, so those marks matter most. A mark never
//! becomes wrong with age, so slots that a crash left behind do no harm.

use super::marks::Mark;
use crate::api::Limit;
use crate::error::Error;
use crate::store::{ByteReader, ByteWriter, ValueKind, damaged, open_version, seal};

/// How many marks are stored for each type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkCapacity {
    /// The most slots.
    pub slots: usize,
    /// A slot is full when it has this many marks. The marks of the page that fills it may exceed the number.
    pub marks_per_slot: usize,
}

impl Default for MarkCapacity {
    /// 264 192 marks of a type, in values of up to 43 KB.
    fn default() -> Self {
        Self { slots: 86, marks_per_slot: 3072 }
    }
}

impl MarkCapacity {
    /// The most marks that all slots can hold: each is filled up by a page that may exceed its size.
    pub fn max_marks(self) -> usize {
        self.slots.saturating_mul(self.marks_per_slot.saturating_add(usize::from(Limit::MAX.get())))
    }
}

/// Which slots hold marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotUsage {
    /// Slots 0 to `used` - 1.
    pub used: u64,
    /// The slot that is being filled.
    pub filling: u64,
}

impl SlotUsage {
    /// How many slots the first version of the format had. It used them as a ring.
    const OLD: u64 = 16;

    /// From the first version of the format, which has the numbers of the first slot and of the one after the last.
    pub fn of_first_version(end: u64) -> Self {
        Self { used: end.min(Self::OLD), filling: end.saturating_sub(1) % Self::OLD }
    }
}

/// Assigns marks to slots.
pub struct MarkSlots {
    capacity: MarkCapacity,
    /// For each slot, when its newest mark was updated.
    newest: Vec<i64>,
    filling: usize,
    /// The marks in the slot that is being filled.
    marks: Vec<Mark>,
    /// Records updated before this are not read again.
    expired: i64,
}

impl MarkSlots {
    /// No slots yet. Marks of records updated before `expired` need not be stored.
    pub fn new(capacity: MarkCapacity, expired: i64) -> Self {
        Self { capacity, newest: Vec::new(), filling: 0, marks: Vec::new(), expired }
    }

    /// Adds the next slot of an earlier run, and returns those of its marks that have not expired.
    pub fn take_up(&mut self, usage: SlotUsage, marks: Vec<Mark>) -> Vec<Mark> {
        let marks: Vec<Mark> = marks.into_iter().filter(|mark| mark.at() >= self.expired).collect();
        if usize::try_from(usage.filling) == Ok(self.newest.len()) {
            self.filling = self.newest.len();
            self.marks.clone_from(&marks);
        }
        self.newest.push(newest_of(&marks));
        marks
    }

    /// Adds marks. Returns the number of the slot to store now, and its value.
    pub fn add(&mut self, marks: &[Mark]) -> Option<(u64, Vec<u8>)> {
        if marks.is_empty() {
            return None;
        }
        let newest = newest_of(marks);
        if self.newest.is_empty() || self.marks.len() >= self.capacity.marks_per_slot {
            self.filling = self.place_for(newest)?;
            self.marks.clear();
        }
        self.marks.extend_from_slice(marks);
        if let Some(own) = self.newest.get_mut(self.filling) {
            *own = newest_of(&self.marks);
        }
        Some((u64::try_from(self.filling).unwrap_or_default(), encode(&self.marks)))
    }

    /// The slot to fill next; `None` if all hold newer marks.
    fn place_for(&mut self, newest: i64) -> Option<usize> {
        let oldest = self.newest.iter().copied().enumerate().min_by_key(|(_, newest)| *newest);
        match oldest {
            Some((index, own)) if own < self.expired => Some(index),
            _ if self.newest.len() < self.capacity.slots => {
                self.newest.push(i64::MIN);
                Some(self.newest.len().saturating_sub(1))
            }
            Some((index, own)) if own <= newest => Some(index),
            _ => None,
        }
    }

    /// Which slots hold marks now.
    pub fn usage(&self) -> SlotUsage {
        let number = |index: usize| u64::try_from(index).unwrap_or_default();
        SlotUsage { used: number(self.newest.len()), filling: number(self.filling) }
    }
}

fn newest_of(marks: &[Mark]) -> i64 {
    marks.iter().map(|mark| mark.at()).max().unwrap_or(i64::MIN)
}

/// The stored form: for each mark its hash and the seconds since the oldest mark.
fn encode(marks: &[Mark]) -> Vec<u8> {
    let base = marks.iter().map(|mark| mark.at()).min().unwrap_or_default();
    let mut out = ByteWriter::default();
    out.signed(base);
    out.count(marks.len());
    for mark in marks {
        out.number(mark.hash());
        // 136 years are enough: a later mark counts as that late.
        out.raw(&u32::try_from(mark.at().saturating_sub(base)).unwrap_or(u32::MAX).to_le_bytes());
    }
    seal(ValueKind::Marks, &out.finish())
}

/// Reads the stored form. The first version also marked records that could still change under the same stamp, so of its
/// marks only those updated before `settled` count.
pub fn decode(value: &[u8], settled: i64) -> Result<Vec<Mark>, Error> {
    let (version, content) = open_version(ValueKind::Marks, value)?;
    let mut from = ByteReader::new(content);
    let marks = match version {
        1 => first_version(&mut from, settled),
        _ => second_version(&mut from),
    };
    marks.filter(|_| from.is_at_end()).ok_or_else(|| damaged(ValueKind::Marks))
}

fn first_version(from: &mut ByteReader, settled: i64) -> Option<Vec<Mark>> {
    from.number()?;
    let marks = (0..from.count(16)?).map(|_| Some(Mark::from_parts(from.number()?, from.signed()?)));
    Some(marks.collect::<Option<Vec<Mark>>>()?.into_iter().filter(|mark| mark.at() < settled).collect())
}

fn second_version(from: &mut ByteReader) -> Option<Vec<Mark>> {
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

    const CAPACITY: MarkCapacity = MarkCapacity { slots: 4, marks_per_slot: 10 };

    fn marks(numbers: std::ops::Range<i64>) -> Vec<Mark> {
        numbers.map(|number| Mark::from_parts(number as u64 * 7919, number)).collect()
    }

    /// A store with the values of the slots.
    #[derive(Default)]
    struct SlotValues(BTreeMap<u64, Vec<u8>>);

    impl SlotValues {
        fn add(&mut self, slots: &mut MarkSlots, marks: &[Mark]) {
            let added = slots.add(marks);
            self.0.extend(added);
        }

        fn read(&self, usage: SlotUsage, expired: i64) -> (MarkSlots, Vec<Mark>) {
            let mut slots = MarkSlots::new(CAPACITY, expired);
            let mut all = Vec::new();
            for number in 0..usage.used {
                let value = decode(&self.0[&number], 0).unwrap();
                all.extend(slots.take_up(usage, value));
            }
            all.sort_by_key(|mark| mark.at());
            (slots, all)
        }
    }

    #[test]
    fn marks_come_back_and_the_latest_stay() {
        let (mut kept, mut slots) = (SlotValues::default(), MarkSlots::new(CAPACITY, i64::MIN));
        for page in marks(0..100).chunks(5) {
            kept.add(&mut slots, page);
        }
        assert_eq!(kept.0.len(), CAPACITY.slots);
        let (_, read) = kept.read(slots.usage(), i64::MIN);
        assert_eq!(read, marks(60..100));
    }

    #[test]
    fn the_newest_marks_stay_even_if_they_come_first() {
        let (mut kept, mut slots) = (SlotValues::default(), MarkSlots::new(CAPACITY, i64::MIN));
        let mut all = marks(0..100);
        all.reverse();
        for page in all.chunks(5) {
            kept.add(&mut slots, page);
        }
        let (mut again, read) = kept.read(slots.usage(), i64::MIN);
        assert_eq!(read, marks(60..100));
        // Marks that found no slot do not push out those that did, in later runs either.
        kept.add(&mut again, &marks(50..55));
        assert_eq!(kept.read(again.usage(), i64::MIN).1, marks(60..100));
        kept.add(&mut again, &marks(100..105));
        assert_eq!(kept.read(again.usage(), i64::MIN).1, marks(70..105));
    }

    #[test]
    fn expired_marks_make_room_before_another_slot_is_used() {
        let (mut kept, mut slots) = (SlotValues::default(), MarkSlots::new(CAPACITY, i64::MIN));
        kept.add(&mut slots, &marks(0..10));
        kept.add(&mut slots, &marks(10..20));
        let (mut later, read) = kept.read(slots.usage(), 15);
        assert_eq!(read, marks(15..20));
        kept.add(&mut later, &marks(20..25));
        kept.add(&mut later, &marks(25..30));
        assert_eq!(later.usage(), SlotUsage { used: 2, filling: 0 });
        assert_eq!(kept.read(later.usage(), 15).1, marks(15..30));
    }

    #[test]
    fn a_value_is_no_larger_than_documented() {
        let capacity = MarkCapacity::default();
        let value = encode(&marks(0..capacity.marks_per_slot as i64 + 499));
        assert!(value.len() <= 43 * 1024, "{}", value.len());
        assert!(capacity.slots * capacity.marks_per_slot > 262_144);
    }

    #[test]
    fn the_first_version_of_the_format_is_read() {
        let mut out = ByteWriter::default();
        out.number(5);
        out.count(2);
        for (hash, at) in [(1, 100), (2, 200)] {
            out.number(hash);
            out.signed(at);
        }
        let mut value = seal(ValueKind::Marks, &out.finish());
        value[3] = 1;
        assert_eq!(decode(&value, 150).unwrap(), [Mark::from_parts(1, 100)]);
        assert_eq!(SlotUsage::of_first_version(0), SlotUsage { used: 0, filling: 0 });
        assert_eq!(SlotUsage::of_first_version(5), SlotUsage { used: 5, filling: 4 });
        assert_eq!(SlotUsage::of_first_version(40), SlotUsage { used: 16, filling: 7 });
    }

    #[test]
    fn the_stored_form_is_stable() {
        let marks = [Mark::from_parts(1, 300), Mark::from_parts(2, 301)];
        let content = [
            44, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0,
            0, 0, 0, 0, 1, 0, 0, 0,
        ];
        assert_eq!(encode(&marks), seal(ValueKind::Marks, &content));
        assert_eq!(decode(&encode(&marks), 0).unwrap(), marks);
    }
}
