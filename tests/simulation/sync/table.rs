//! A consumer's table, which outlives programs, and what must be in it.

use super::stored_positions::positions;
use crate::server::{AppServer, Record, Row, stamp};
use crate::world::Disk;
use humansync::http::CLOCKS_END;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// A type, whose a record is, and what tells it from that person's others: its id, or all that is in it.
type Key = (String, String, String);

fn key_of(name: &str, record: &Record) -> Key {
    let id = record.id.clone().unwrap_or_else(|| record.content.clone());
    (name.to_owned(), record.human.clone(), id)
}

/// How a record was delivered in a state.
#[derive(Clone, Copy)]
struct Came {
    /// How often anything had gone wrong then.
    troubles: u64,
    /// Whether it could change without getting another stamp.
    tick: Tick,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tick {
    Over,
    Running,
    /// It is days ahead.
    ToCome,
}

/// By how much the library may be late, in milliseconds: what it takes a change to be seen and an answer to be handled, and the minute that it leaves
/// where the server's clock is hidden, if this machine's is late by another.
const LATE: i64 = 140_000;

/// The table. Clones are the same.
#[derive(Clone, Default)]
pub struct Table(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    rows: HashMap<Key, Record>,
    /// Which states of records were delivered: by their stamps and contents.
    states: HashMap<(Key, String, String), Came>,
    troubles: u64,
    may_forget: bool,
    /// How many records of each type came again in a state in which they had come.
    again: BTreeMap<String, u64>,
    /// Ends of positions that were seen.
    ends: BTreeMap<String, i64>,
}

impl Table {
    /// The consumer is done with these records of a type, at this time of the server.
    ///
    /// # Panics
    /// When a record came in this state before, though nothing has gone wrong since and it could not have changed without a sign of
    /// it.
    pub fn take(&self, name: &str, records: &[Record], now: i64) {
        let state = &mut *self.0.borrow_mut();
        for record in records {
            let key = key_of(name, record);
            if !record.updated.is_empty() {
                let came = Came { troubles: state.troubles, tick: Tick::of(&record.updated, now) };
                let own = (key.clone(), record.updated.clone(), record.content.clone());
                let before = state.states.insert(own, came);
                let known = before.filter(|before| match before.tick {
                    Tick::Over => true,
                    Tick::ToCome => came.tick == Tick::ToCome,
                    Tick::Running => false,
                });
                assert!(
                    known.is_none_or(|before| before.troubles < state.troubles || state.may_forget),
                    "{name}: {record:?} came twice in this state"
                );
                *state.again.entry(name.to_owned()).or_default() += u64::from(known.is_some());
            }
            state.rows.insert(key, record.clone());
        }
    }

    /// Something has gone wrong: what the consumer had may come again.
    pub fn trouble(&self) {
        self.0.borrow_mut().troubles += 1;
    }

    /// What came may come again, whatever has happened: its memory is small, or a clock makes it doubt.
    pub fn may_forget(&self) {
        self.0.borrow_mut().may_forget = true;
    }

    /// The next position is another one.
    pub fn begin_anew(&self) {
        self.0.borrow_mut().ends.clear();
    }

    /// Records that came again in a state in which they had come.
    pub fn again(&self) -> u64 {
        self.0.borrow().again.values().sum()
    }

    /// Those of a type.
    pub fn again_of(&self, name: &str) -> u64 {
        self.0.borrow().again.get(name).copied().unwrap_or_default()
    }

    /// Rows of a type.
    pub fn len_of(&self, name: &str) -> usize {
        self.0.borrow().rows.keys().filter(|(own, _, _)| own == name).count()
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
        self.0.borrow().rows.get(&key_of(name, &record)) == Some(&record)
    }

    /// What the store says to be delivered has been handled, but for what became visible in the last `late` seconds.
    ///
    /// # Panics
    /// When it has not, or when the store says less than before.
    pub fn assert_positions_hold(&self, server: &AppServer, disk: &Disk, late: i64, may_go_back: bool) {
        let late = late + (server.tick() + 999) / 1000;
        for (name, kept) in positions(disk, server.origin()) {
            let end = kept.end().unwrap_or(i64::MIN);
            let before = self.0.borrow_mut().ends.insert(name.clone(), end).unwrap_or(i64::MIN);
            // One that no clock can have left is given up.
            let before = if before >= CLOCKS_END { i64::MIN } else { before };
            assert!(before <= end, "{name}: the position went back from {before} to {end}");
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

impl Tick {
    /// Of a record with this stamp, where the library cannot but know it. A stamp that is round may be of a clock that ticks by the
    /// second or the minute.
    fn of(stamp: &str, now: i64) -> Self {
        let at = chrono::DateTime::parse_from_rfc3339(stamp).unwrap().timestamp_millis();
        let tick = [60_000, 1000].into_iter().find(|tick| at % tick == 0).unwrap_or(1);
        if at + tick + LATE <= now {
            Self::Over
        } else if at > now + 86_400_000 + LATE {
            Self::ToCome
        } else {
            Self::Running
        }
    }
}
