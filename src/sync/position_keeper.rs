//! Who keeps positions between runs: a store, or the consumer, who stores each delta's checkpoint with its records.

use super::mark_slots::{MarkCapacity, MarkSlots};
use super::marks::{LONGEST_TICK, MarkSet, TICK_SLACK};
use super::position::{Position, StoredPosition, UpdateFilter};
use super::record_states::RecordStates;
use super::stored_marks::decode;
use super::sync_owner::PositionKeys;
use super::window::SHARED_SECONDS;
use crate::error::Error;
use crate::store::Store;
use std::cell::RefCell;
use std::rc::Rc;

/// Who keeps the positions of a run.
pub enum PositionKeeper<S> {
    /// A store. Marks tell what an overlap reads again.
    Store(Rc<S>),
    /// The consumer, who has given the positions of these types. What an overlap reads again is delivered again.
    Consumer(Vec<(&'static str, Position)>),
}

impl<S> Clone for PositionKeeper<S> {
    fn clone(&self) -> Self {
        match self {
            Self::Store(store) => Self::Store(store.clone()),
            Self::Consumer(positions) => Self::Consumer(positions.clone()),
        }
    }
}

impl<S> PositionKeeper<S> {
    /// The store, if there is one.
    pub fn store(&self) -> Option<&Rc<S>> {
        match self {
            Self::Store(store) => Some(store),
            Self::Consumer(_) => None,
        }
    }
}

/// The keys of a type.
#[derive(Clone, Debug)]
pub struct TypeKeys {
    /// Those of the owner.
    pub owner: PositionKeys,
    /// The name of the type.
    pub name: &'static str,
    /// The fingerprint of the conditions.
    pub conditions: u64,
}

impl TypeKeys {
    /// The key of the position.
    pub fn position(&self) -> String {
        self.owner.position(self.name, self.conditions)
    }

    /// The key of a slot with marks.
    pub fn marks(&self, slot: u64) -> String {
        self.owner.marks(self.name, self.conditions, slot)
    }
}

/// What is known of a type when a run begins.
pub struct KeptType {
    /// Its position.
    pub position: Position,
    /// The marks of what was delivered last, as far as it may be read again.
    pub marks: MarkSet,
    /// The states of all records, of a list that is read whole in each run.
    pub states: RecordStates,
    /// Where marks are stored.
    pub slots: Rc<RefCell<MarkSlots>>,
}

impl<S: Store> PositionKeeper<S> {
    /// What is kept of a type. `memory` says how far before the end of the position marks are needed, in seconds.
    pub async fn load(
        &self,
        keys: &TypeKeys,
        capacity: MarkCapacity,
        memory: i64,
    ) -> Result<KeptType, Error> {
        let store = match self {
            Self::Store(store) => store,
            Self::Consumer(positions) => {
                let position = positions.iter().find(|(name, _)| *name == keys.name);
                let position = position.map(|(_, position)| position.clone()).unwrap_or_default();
                return Ok(KeptType {
                    position,
                    marks: MarkSet::new(capacity.max_marks()),
                    states: RecordStates::default(),
                    slots: Rc::new(RefCell::new(MarkSlots::new(capacity, i64::MAX))),
                });
            }
        };
        let stored = match store.get(&keys.position()).await? {
            Some(value) => StoredPosition::from_value(&value)?,
            None => StoredPosition::default(),
        };
        // No clock reaches what is cut, so no mark of it is needed.
        let mut position = stored.position.clone();
        position.cut();
        let left = position.unfinished.as_ref().map(|unfinished| unfinished.window.since);
        let end = [left, position.end()].into_iter().flatten().min().unwrap_or(i64::MIN);
        let expired = end.saturating_sub(memory).saturating_sub(2 * SHARED_SECONDS);
        let is_read_whole = position.filter == UpdateFilter::Ignored;
        let mut slots = match is_read_whole {
            true => MarkSlots::appending(capacity, stored.first_slot).with_obsolete(stored.first_stored_slot),
            false => MarkSlots::new(capacity, expired),
        };
        let mut marks = MarkSet::new(capacity.max_marks());
        let mut states = RecordStates::default();
        let mut take_up = |mark| if is_read_whole { states.insert(mark) } else { marks.insert(mark) };
        let settled =
            position.coverage.end().unwrap_or(i64::MIN).saturating_sub(LONGEST_TICK + TICK_SLACK / 1000);
        for slot in (0..stored.slots).map(|slot| stored.first_slot.saturating_add(slot)) {
            let value = store.get(&keys.marks(slot)).await?;
            let slot_marks = value.map_or_else(|| Ok(Vec::new()), |value| decode(&value, settled))?;
            slots.take_up(slot_marks).into_iter().for_each(&mut take_up);
        }
        slots.take_up_latest(stored.marks).iter().for_each(|mark| take_up(*mark));
        states.drop_unsettled();
        Ok(KeptType { position: stored.position, marks, states, slots: Rc::new(RefCell::new(slots)) })
    }
}
