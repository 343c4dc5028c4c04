//! Where marks are stored: the latest ones in the value of the position, so that both are written in one go; the others
//! in values of their own, the *slots*.
//!
//! When there are enough latest marks, they fill a slot. The number of slots is bounded. When all are full, the slot
//! whose newest mark is the oldest is reused, unless the new marks are older still: the next run reads the latest
//! updates again, so those marks matter most. A mark never becomes wrong with age, so the marks of an update whose
//! position was not stored do no harm.
//!
//! States of lists that are read whole are appended instead, as a later one takes the place of an earlier one, and all are
//! replaced now and then. The slots before become obsolete then. The position says which they are, so that the next run
//! deletes what a crash has left of them.

use super::marks::Mark;
use super::stored_marks::encode;
use crate::api::Limit;
use std::collections::VecDeque;
use std::ops::Range;

/// How many marks are stored for each type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkCapacity {
    /// The most slots.
    pub slots: usize,
    /// So many marks fill a slot. The marks of the page that fills it may exceed the number.
    pub marks_per_slot: usize,
}

impl Default for MarkCapacity {
    /// 264 192 marks of a type, in values of up to 43 KB.
    fn default() -> Self {
        Self { slots: 86, marks_per_slot: 3072 }
    }
}

impl MarkCapacity {
    /// The most marks that all slots and a position can hold: each is filled up by a page that may exceed its size.
    pub fn max_marks(self) -> usize {
        let places = self.slots.saturating_add(1);
        places.saturating_mul(self.marks_per_slot.saturating_add(usize::from(Limit::MAX.get())))
    }
}

/// Assigns marks to slots.
pub struct MarkSlots {
    capacity: MarkCapacity,
    /// For each slot, when its newest mark was updated.
    newest: Vec<i64>,
    /// The number of the first slot.
    first: u64,
    /// Slots are never filled again: a later mark may take the place of an earlier one.
    appends: bool,
    /// The marks that fill no slot yet.
    latest: Vec<Mark>,
    /// Slots that are to be stored.
    unsaved: VecDeque<(u64, Vec<u8>)>,
    /// The numbers of slots that are of no use any more once the position is stored.
    obsolete: Range<u64>,
    /// The stored position says that they are.
    is_obsolescence_stored: bool,
    /// Records updated before this are not read again.
    expired: i64,
}

impl MarkSlots {
    /// No slots yet. Marks of records updated before `expired` need not be stored.
    pub fn new(capacity: MarkCapacity, expired: i64) -> Self {
        Self {
            capacity,
            newest: Vec::new(),
            first: 0,
            appends: false,
            latest: Vec::new(),
            unsaved: VecDeque::new(),
            obsolete: 0..0,
            is_obsolescence_stored: false,
            expired,
        }
    }

    /// The same, from the slot of this number on, with marks that do not expire and come in the order in which they were
    /// added.
    pub fn appending(capacity: MarkCapacity, first: u64) -> Self {
        Self { first, appends: true, ..Self::new(capacity, i64::MIN) }
    }

    /// Begins anew with [`MarkSlots::appending`]; the slots so far become obsolete.
    pub fn to_appending(&self) -> Self {
        let end = self.first.saturating_add(self.used());
        Self { obsolete: self.first_stored()..end, ..Self::appending(self.capacity, end) }
    }

    /// Whether so many marks more are stored than these that it is worth storing these alone.
    pub fn is_worth_replacing(&self, marks: usize) -> bool {
        let stored = self.newest.len().saturating_mul(self.capacity.marks_per_slot);
        stored > marks.saturating_mul(2).saturating_add(self.capacity.marks_per_slot)
    }

    /// Puts these marks in the place of all.
    pub fn replace(&mut self, marks: &[Mark]) {
        let end = self.first.saturating_add(self.used());
        (self.obsolete, self.first) = (self.first_stored()..end, end);
        self.is_obsolescence_stored = false;
        self.newest.clear();
        self.latest.clear();
        marks.chunks(self.capacity.marks_per_slot.max(1)).for_each(|marks| self.add(marks));
    }

