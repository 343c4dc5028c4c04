//! A list that changes, and remembers its changes.

use super::Record;
use std::collections::HashSet;

/// The server's list, newest first.
#[derive(Clone, Debug, Default)]
pub struct MovingList {
    rows: Vec<Record>,
    made: u64,
    at_start: Vec<u64>,
    /// Serials of the records that left or changed their place.
    disturbed: HashSet<u64>,
    /// Serials of the records that left.
    gone: HashSet<u64>,
}

impl MovingList {
    /// A list of `count` records with ids like those of Human API: 24 hexadecimal digits.
    pub fn with_ids(count: u64) -> Self {
        Self::of((0..count).map(|serial| with_id(serial, hexadecimal(serial))).collect())
    }

    /// A list of `count` records without ids, each with different content.
    pub fn without_ids(count: u64) -> Self {
        Self::of((0..count).map(|serial| Record { id: None, ..with_id(serial, String::new()) }).collect())
    }

    /// A list of these records, whose serials count from 0.
    pub fn of(rows: Vec<Record>) -> Self {
        let made = rows.len() as u64;
        Self { rows, made, ..Self::default() }.begin()
    }

    /// Remembers from now on which records stay.
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

    /// The number of records now.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Serials of the records that were in the list throughout and never changed their place, in order.
    pub fn constant(&self) -> Vec<u64> {
        self.at_start.iter().filter(|serial| !self.disturbed.contains(serial)).copied().collect()
    }

    /// Serials of the records that were in the list throughout, in whatever place.
    pub fn present(&self) -> Vec<u64> {
        self.at_start.iter().filter(|serial| !self.gone.contains(serial)).copied().collect()
    }

    /// Whether the list ever had a record with this serial.
    pub fn has_ever_had(&self, serial: u64) -> bool {
        serial < self.made
    }

    /// Adds a new record at `index`.
    pub fn insert(&mut self, index: usize) {
        let id = hexadecimal(self.made);
        self.rows.insert(index.min(self.rows.len()), with_id(self.made, id));
        self.made += 1;
    }

    /// Removes the record at `index`: it was deleted, or changed so that the query does not select it any more.
    pub fn remove(&mut self, index: usize) {
        let record = self.rows.remove(index);
        self.disturbed.insert(record.serial);
        self.gone.insert(record.serial);
    }

    /// Moves `count` records from `index` on down the list by `to` places: they got an earlier time.
    pub fn move_down(&mut self, index: usize, count: usize, to: usize) {
        let count = count.min(self.rows.len() - index);
        let moved: Vec<Record> = self.rows.drain(index..index + count).collect();
        self.disturbed.extend(moved.iter().map(|record| record.serial));
        let at = (index + to).min(self.rows.len());
        self.rows.splice(at..at, moved);
    }

    /// Moves the record at `index` to the front: it was changed, and so is the newest one.
    pub fn touch(&mut self, index: usize) {
        let record = self.rows.remove(index);
        self.disturbed.insert(record.serial);
        self.rows.insert(0, record);
    }
}

fn with_id(serial: u64, id: String) -> Record {
    Record::new(serial, Some(id), format!("record {serial}"))
}

/// An id as MongoDB makes it, of seconds, machine and process, and a counter.
fn hexadecimal(serial: u64) -> String {
    format!("{:08x}bfc3ab1c00{:06x}", 0x5502_b1e1 + serial / 7, 0x0a17 + serial)
}
