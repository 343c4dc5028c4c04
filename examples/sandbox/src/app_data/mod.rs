//! The data of an app: its users, and what batch queries give of all of them. Nothing here knows HTTP.
//!
//! A list is made when it is first asked for, and kept as entries of 40 bytes in the order of their update: any window
//! of it is found by halving, and five million take 200 MB. A record is made from its entry when it is sent.

pub mod batch_type;
pub mod change;
mod churn;
pub mod entry;
mod people;
pub mod records;
mod schedule;
mod traits;

use std::collections::HashMap;
use std::ops::Range;

use serde_json::Value;

use crate::draw::{Draw, purpose};
use batch_type::BatchType;
use entry::Entry;

pub use people::human_id;

/// How much there is at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub users: u32,
    pub days: i64,
    /// Over all types, about.
    pub records: u64,
}

impl Default for Size {
    fn default() -> Self {
        Self { users: 1000, days: 365, records: 250_000 }
    }
}

/// All users of one app, and their records.
#[derive(Debug)]
pub struct AppData {
    seed: u64,
    size: Size,
    /// The clock at the start, in Unix seconds: nothing was updated later.
    began: i64,
    /// The numbers of the users that there are, in their order.
    users: Vec<u32>,
    lists: HashMap<BatchType, List>,
    /// Counts changes, so that each draws other numbers.
    changes: u64,
}

#[derive(Debug, Default)]
struct List {
    /// By their update, the oldest first.
    entries: Vec<Entry>,
    /// How often it was changed.
    version: u64,
}

impl AppData {
    #[must_use]
    pub fn new(seed: u64, now: i64, size: Size) -> Self {
        let users = (0..size.users).collect();
        Self { seed, size, began: now, users, lists: HashMap::new(), changes: 0 }
    }

    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The numbers of the users that there are.
    #[must_use]
    pub fn users(&self) -> &[u32] {
        &self.users
    }

    /// The number of a user.
    #[must_use]
    pub fn user_named(&self, human_id: &str) -> Option<u32> {
        people::named(self.seed, &self.users, human_id)
    }

    /// A user as the API gives them.
    #[must_use]
    pub fn user(&self, user: u32, client_id: &str) -> Value {
        people::user(self.seed, self.began, self.size, user, client_id)
    }

    /// Deletes a user with all their records; false where there is none of this name.
    pub fn delete(&mut self, human_id: &str) -> bool {
        let Some(user) = self.user_named(human_id) else { return false };
        self.users.retain(|other| *other != user);
        for list in self.lists.values_mut() {
            list.entries.retain(|entry| entry.user != user);
            list.version += 1;
        }
        true
    }

    /// How many records there are of a type. The list is not made for it, if that can be said without.
    pub fn count(&mut self, batch_type: BatchType) -> usize {
        match self.lists.contains_key(&batch_type) || self.users.len() < self.size.users as usize {
            true => self.entries(batch_type).len(),
            false => schedule::count(batch_type, self.size) as usize,
        }
    }

    /// The entries of a type, by their update, the oldest first.
    pub fn entries(&mut self, batch_type: BatchType) -> &[Entry] {
        &self.list(batch_type).entries
    }

    /// How often the entries of a type were changed.
    pub fn version(&mut self, batch_type: BatchType) -> u64 {
        self.list(batch_type).version
    }

    /// Where in the list the entries are that were updated at `since` or later and before `before`, in Unix milliseconds.
    pub fn window(&mut self, batch_type: BatchType, since: i64, before: i64) -> Range<usize> {
        let entries = self.entries(batch_type);
        let start = entries.partition_point(|entry| entry.updated < since);
        start..entries.partition_point(|entry| entry.updated < before).max(start)
    }

    fn list(&mut self, batch_type: BatchType) -> &mut List {
        let (seed, began, size, users) = (self.seed, self.began, self.size, &self.users);
        self.lists.entry(batch_type).or_insert_with(|| {
            let mut entries = schedule::entries(batch_type, seed, began, size);
            if users.len() < size.users as usize {
                entries.retain(|entry| users.binary_search(&entry.user).is_ok());
            }
            List { entries, version: 0 }
        })
    }

    /// Draws for one change.
    fn next_change(&mut self) -> Draw {
        self.changes += 1;
        Draw::new(self.seed, &[purpose("app change"), self.changes])
    }
}

#[cfg(test)]
mod tests;