    /// The same, with slots from this number up to the first one that an earlier run has left and not deleted.
    #[must_use]
    pub fn with_obsolete(mut self, from: u64) -> Self {
        (self.obsolete, self.is_obsolescence_stored) = (from..self.first, true);
        self
    }

    /// The number of the first slot that may still be stored, obsolete ones included.
    pub fn first_stored(&self) -> u64 {
        if self.obsolete.is_empty() { self.first } else { self.obsolete.start }
    }

    /// The number of a slot that may be deleted, as the stored position says that it is obsolete.
    pub fn obsolete(&self) -> Option<u64> {
        (self.is_obsolescence_stored && !self.obsolete.is_empty()).then_some(self.obsolete.start)
    }

    /// The position is stored.
    pub fn position_stored(&mut self) {
        self.is_obsolescence_stored = true;
    }

    /// The obsolete slot is deleted.
    pub fn deleted(&mut self) {
        self.obsolete.start = self.obsolete.start.saturating_add(1);
    }

    /// Adds the next slot of an earlier run, and returns those of its marks that have not expired.
    pub fn take_up(&mut self, marks: Vec<Mark>) -> Vec<Mark> {
        let marks = self.unexpired(marks);
        self.newest.push(newest_of(&marks));
        marks
    }

    /// Takes up the marks of an earlier run that filled no slot, and returns those that have not expired.
    pub fn take_up_latest(&mut self, marks: Vec<Mark>) -> &[Mark] {
        self.latest = self.unexpired(marks);
        &self.latest
    }

    fn unexpired(&self, mut marks: Vec<Mark>) -> Vec<Mark> {
        marks.retain(|mark| mark.at() >= self.expired);
        marks
    }

    /// Adds marks. If they fill a slot, it is [`MarkSlots::unsaved`].
    pub fn add(&mut self, marks: &[Mark]) {
        self.latest.extend_from_slice(marks);
        if self.latest.len() < self.capacity.marks_per_slot {
            return;
        }
        let marks = std::mem::take(&mut self.latest);
        let newest = newest_of(&marks);
        if let Some(slot) = self.place_for(newest) {
            if let Some(own) = self.newest.get_mut(slot) {
                *own = newest;
            }
            let number = self.first.saturating_add(u64::try_from(slot).unwrap_or_default());
            self.unsaved.push_back((number, encode(&marks)));
        }
    }

    /// The number and the value of a slot that is to be stored before the position.
    pub fn unsaved(&self) -> Option<(u64, Vec<u8>)> {
        self.unsaved.front().cloned()
    }

    /// The unsaved slot is stored.
    pub fn saved(&mut self) {
        self.unsaved.pop_front();
    }

    /// The slot to fill next; `None` if all hold newer marks.
    fn place_for(&mut self, newest: i64) -> Option<usize> {
        let oldest = self.newest.iter().copied().enumerate().min_by_key(|(_, newest)| *newest);
        match oldest {
            Some((index, own)) if own < self.expired && !self.appends => Some(index),
            // A state that found no slot would leave an earlier one in force.
            _ if self.appends || self.newest.len() < self.capacity.slots => {
                self.newest.push(i64::MIN);
                Some(self.newest.len().saturating_sub(1))
            }
            Some((index, own)) if own <= newest => Some(index),
            _ => None,
        }
    }

    /// The number of the first slot.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// How many slots hold marks now.
    pub fn used(&self) -> u64 {
        u64::try_from(self.newest.len()).unwrap_or_default()
    }

    /// The marks that fill no slot yet.
    pub fn latest(&self) -> &[Mark] {
        &self.latest
    }
}

