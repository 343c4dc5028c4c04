//! The data of an app: its users, and the records of batch queries. Nothing here depends on HTTP.
//!
//! A list is generated when it is first requested, and kept as entries of 40 bytes sorted by their update. Windows are
//! found by binary search, and five million entries take 200 MB. A record is generated from its entry when it is sent.
//! One type may be a `stream` instead, of which nothing is kept.

pub mod batch_type;
pub mod change;
mod churn;
pub mod entry;
mod people;
pub mod records;
mod schedule;
mod stream;
mod traits;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use serde_json::Value;

use crate::draw::{Draw, purpose};
use batch_type::BatchType;
use entry::Entry;

pub use people::human_id;
pub use stream::{Stream, StreamSize};

/// The amount of data at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub users: u32,
    pub days: i64,
    /// The approximate number of records of all types.
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
    /// The clock at the start, in Unix seconds. No initial record was updated later.
    began: i64,
    /// The numbers of the users, in ascending order.
    users: Vec<u32>,
    lists: HashMap<BatchType, List>,
    /// The number of changes so far, so that each draws different numbers.
    changes: u64,
    stream: Option<Stream>,
    /// The users whose records were changed on demand and who were not taken note of yet.
    changed_users: BTreeSet<u32>,
}

#[derive(Debug, Default)]
struct List {
    /// Sorted by update, the oldest first.
    entries: Vec<Entry>,
    /// The number of changes of this list.
    version: u64,
}

impl AppData {
    #[must_use]
    pub fn new(seed: u64, now: i64, size: Size) -> Self {
        let users = (0..size.users).collect();
        Self {
            seed,
            size,
            began: now,
            users,
            lists: HashMap::new(),
            changes: 0,
            stream: None,
            changed_users: BTreeSet::new(),
        }
    }

    /// The same, with a type that is streamed.
    #[must_use]
    pub fn streaming(mut self, stream: Option<StreamSize>) -> Self {
        self.stream = stream.map(|stream| Stream::new(self.seed, self.began, self.size, stream));
        self
    }

    /// The streamed list, if there is one and it is of this type. None of the methods for entries is for it.
    #[must_use]
    pub fn stream(&self, batch_type: BatchType) -> Option<Stream> {
        self.streamed().filter(|stream| stream.batch_type() == batch_type)
    }

    /// The streamed list, if there is one.
    #[must_use]
    pub fn streamed(&self) -> Option<Stream> {
        self.stream
    }

    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The numbers of the users.
    #[must_use]
    pub fn users(&self) -> &[u32] {
        &self.users
    }

    /// The number of a user.
    #[must_use]
    pub fn user_named(&self, human_id: &str) -> Option<u32> {
        people::named(self.seed, &self.users, human_id)
    }

    /// A user in the API's form.
    #[must_use]
    pub fn user(&self, user: u32, client_id: &str) -> Value {
        people::user(self.seed, self.began, self.size, user, client_id)
    }

    /// Deletes a user with all their records; returns false if there is no such user.
    pub fn delete(&mut self, human_id: &str) -> bool {
        let Some(user) = self.user_named(human_id) else { return false };
        self.users.retain(|other| *other != user);
        for list in self.lists.values_mut() {
            list.entries.retain(|entry| entry.user != user);
            list.version += 1;
        }
        true
    }

    /// The users whose records were changed on demand since this was last called.
    pub fn take_changed_users(&mut self) -> BTreeSet<u32> {
        std::mem::take(&mut self.changed_users)
    }

    /// The number of records of a type. If possible, the list is not generated for it.
    pub fn count(&mut self, batch_type: BatchType) -> usize {
        match self.lists.contains_key(&batch_type) || self.users.len() < self.size.users as usize {
            true => self.entries(batch_type).len(),
            false => schedule::count(batch_type, self.size) as usize,
        }
    }

    /// The entries of a type, sorted by update, the oldest first.
    pub fn entries(&mut self, batch_type: BatchType) -> &[Entry] {
        &self.list(batch_type).entries
    }

    /// The number of changes of a type's entries.
    pub fn version(&mut self, batch_type: BatchType) -> u64 {
        self.list(batch_type).version
    }

    /// The range of the entries that were updated from `since` on and before `before`, in Unix milliseconds.
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

    /// The random numbers for the next change.
    fn next_change(&mut self) -> Draw {
        self.changes += 1;
        Draw::new(self.seed, &[purpose("app change"), self.changes])
    }
}

#[cfg(test)]
mod tests;
