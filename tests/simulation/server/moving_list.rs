//! A list that changes, and remembers what happened to it.

use super::Record;
use std::collections::HashSet;

/// The server's list, newest first.
#[derive(Clone, Debug, Default)]
pub struct MovingList {
    rows: Vec<Record>,
    made: u64,
    at_start: Vec<u64>,
    /// Records that left, or changed their place.
    disturbed: HashSet<u64>,
    /// Those that left.
    gone: HashSet<u64>,
}

impl MovingList {
    /// `count` records with ids as Human API has them: 24 hexadecimal digits.
    pub fn with_ids(count: u64) -> Self {
        Self::of((0..count).map(|serial| with_id(serial, hexadecimal(serial))).collect())
    }

    /// `count` records without ids, each with a content of its own.
    pub fn without_ids(count: u64) -> Self {
        Self::of((0..count).map(|serial| Record { id: None, ..with_id(serial, String::new()) }).collect())
    }

    /// These records; their serials count from 0.
    pub fn of(rows: Vec<Record>) -> Self {
        let made = rows.len() as u64;
        Self { rows, made, ..Self::default() }.begin()
    }

    /// From now on it is remembered which records stay.
    #[must_use]
    pub fn begin(mut self) -> Self {
        self.at_start = self.rows.iter().map(|record| record.serial).collect();
        self.disturbed.clear();
        self.gone.clear();
        self
    }

    /// The records now.
    pub fn rows(&self) -> &[Record] {
        &self.rows
    }

    /// How many records there are now.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Serials of the records that were there throughout, in their order, which never changes.
    pub fn constant(&self) -> Vec<u64> {
        self.at_start.iter().filter(|serial| !self.disturbed.contains(serial)).copied().collect()
    }

    /// Serials of the records that were there throughout, whatever place they had.
    pub fn present(&self) -> Vec<u64> {
        self.at_start.iter().filter(|serial| !self.gone.contains(serial)).copied().collect()
    }

    /// Whether there ever was a record with this serial.
    pub fn has_ever_had(&self, serial: u64) -> bool {
        serial < self.made
    }

    /// A new record arrives at `index`.
    pub fn insert(&mut self, index: usize) {
        let id = hexadecimal(self.made);
        self.rows.insert(index.min(self.rows.len()), with_id(self.made, id));
        self.made += 1;
    }

    /// The record at `index` is deleted, or changed so that the query does not select it any more.
    pub fn remove(&mut self, index: usize) {
        let record = self.rows.remove(index);
        self.disturbed.insert(record.serial);
        self.gone.insert(record.serial);
    }

    /// `count` records from `index` on are given an earlier time, and go down the list together, to where `to` more have been.
    pub fn move_down(&mut self, index: usize, count: usize, to: usize) {
        let count = count.min(self.rows.len() - index);
        let moved: Vec<Record> = self.rows.drain(index..index + count).collect();
        self.disturbed.extend(moved.iter().map(|record| record.serial));
        let at = (index + to).min(self.rows.len());
        self.rows.splice(at..at, moved);
    }

    /// The record at `index` is changed, and with that the newest one.
    pub fn touch(&mut self, index: usize) {
        let record = self.rows.remove(index);
        self.disturbed.insert(record.serial);
        self.rows.insert(0, record);
    }
}

fn with_id(serial: u64, id: String) -> Record {
    Record::new(serial, Some(id), format!("record {serial}"))
}

/// As MongoDB makes them: seconds, machine and process, counter.
fn hexadecimal(serial: u64) -> String {
    format!("{:08x}bfc3ab1c00{:06x}", 0x5502_b1e1 + serial / 7, 0x0a17 + serial)
}
