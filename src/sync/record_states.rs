//! In which state each record of a list was delivered last, for lists that are read whole in each run.
//!
//! Marks do not do for them: a record that is updated and returns to its earlier content has a mark of that content, but
//! the consumer has the other one. So a state belongs to a record, and a later one takes its place.
//!
//! Before a consumer gets a record in another state, the record is marked as unsettled: if its program dies then, nobody
//! knows which of the two states the consumer has. Records without an id are unsettled together, until a run has read
//! all of them: each content is another record here, and nobody knows whose earlier content it takes the place of.

use super::marks::Mark;
use crate::fnv::Fnv64;
use crate::key_table::KeyTable;
use crate::pages::RecordKey;

/// 40 bits of the key and 56 of the content, in the form of a mark. Two records that share the bits of the key are
/// delivered again and again, which does no harm.
const STATE_BITS: u32 = 56;
const LOW: u64 = 0xffff_ffff;
/// In the place of a state, if it is not known which one the consumer has. No content has it.
const UNSETTLED: u64 = 0;

/// The key of all records without an id together. A record that happens to have it comes again with each run.
const NAMELESS: u64 = 0;

/// The last state of each record.
#[derive(Default)]
pub struct RecordStates(KeyTable<u64, u64>);

impl RecordStates {
    /// The state of a record with this content.
    pub fn state(key: RecordKey, content: &[u8]) -> Mark {
        let state = Fnv64::of(content).0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - STATE_BITS);
        of_parts(key.hash(), state.max(UNSETTLED + 1))
    }

    /// Marks the record of `state` as unsettled. Returns what is to be stored for that; `None` if it has no state that is
    /// known.
    pub fn unsettle(&mut self, state: Mark) -> Option<Mark> {
        let (key, _) = parts(state);
        self.0.get(key).filter(|own| *own != UNSETTLED)?;
        self.0.insert(key, UNSETTLED);
        Some(of_parts(key, UNSETTLED))
    }

    /// Marks all records without an id as unsettled. Returns what is to be stored for that; `None` if they are already.
    pub fn unsettle_nameless(&mut self) -> Option<Mark> {
        self.0.insert(NAMELESS, UNSETTLED).is_none().then(|| of_parts(NAMELESS, UNSETTLED))
    }

    /// Drops what an earlier run has left unsettled of records without an id, and with it everything, as their states look
    /// like any others.
    pub fn drop_unsettled(&mut self) {
        if self.0.contains(NAMELESS) {
            self.0.retain(|key| key == NAMELESS);
            self.0.insert(NAMELESS, UNSETTLED);
        }
    }

    /// Whether the record was delivered last in this state.
    pub fn has(&self, state: Mark) -> bool {
        let (key, state) = parts(state);
        self.0.get(key) == Some(state)
    }

    /// Sets the state in which a record was delivered last.
    pub fn insert(&mut self, state: Mark) {
        let (key, state) = parts(state);
        self.0.insert(key, state);
    }

    /// Forgets all records but those of these states. Returns whether there were others.
    pub fn retain(&mut self, seen: &Self) -> bool {
        let before = self.0.len();
        self.0.retain(|key| seen.0.contains(key));
        self.0.len() < before
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All states.
    pub fn all(&self) -> Vec<Mark> {
        self.0.iter().map(|(key, state)| of_parts(key, state)).collect()
    }
}

/// The mark of a key, of which the lower bits count, and a state.
fn of_parts(key: u64, state: u64) -> Mark {
    let hash = key << (STATE_BITS - 32) | state >> 32;
    Mark::from_parts(hash, i64::try_from(state & LOW).unwrap_or_default())
}

fn parts(mark: Mark) -> (u64, u64) {
    let low = u64::try_from(mark.at()).unwrap_or_default() & LOW;
    let high = mark.hash() & ((1 << (STATE_BITS - 32)) - 1);
    (mark.hash() >> (STATE_BITS - 32), high << 32 | low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn sorted(states: &RecordStates) -> Vec<(u64, i64)> {
        let mut all: Vec<_> = states.all().iter().map(|mark| (mark.hash(), mark.at())).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn a_record_that_returns_to_its_earlier_content_is_not_known() {
        let key = RecordKey::of_id("5502b1e1bfc3ab1c00be0a17");
        let (first, second) = (RecordStates::state(key, b"1"), RecordStates::state(key, b"2"));
        let mut states = RecordStates::default();
        states.insert(first);
        assert!(states.has(first) && !states.has(second));
        states.insert(second);
        assert!(states.has(second) && !states.has(first));
        assert_eq!(states.len(), 1);
    }

    #[test]
    fn an_unsettled_record_has_no_state_until_it_is_delivered_again() {
        let key = RecordKey::of_id("5502b1e1bfc3ab1c00be0a17");
        let (first, second) = (RecordStates::state(key, b"1"), RecordStates::state(key, b"2"));
        let mut states = RecordStates::default();
        assert_eq!(states.unsettle(first), None);
        states.insert(first);
        let unsettled = states.unsettle(second).unwrap();
        assert!(!states.has(first) && !states.has(second));
        assert_eq!(states.unsettle(first), None);
        let mut stored = RecordStates::default();
        for state in [first, unsettled] {
            stored.insert(state);
        }
        assert_eq!(sorted(&stored), sorted(&states));
        states.insert(first);
        assert!(states.has(first));
    }

    proptest! {
        #[test]
        fn what_is_listed_is_what_was_inserted(ids in prop::collection::vec((0_u64..50, 0_u8..4), 0..80)) {
            let mut states = RecordStates::default();
            for (id, content) in &ids {
                states.insert(RecordStates::state(RecordKey::of_id(id.to_string()), &[*content]));
            }
            let mut again = RecordStates::default();
            states.all().into_iter().for_each(|state| again.insert(state));
            prop_assert_eq!(sorted(&states), sorted(&again));
        }
    }
}
