//! A consumer's table, which outlives programs, and the checks of what must be in it.

use super::stored_positions::StoredPosition;
use crate::server::{AppServer, Record, Row, stamp};
use humansync::http::CLOCKS_END;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The type, the person, and the record's id, or what else tells the consumer which one it is.
type Key = (String, String, String);

fn key_of(name: &str, record: &Record) -> Key {
    let id = record.id.clone().unwrap_or_else(|| format!("no. {}", record.serial));
    (name.to_owned(), record.human.clone(), id)
}

/// The delivery of a record in one state.
#[derive(Clone, Copy)]
struct Came {
    /// How many troubles there had been by then.
    troubles: u64,
    /// Whether the record could still change without getting another stamp.
    tick: Tick,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tick {
    Over,
    Running,
    /// The stamp is days ahead of the server's clock.
    ToCome,
}

/// How much later than necessary the library may notice that a tick is over, in milliseconds: the delays until a change
/// is visible and its answer handled, and, where the server's clock is hidden, the minute that a run leaves and another
/// by which this machine's clock may be slow.
const LATE: i64 = 140_000;

/// The table. Clones share it.
#[derive(Clone, Default)]
pub struct Table(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    rows: HashMap<Key, Record>,
    /// The states of records that were delivered, by stamp and content.
    states: HashMap<(Key, String, String), Came>,
    troubles: u64,
    may_forget: bool,
    keeps_newest: bool,
    /// For each type, how many records came again in the same state.
    again: BTreeMap<String, u64>,
    /// The end of each position when last checked.
    ends: BTreeMap<String, i64>,
}

impl Table {
    /// Takes records of a type, which `server` has sent, from the consumer.
    ///
    /// # Panics
    /// If a record came before in the same state, with no trouble since, and could not have changed without getting
    /// another stamp.
    pub fn take(&self, name: &str, records: &[Record], server: &AppServer) {
        let state = &mut *self.0.borrow_mut();
        for record in records {
            let key = key_of(name, record);
            if !record.updated.is_empty() {
                let came = Came { troubles: state.troubles, tick: Tick::of(&record.updated, server) };
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
            let is_older = |known: &Record| state.keeps_newest && record.updated < known.updated;
            if !state.rows.get(&key).is_some_and(is_older) {
                state.rows.insert(key, record.clone());
            }
        }
    }

    /// From now on a record does not take the place of one with a later stamp.
    pub fn keep_newest(&self) {
        self.0.borrow_mut().keeps_newest = true;
    }

    /// Something went wrong: records may come again.
    pub fn trouble(&self) {
        self.0.borrow_mut().troubles += 1;
    }

    /// From now on records may come again for no reason seen here: the memory for marks is small, or a clock is in
    /// doubt.
    pub fn may_forget(&self) {
        self.0.borrow_mut().may_forget = true;
    }

    /// The next positions may be earlier.
    pub fn begin_anew(&self) {
        self.0.borrow_mut().ends.clear();
    }

    /// How many records came again in the same state.
    pub fn again(&self) -> u64 {
        self.0.borrow().again.values().sum()
    }

    /// How many of a type came again in the same state.
    pub fn again_of(&self, name: &str) -> u64 {
        self.0.borrow().again.get(name).copied().unwrap_or_default()
    }

    /// How many rows there are of a type.
    pub fn len_of(&self, name: &str) -> usize {
        self.0.borrow().rows.keys().filter(|(own, _, _)| own == name).count()
    }

    /// Checks that all records that the server has of these types are there, in their latest state.
    ///
    /// # Panics
    /// If one is not.
    pub fn assert_equal(&self, server: &AppServer, names: &[&str]) {
        for name in names {
            for row in server.visible(name) {
                assert!(
                    self.has(name, &row),
                    "{name}: {row:?} ({}) is not in the table, which has {:?}",
                    stamp(row.updated),
                    self.0.borrow().rows.get(&key_of(name, &row.record()))
                );
            }
        }
    }

    /// Whether a row is there, in its latest state.
    pub fn has(&self, name: &str, row: &Row) -> bool {
        let record = row.record();
        self.0.borrow().rows.get(&key_of(name, &record)) == Some(&record)
    }

    /// Checks that the consumer took everything that the stored positions claim, except what became visible in the last
    /// `late` seconds.
    ///
    /// # Panics
    /// If it did not, or if a position went back.
    pub fn assert_positions_hold(
        &self,
        server: &AppServer,
        positions: BTreeMap<String, StoredPosition>,
        late: i64,
        may_go_back: bool,
    ) {
        let late = late + (server.tick() + 999) / 1000;
        for (name, kept) in positions {
            let end = kept.end().unwrap_or(i64::MIN);
            let before = self.0.borrow_mut().ends.insert(name.clone(), end).unwrap_or(i64::MIN);
            // A position that no clock can have left is given up.
            let before = if before >= CLOCKS_END { i64::MIN } else { before };
            assert!(before <= end, "{name}: the position went back from {before} to {end}");
            // One person's records without ids are known by their places. What a moving list hides, the next run reads.
            let is_known = |row: &Row| row.id.is_some() || !server.is_of_one_person();
            for row in server.visible(&name).into_iter().filter(is_known) {
                let at = row.updated;
                // A clock that was wrong has claimed too much.
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
    /// The tick of a record with this stamp, as late as the library may notice its end. A round stamp may come from a
    /// clock that ticks by the second or the minute. Where the server hides its clock, nobody knows what is days ahead.
    fn of(stamp: &str, server: &AppServer) -> Self {
        let now = server.now();
        let at = chrono::DateTime::parse_from_rfc3339(stamp).unwrap().timestamp_millis();
        let tick = [60_000, 1000].into_iter().find(|tick| at % tick == 0).unwrap_or(1);
        if at + tick + LATE <= now {
            Self::Over
        } else if server.shows_dates() && at > now + 86_400_000 + LATE {
            Self::ToCome
        } else {
            Self::Running
        }
    }
}
