//! What a walk has read so far, and whether a page goes on from there.

use super::record_key::KeySet;
use super::{Cursor, FetchedPage, RecordKey};

/// All ids read, and the last pages, to which the next one is joined.
#[derive(Default)]
pub struct History {
    /// Ids of all records given.
    delivered: KeySet,
    /// Ids that this pass has read; absent in the first one, for which they are those given.
    in_pass: Option<KeySet>,
    /// For cursors: the short keys of the records that this pass has read, in order.
    order: Vec<u64>,
    /// The last page.
    pub(super) last: Vec<RecordKey>,
    pub(super) last_start: u64,
    /// The last page that brought something which this pass had not read: the edge of what it knows of the list.
    pub(super) edge: Vec<RecordKey>,
    /// Where this walk goes on after an earlier one.
    resumed: Option<Cursor>,
    /// Records that were passed over as they stand before the seam of the cursor: taken for given, and perhaps not.
    passed_over: Vec<u128>,
    /// A record without an id was read.
    has_nameless: bool,
}

impl History {
    /// Goes on after `cursor`: the records before it are as good as read.
    pub fn resume_after(&mut self, cursor: &Cursor) {
        self.order = cursor.last_read();
        self.resumed = Some(cursor.clone());
    }

    /// Begins the list anew. What was given stays known.
    pub fn begin_pass(&mut self) {
        self.in_pass = Some(KeySet::default());
        for id in self.passed_over.drain(..) {
            self.delivered.remove(&id);
        }
        self.order.clear();
        self.last.clear();
        self.edge.clear();
        self.resumed = None;
        self.last_start = 0;
    }

    /// The index after the record of `page` that is the nearest seam of the cursor, 0 where there is none. What stands before it
    /// was read before the cursor was taken.
    pub fn after_seams<R>(&self, page: &FetchedPage<R>) -> usize {
        let Some(cursor) = &self.resumed else { return 0 };
        // What this walk has read stands after all of them; one that comes later is another record of the same id.
        let own = page.keys.iter().position(|key| self.knows(key)).unwrap_or(page.keys.len());
        let before = page.keys.get(..own).unwrap_or_default();
        cursor.nearest_seam(before).map_or(0, |(index, _)| index.saturating_add(1))
    }

    /// Whether `page` leaves no doubt about what was read before the cursor: where this walk goes on in it, if it has only just taken it
    /// up; and that none of what stands after that was read before, as it would be given again and counted twice.
    pub fn resumes_cleanly<R>(&self, page: &FetchedPage<R>) -> bool {
        let Some(cursor) = &self.resumed else { return true };
        let is_first = self.last.is_empty() && page.has_ids();
        let rest = page.keys.get(self.after_seams(page)..).unwrap_or_default();
        let is_back = |key: &RecordKey| !self.knows(key) && cursor.has_seam(*key);
        (!is_first || cursor.is_certain_in(&page.keys, page.start)) && !rest.iter().any(is_back)
    }

    /// Whether any record with an id was read in this pass.
    pub fn has_ids(&self) -> bool {
        !self.ids().is_empty()
    }

    /// Whether all records read have an id.
    pub fn has_only_ids(&self) -> bool {
        !self.has_nameless
    }

    /// Short keys of the records that this pass has read, in order.
    pub fn order(&self) -> &[u64] {
        &self.order
    }

    /// How many records this pass has read.
    pub fn read_in_pass(&self) -> u64 {
        u64::try_from(self.order.len()).unwrap_or(u64::MAX)
    }

    /// How many records this walk has given, told apart by their ids.
    pub fn delivered_count(&self) -> u64 {
        u64::try_from(self.delivered.len()).unwrap_or(u64::MAX)
    }

    fn ids(&self) -> &KeySet {
        self.in_pass.as_ref().unwrap_or(&self.delivered)
    }

