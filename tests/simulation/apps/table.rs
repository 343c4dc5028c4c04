//! A consumer's table, which outlives programs, and what must be in it.

use super::position::positions;
use crate::server::{AppServer, Record, Row, stamp};
use crate::world::Disk;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// A type, and what tells a record of it from others: its id, or all that is in it.
type Key = (String, String);

/// The table. Clones are the same.
#[derive(Clone, Default)]
pub struct Table(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    rows: HashMap<Key, Record>,
    /// How often anything had gone wrong when a record was delivered in a state.
    states: HashMap<(Key, String), u64>,
    troubles: u64,
    /// Records that came again in a state in which they had come.
    again: u64,
    /// Ends of positions that were seen.
    ends: BTreeMap<String, i64>,
}

impl Table {
    /// The consumer is done with these records of a type.
    ///
    /// # Panics
    /// When a record came in this state before, though nothing has gone wrong since.
    pub fn take(&self, name: &str, records: &[Record]) {
        let state = &mut *self.0.borrow_mut();
        for record in records {
            let key = (name.to_owned(), record.id.clone().unwrap_or_else(|| record.content.clone()));
            if !record.updated.is_empty() {
                let before = state.states.insert((key.clone(), record.updated.clone()), state.troubles);
                assert!(
                    before.is_none_or(|troubles| troubles < state.troubles),
                    "{name}: {record:?} came twice in this state"
                );
                state.again += u64::from(before.is_some());
            }
            state.rows.insert(key, record.clone());
        }
    }

    /// Something has gone wrong: what the consumer had may come again.
    pub fn trouble(&self) {
        self.0.borrow_mut().troubles += 1;
    }

    /// Records that came again in a state in which they had come.
    pub fn again(&self) -> u64 {
        self.0.borrow().again
    }

    /// Rows of a type.
    pub fn len_of(&self, name: &str) -> usize {
        self.0.borrow().rows.keys().filter(|(own, _)| own == name).count()
    }

    /// All that the server has of these types is there, in its latest state.
    ///
    /// # Panics
    /// When it is not.
    pub fn assert_equal(&self, server: &AppServer, names: &[&str]) {
        for name in names {
            for row in server.visible(name) {
                assert!(self.has(name, &row), "{name}: {row:?} ({}) is not in the table", stamp(row.updated));
            }
        }
    }

    /// Whether a row is there, in its latest state.
    pub fn has(&self, name: &str, row: &Row) -> bool {
        let record = row.record();
        let key = (name.to_owned(), record.id.clone().unwrap_or_else(|| record.content.clone()));
        self.0.borrow().rows.get(&key) == Some(&record)
    }

    /// What the store says to be delivered has been handled, but for what became visible in the last `late` seconds.
    ///
    /// # Panics
    /// When it has not, or when the store says less than before.
    pub fn assert_positions_hold(&self, server: &AppServer, disk: &Disk, late: i64, may_go_back: bool) {
        for (name, kept) in positions(disk) {
            let end = kept.end().unwrap_or(i64::MIN);
            let before = self.0.borrow_mut().ends.insert(name.clone(), end).unwrap_or(i64::MIN);
            assert!(may_go_back || before <= end, "{name}: the position went back from {before} to {end}");
            for row in server.visible(&name) {
                let at = row.updated;
                // A clock that was wrong has said too much.
                let is_said = !may_go_back
                    && kept.delivered.iter().any(|&(since, before)| {
                        since * 1000 <= at && at < before * 1000 && at < (end - late - 2) * 1000
                    });
                let kept = &kept;
                assert!(
                    !is_said || self.has(&name, &row),
                    "{name}: {row:?} ({}) was not handled, and the position is {kept:?}",
                    stamp(at)
                );
            }
        }
    }
}