fn newest_of(marks: &[Mark]) -> i64 {
    marks.iter().map(|mark| mark.at()).max().unwrap_or(i64::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::stored_marks::decode;
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
            slots.add(marks);
            while let Some((slot, value)) = slots.unsaved() {
                self.0.insert(slot, value);
                slots.saved();
            }
        }

        fn read(&self, slots: &MarkSlots, expired: i64) -> (MarkSlots, Vec<Mark>) {
            let mut again = MarkSlots::new(CAPACITY, expired);
            let mut all = Vec::new();
            for number in 0..slots.used() {
                all.extend(again.take_up(decode(&self.0[&number], 0).unwrap()));
            }
            all.extend_from_slice(again.take_up_latest(slots.latest().to_vec()));
            all.sort_by_key(|mark| mark.at());
            (again, all)
        }
    }

    #[test]
    fn marks_come_back_and_the_latest_stay() {
        let (mut kept, mut slots) = (SlotValues::default(), MarkSlots::new(CAPACITY, i64::MIN));
        for page in marks(0..105).chunks(5) {
            kept.add(&mut slots, page);
        }
        assert_eq!(kept.0.len(), CAPACITY.slots);
        assert_eq!(slots.latest(), marks(100..105));
        let (_, read) = kept.read(&slots, i64::MIN);
        assert_eq!(read, marks(60..105));
    }

    #[test]
    fn the_newest_marks_stay_even_if_they_come_first() {
        let (mut kept, mut slots) = (SlotValues::default(), MarkSlots::new(CAPACITY, i64::MIN));
        let mut all = marks(0..100);
        all.reverse();
        for page in all.chunks(5) {
            kept.add(&mut slots, page);
        }
        let (mut again, read) = kept.read(&slots, i64::MIN);
        assert_eq!(read, marks(60..100));
        // Marks that found no slot do not push out those that did, in later runs either.
        kept.add(&mut again, &marks(50..60));
        assert_eq!(kept.read(&again, i64::MIN).1, marks(60..100));
        kept.add(&mut again, &marks(100..110));
        assert_eq!(kept.read(&again, i64::MIN).1, marks(70..110));
    }

    #[test]
    fn expired_marks_make_room_before_another_slot_is_used() {
        let (mut kept, mut slots) = (SlotValues::default(), MarkSlots::new(CAPACITY, i64::MIN));
        kept.add(&mut slots, &marks(0..10));
        kept.add(&mut slots, &marks(10..20));
        let (mut later, read) = kept.read(&slots, 15);
        assert_eq!(read, marks(15..20));
        kept.add(&mut later, &marks(20..30));
        assert_eq!(later.used(), 2);
        assert_eq!(kept.read(&later, 15).1, marks(15..30));
    }

    #[test]
    fn marks_that_are_appended_all_stay_in_their_order() {
        let (mut kept, mut slots) = (SlotValues::default(), MarkSlots::appending(CAPACITY, 7));
        for _ in 0..3 {
            marks(0..100).chunks(5).for_each(|page| kept.add(&mut slots, page));
        }
        assert_eq!((slots.first(), slots.used()), (7, 30));
        let read = (7..37).flat_map(|slot| decode(&kept.0[&slot], 0).unwrap());
        assert_eq!(read.collect::<Vec<_>>(), [marks(0..100), marks(0..100), marks(0..100)].concat());
        assert!(slots.is_worth_replacing(100) && !slots.is_worth_replacing(150));
        slots.replace(&marks(0..15));
        assert_eq!((slots.first(), slots.used(), slots.latest().len()), (37, 1, 5));
        assert_eq!(slots.unsaved().map(|(slot, _)| slot), Some(37));
        assert_eq!(slots.obsolete(), None);
        slots.position_stored();
        assert_eq!(slots.obsolete(), Some(7));
        (7..37).for_each(|_| slots.deleted());
        assert_eq!(slots.obsolete(), None);
    }

    #[test]
    fn a_slot_stays_unsaved_until_it_is_stored() {
        let mut slots = MarkSlots::new(CAPACITY, i64::MIN);
        slots.add(&marks(0..10));
        slots.add(&marks(10..20));
        assert_eq!(slots.unsaved().map(|(slot, _)| slot), Some(0));
        assert_eq!(slots.unsaved().map(|(slot, _)| slot), Some(0));
        slots.saved();
        assert_eq!(slots.unsaved().map(|(slot, _)| slot), Some(1));
        slots.saved();
        assert_eq!(slots.unsaved(), None);
    }
}
