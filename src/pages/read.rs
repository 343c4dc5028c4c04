//! What a walk has read so far.

use super::record_key::KeySet;
use super::{Cursor, Fetched, RecordKey};

/// All ids read, in order, and the last page, to which the next one is joined.
#[derive(Default)]
pub struct Read {
    ids: KeySet,
    /// For cursors: the short keys of all records read, in the order of their delivery.
    order: Vec<u64>,
    last: Vec<RecordKey>,
    last_start: u64,
    /// Short keys of records that an earlier walk read, where this one goes on behind its cursor.
    seams: Vec<u64>,
}

impl Read {
    /// Goes on behind `cursor`: the records before it are as good as read.
    pub fn take_up(&mut self, cursor: &Cursor) {
        self.order = cursor.last_read();
        self.seams.clone_from(&cursor.seams);
    }

    /// The index behind the last record of `page` that is a seam of the cursor, 0 where there is none. What stands before
    /// such a record was read before the cursor was taken.
    pub fn behind_seams<R>(&self, page: &Fetched<R>) -> usize {
        if self.seams.is_empty() {
            return 0;
        }
        let is_seam = |key: &RecordKey| key.short().is_some_and(|short| self.seams.contains(&short));
        page.keys.iter().rposition(is_seam).map_or(0, |index| index.saturating_add(1))
    }

    /// Whether any record with an id was read.
    pub fn has_ids(&self) -> bool {
        !self.ids.is_empty()
    }

    /// Short keys of all records read, in order.
    pub fn order(&self) -> &[u64] {
        &self.order
    }

    /// Whether this record was read before.
    pub fn contains(&self, key: &RecordKey) -> bool {
        matches!(key, RecordKey::Id(id) if self.ids.contains(id))
    }

    /// Whether `page` holds a record that was read before.
    pub fn shares_a_record_with<R>(&self, page: &Fetched<R>) -> bool {
        page.keys.iter().any(|key| self.contains(key)) || self.behind_seams(page) > 0
    }

    /// Whether the last page and `page` hold the same records at the positions that both cover; `None` where there is no
    /// such position.
    pub fn agrees_with<R>(&self, page: &Fetched<R>) -> Option<bool> {
        let ahead = usize::try_from(page.start.checked_sub(self.last_start)?).ok()?;
        let both = self.last.get(ahead..).filter(|both| !both.is_empty())?;
        Some(!page.keys.is_empty() && (page.keys.starts_with(both) || both.starts_with(&page.keys)))
    }

    /// Whether `page` begins with the record without an id that the last page ended with, where it is expected: at
    /// `end` less one. A seam by position, and all that such a record allows.
    pub fn goes_on_in<R>(&self, page: &Fetched<R>, end: u64) -> bool {
        let first = page.keys.first().filter(|key| matches!(key, RecordKey::Content(_)));
        first.is_some() && first == self.last.last() && page.start.saturating_add(1) == end
    }

    /// Indices of the records of `page` that are to be delivered, where `end` is the position behind the last one
    /// read.
    ///
    /// Records with an id are new unless that id came on another page: a page is one moment, and what stands in it
    /// twice is twice in the list. Records without one are new from `end` on, after the shift that a shared record
    /// shows.
    pub fn new_in<R>(&self, page: &Fetched<R>, end: u64) -> Vec<usize> {
        let shift = if page.keys.iter().any(|key| matches!(key, RecordKey::Content(_))) {
            self.shift(page)
        } else {
            0
        };
        let positions = page.start..;
        let is_new = |key: &RecordKey, position: u64| match key {
            RecordKey::Id(id) => !self.ids.contains(id),
            RecordKey::Content(_) => i128::from(position) - shift >= i128::from(end),
        };
        page.keys
            .iter()
            .zip(positions)
            .enumerate()
            .filter(|(_, (key, position))| is_new(key, *position))
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether `page` repeats the last one record by record, though it was asked for from another position: the list may
    /// have moved by just so much, or the server ignores the offset.
    pub fn repeats<R>(&self, page: &Fetched<R>) -> bool {
        // Records without ids may be alike; that they repeat can only be told where they are not.
        let differ = page.keys.iter().any(|key| Some(key) != page.keys.first());
        let telling = page.has_ids() || differ || page.len() < page.asked;
        telling && !page.keys.is_empty() && page.start != self.last_start && page.keys == self.last
    }

    /// Takes `page` as read; `new` are the indices of what is delivered of it.
    pub fn take<R>(&mut self, page: &Fetched<R>, new: &[usize]) {
        self.order.extend(new.iter().filter_map(|&index| page.keys.get(index)?.short()));
        for key in &page.keys {
            if let RecordKey::Id(id) = key {
                self.ids.insert(*id);
            }
        }
        self.last.clone_from(&page.keys);
        self.last_start = page.start;
    }

    /// How far the list has moved down since the last page, by the first record that both hold.
    fn shift<R>(&self, page: &Fetched<R>) -> i128 {
        let found = page.keys.iter().zip(page.start..).find_map(|(key, now)| {
            let RecordKey::Id(_) = key else { return None };
            let (_, then) = self.last.iter().zip(self.last_start..).find(|(known, _)| *known == key)?;
            Some(i128::from(now) - i128::from(then))
        });
        found.unwrap_or(0)
    }
}
