//! What is to be stored of a type once a delta, or a window, is done.

use super::mark_slots::MarkSlots;
use super::marks::Mark;
use super::position::Position;
use super::position_keeper::TypeKeys;
use std::cell::RefCell;
use std::rc::Rc;

/// What is to be stored of a type.
pub struct PositionUpdate {
    /// The keys to store it under.
    pub keys: Rc<TypeKeys>,
    /// What is delivered of the type.
    pub position: Position,
    /// From now on states are stored in the place of marks.
    pub begins_states: bool,
    /// Marks that take the place of all that are stored, if there are many more of those.
    pub replacement: Option<Vec<Mark>>,
    /// Marks of the records delivered since the last update, as far as those records may be read again, in the portions
    /// in which they fill slots: those of a page together.
    pub marks: Vec<Vec<Mark>>,
    /// Chooses the value of the store that takes the marks.
    pub mark_slots: Rc<RefCell<MarkSlots>>,
}

impl PositionUpdate {
    /// Takes in the next update of the same type, so that both are stored in one go: its position takes the place of this
    /// one, and its marks are added to those of this one, after them, as a later state takes the place of an earlier one.
    pub fn take_in(&mut self, next: Self) {
        // They begin anew, without anything that is stored or was to be.
        if next.begins_states || next.replacement.is_some() {
            self.marks.clear();
            self.replacement = None;
        }
        self.begins_states |= next.begins_states;
        self.replacement = next.replacement.or(self.replacement.take());
        self.marks.extend(next.marks);
        self.position = next.position;
    }

    /// Hands the marks to the slots, once: what is left is to store these.
    pub fn fill_slots(&mut self) {
        if std::mem::take(&mut self.begins_states) {
            self.mark_slots.replace_with(|slots| slots.to_appending());
        }
        let mut slots = self.mark_slots.borrow_mut();
        if let Some(marks) = self.replacement.take() {
            slots.replace(&marks);
        }
        for marks in std::mem::take(&mut self.marks) {
            slots.add(&marks);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::http::BaseUrl;
    use crate::sync::mark_slots::MarkCapacity;
    use crate::sync::stored_marks::decode;
    use crate::sync::sync_owner::SyncOwner;
    use crate::testing::test;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const CAPACITY: MarkCapacity = MarkCapacity { slots: 3, marks_per_slot: 4 };

    /// An update of a type, which can be told by its beginning.
    pub fn update(name: &'static str, beginning: i64) -> PositionUpdate {
        let slots = Rc::new(RefCell::new(MarkSlots::new(CAPACITY, i64::MIN)));
        of_slots(&slots, name, beginning)
    }

    fn of_slots(mark_slots: &Rc<RefCell<MarkSlots>>, name: &'static str, beginning: i64) -> PositionUpdate {
        let base = BaseUrl::new("https://api.humanapi.co", "v1", "/human", false).unwrap();
        let keys = TypeKeys { owner: SyncOwner::person("", base.own()).own, name, conditions: 0 };
        PositionUpdate {
            keys: Rc::new(keys),
            position: Position { beginning: Some(beginning), ..Position::default() },
            begins_states: false,
            replacement: None,
            marks: Vec::new(),
            mark_slots: mark_slots.clone(),
        }
    }

    #[derive(Clone, Debug)]
    enum Change {
        Adds(Vec<u64>),
        BeginsStates(Vec<u64>),
        Replaces(Vec<u64>, Vec<u64>),
    }

    fn marks(numbers: &[u64]) -> Vec<Mark> {
        numbers.iter().map(|number| Mark::from_parts(*number, *number as i64)).collect()
    }

    /// A type's slots, and the values under their numbers.
    struct Type {
        slots: Rc<RefCell<MarkSlots>>,
        values: BTreeMap<u64, Vec<u8>>,
    }

    impl Type {
        fn new() -> Self {
            let slots = Rc::new(RefCell::new(MarkSlots::new(CAPACITY, i64::MIN)));
            Self { slots, values: BTreeMap::new() }
        }

        fn update(&self, number: usize, change: &Change) -> PositionUpdate {
            let mut update = of_slots(&self.slots, "weights", number as i64);
            update.marks.push(marks(match change {
                Change::Adds(added) | Change::BeginsStates(added) | Change::Replaces(_, added) => added,
            }));
            update.begins_states = matches!(change, Change::BeginsStates(_));
            if let Change::Replaces(all, _) = change {
                update.replacement = Some(marks(all));
            }
            update
        }

        fn store(&mut self, update: &mut PositionUpdate) {
            update.fill_slots();
            let mut slots = self.slots.borrow_mut();
            while let Some((slot, value)) = slots.unsaved() {
                self.values.insert(slot, value);
                slots.saved();
            }
        }

        /// The marks that the next run reads, in its order.
        fn read(&self) -> Vec<Mark> {
            let slots = self.slots.borrow();
            let numbers = slots.first()..slots.first() + slots.used();
            let stored = numbers.flat_map(|number| decode(&self.values[&number], 0).unwrap());
            stored.chain(slots.latest().iter().copied()).collect()
        }
    }

    proptest! {
        #[test]
        fn together_the_same_is_stored_as_one_by_one(
            before in prop::collection::vec(prop::collection::vec(0..100_u64, 0..9), 0..6),
            states in prop::option::of(prop::collection::vec(0..100_u64, 0..9)),
            after in prop::collection::vec(
                (prop::option::of(prop::collection::vec(0..100_u64, 0..20)), prop::collection::vec(0..100_u64, 0..9)),
                0..6,
            ),
            together: [bool; 16],
        ) {
            let mut changes: Vec<Change> = before.into_iter().map(Change::Adds).collect();
            if let Some(states) = states {
                changes.push(Change::BeginsStates(states));
                changes.extend(after.into_iter().map(|(all, added)| match all {
                    Some(all) => Change::Replaces(all, added),
                    None => Change::Adds(added),
                }));
            }
            let (mut alone, mut joined) = (Type::new(), Type::new());
            let mut waiting: Option<PositionUpdate> = None;
            for (number, change) in changes.iter().enumerate() {
                alone.store(&mut alone.update(number, change));
                let next = joined.update(number, change);
                match &mut waiting {
                    Some(update) => update.take_in(next),
                    None => waiting = Some(next),
                }
                if !together[number % together.len()] {
                    joined.store(&mut waiting.take().unwrap());
                }
            }
            if let Some(mut update) = waiting {
                prop_assert_eq!(update.position.beginning, Some(changes.len() as i64 - 1));
                joined.store(&mut update);
            }
            prop_assert_eq!(joined.read(), alone.read());
        }
    }

    #[test]
    fn marks_are_handed_to_the_slots_once() {
        let kept = Type::new();
        let mut update = kept.update(0, &Change::Adds(vec![1, 2]));
        update.fill_slots();
        update.fill_slots();
        update.take_in(kept.update(1, &Change::Adds(vec![3])));
        update.fill_slots();
        assert_eq!(kept.slots.borrow().latest(), marks(&[1, 2, 3]));
    }
}