    /// Whether this pass has read this record.
    pub(super) fn knows(&self, key: &RecordKey) -> bool {
        matches!(key, RecordKey::Id(id) if self.ids().contains(id))
    }

    /// Whether this record has an id, and this pass has not read it.
    pub(super) fn is_unread(&self, key: &RecordKey) -> bool {
        matches!(key, RecordKey::Id(id) if !self.ids().contains(id))
    }

    /// Whether `page` holds a record that was given.
    pub fn has_delivered_any_of<R>(&self, page: &FetchedPage<R>) -> bool {
        page.keys.iter().any(|key| matches!(key, RecordKey::Id(id) if self.delivered.contains(id)))
    }

    /// Indices of the records of `page` that are to be given, where `end` is the position after the last one read.
    ///
    /// Records with an id are new unless that id came on another page: a page is one moment, and what stands in it
    /// twice is twice in the list. Records without one are new from `end` on, after the shift that a shared record
    /// shows.
    pub fn new_records_in<R>(&self, page: &FetchedPage<R>, end: u64) -> Vec<usize> {
        let shift = if page.keys.iter().any(|key| matches!(key, RecordKey::Content(_))) {
            self.shift(page)
        } else {
            0
        };
        let after_seams = self.after_seams(page);
        let is_new = |key: &RecordKey, position: u64| match key {
            RecordKey::Id(id) => !self.delivered.contains(id),
            RecordKey::Content(_) => i128::from(position) - shift >= i128::from(end),
        };
        page.keys
            .iter()
            .zip(page.start..)
            .enumerate()
            .skip(after_seams)
            .filter(|(_, (key, position))| is_new(key, *position))
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether `page` repeats the last one record by record, though it was asked for from another position: the list may
    /// have moved by just so much, or the server ignores the offset.
    pub fn repeats<R>(&self, page: &FetchedPage<R>) -> bool {
        // Records without ids may be alike; that they repeat can only be told where they are not.
        let differ = page.keys.iter().any(|key| Some(key) != page.keys.first());
        let telling = page.has_ids() || differ || page.len() < page.asked;
        telling && !page.keys.is_empty() && page.start != self.last_start && page.keys == self.last
    }

    /// Takes the first `length` records of `page` as read; `given` are the indices of what is given of it. Tells whether this pass had not read all of it.
    pub fn add_page<R>(&mut self, page: &FetchedPage<R>, length: usize, delivered: &[usize]) -> bool {
        self.has_nameless |= page.keys.iter().any(|key| matches!(key, RecordKey::Content(_)));
        let brings_news = if let Some(in_pass) = &mut self.in_pass {
            let known = in_pass.len();
            for key in page.keys.iter().take(length) {
                if let RecordKey::Id(id) = key
                    && in_pass.insert(*id)
                {
                    self.order.extend(key.short());
                }
            }
            in_pass.len() > known
        } else {
            self.order.extend(delivered.iter().filter_map(|&index| page.keys.get(index)?.short()));
            !delivered.is_empty()
        };
        let passed_over = self.after_seams(page);
        for (index, key) in page.keys.iter().enumerate() {
            if let RecordKey::Id(id) = key
                && self.delivered.insert(*id)
                && index < passed_over
            {
                self.passed_over.push(*id);
            }
        }
        self.last.clone_from(&page.keys);
        self.last_start = page.start;
        if brings_news {
            self.edge.clone_from(&page.keys);
        }
        brings_news
    }

    /// How far the list has moved down since the last page, by the first record that both hold.
    fn shift<R>(&self, page: &FetchedPage<R>) -> i128 {
        let found = page.keys.iter().zip(page.start..).find_map(|(key, now)| {
            let RecordKey::Id(_) = key else { return None };
            let (_, then) = self.last.iter().zip(self.last_start..).find(|(known, _)| *known == key)?;
            Some(i128::from(now) - i128::from(then))
        });
        found.unwrap_or(0)
    }
}
