//! What a walk has read so far, and what of a page is new to it.

use super::record_key::KeySet;
use super::{Cursor, FetchedPage, RecordKey};

/// The most records for which a total alone makes room: 1.5 MB.
const MOST_ROOM: u64 = 57_344;

/// All ids that were read, and the last pages, to which the next one is joined.
#[derive(Default)]
pub struct History {
    /// Ids of all records that were delivered.
    delivered: KeySet,
    /// Ids that this pass has read; absent in the first pass, where they are those delivered.
    in_pass: Option<KeySet>,
    /// Short keys of the records that this pass has read, in order: cursors are made of them.
    order: Vec<u64>,
    /// Keys of the last page.
    pub(super) last: Vec<RecordKey>,
    pub(super) last_start: u64,
    /// Keys of the last page with a record that this pass had not read: the edge of the known part of the list.
    pub(super) edge: Vec<RecordKey>,
    /// The cursor after which this walk goes on.
    resumed: Option<Cursor>,
    /// Ids that were skipped because they are before the cursor's seam: assumed to be delivered, but not known to be.
    passed_over: Vec<u128>,
    /// A record without an id was read.
    has_nameless: bool,
}

impl History {
    /// Goes on after `cursor`: the records before it count as read.
    pub fn resume_after(&mut self, cursor: &Cursor) {
        self.order = cursor.last_read();
        self.resumed = Some(cursor.clone());
    }

    /// Makes room for so many records at once, as far as a total can be trusted with memory: a set that grows bit by bit
    /// takes twice as much meanwhile, and leaves holes.
    pub fn make_room_for(&mut self, records: u64) {
        let records = usize::try_from(records.min(MOST_ROOM)).unwrap_or_default();
        self.delivered.reserve(records);
        self.order.reserve(records);
    }

    /// Begins the list again. Records that were delivered stay known.
    pub fn begin_pass(&mut self) {
        self.in_pass = Some(KeySet::default());
        let passed_over: KeySet = self.passed_over.drain(..).collect();
        if !passed_over.is_empty() {
            self.delivered.retain(|id| !passed_over.contains(id));
        }
        self.order.clear();
        self.last.clear();
        self.edge.clear();
        self.resumed = None;
        self.last_start = 0;
    }

    /// The index after the seam in `page` that is nearest to the cursor, 0 if there is none. The records before this
    /// index were read before the cursor was taken.
    pub fn after_seams<R>(&self, page: &FetchedPage<R>) -> usize {
        let Some(cursor) = &self.resumed else { return 0 };
        // Records that this walk has read come after all seams. A seam after them is another record with the same id.
        let own = page.keys.iter().position(|key| self.knows(key)).unwrap_or(page.keys.len());
        let before = page.keys.get(..own).unwrap_or_default();
        cursor.nearest_seam(before).map_or(0, |(index, _)| index.saturating_add(1))
    }

    /// Whether `page` leaves no doubt about what was read before the cursor. In the first page of this walk the place
    /// to go on must be certain; and no page may have a seam after that place, as its record would be delivered and
    /// counted twice.
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

    /// How many records with different ids this walk has delivered.
    pub fn delivered_count(&self) -> u64 {
        u64::try_from(self.delivered.len()).unwrap_or(u64::MAX)
    }

    fn ids(&self) -> &KeySet {
        self.in_pass.as_ref().unwrap_or(&self.delivered)
    }

    /// Whether this pass has read this record.
    pub(super) fn knows(&self, key: &RecordKey) -> bool {
        matches!(key, RecordKey::Id(id) if self.ids().contains(*id))
    }

    /// Whether this record has an id, and this pass has not read it.
    pub(super) fn is_unread(&self, key: &RecordKey) -> bool {
        matches!(key, RecordKey::Id(id) if !self.ids().contains(*id))
    }

    /// Takes the ids of `page` in as delivered. Returns the indices of its records that are to be delivered, and whether
    /// any other was delivered before; `end` is the position after the last record read.
    ///
    /// A record with an id is new unless another page had that id. An id that is twice on the same page is twice in the
    /// list, as a page is the list at one moment. A record without an id is new if its position is `end` or later,
    /// corrected by the distance that the list has moved.
    pub fn take_in<R>(&mut self, page: &FetchedPage<R>, end: u64) -> (Vec<usize>, bool) {
        let is_nameless = page.keys.iter().any(|key| matches!(key, RecordKey::Content(_)));
        self.has_nameless |= is_nameless;
        let shift = if is_nameless { self.shift(page) } else { 0 };
        let after_seams = self.after_seams(page);
        let (mut new, mut was_known) = (Vec::with_capacity(page.keys.len()), false);
        // The ids that this page has brought; and as a set, as far as one of them has come again.
        let (mut own, mut own_set) = (Vec::with_capacity(page.keys.len()), KeySet::default());
        for (index, (key, position)) in page.keys.iter().zip(page.start..).enumerate() {
            let is_new = match key {
                RecordKey::Id(id) => {
                    // One search for each record: only an id that is there may be of this page.
                    let is_new = if self.delivered.add(*id) {
                        own.push(*id);
                        if index < after_seams {
                            self.passed_over.push(*id);
                        }
                        true
                    } else {
                        let looked_at = own_set.len();
                        own_set.extend(own.iter().skip(looked_at).copied());
                        own_set.contains(*id)
                    };
                    was_known |= !is_new;
                    is_new
                }
                RecordKey::Content(_) => i128::from(position) - shift >= i128::from(end),
            };
            if is_new && index >= after_seams {
                new.push(index);
            }
        }
        (new, was_known)
    }

    /// Whether `page` is the same as the last page, although it begins at another position: the list may have moved by
    /// exactly that distance, or the server ignores the offset.
    pub fn repeats<R>(&self, page: &FetchedPage<R>) -> bool {
        // Records without ids may all be alike. Only if they differ does it mean anything that they repeat.
        let differ = page.keys.iter().any(|key| Some(key) != page.keys.first());
        let telling = page.has_ids() || differ || page.len() < page.asked;
        telling && !page.keys.is_empty() && page.start != self.last_start && page.keys == self.last
    }

    /// Adds the first `length` records of `page`, which was taken in, to what was read; those at the indices `delivered`
    /// are delivered. Returns whether any of them is new to this pass.
    pub fn add_page<R>(&mut self, page: &FetchedPage<R>, length: usize, delivered: &[usize]) -> bool {
        let brings_news = if let Some(in_pass) = &mut self.in_pass {
            let known = in_pass.len();
            for key in page.keys.iter().take(length) {
                if let RecordKey::Id(id) = key
                    && in_pass.add(*id)
                {
                    self.order.extend(key.short());
                }
            }
            in_pass.len() > known
        } else {
            self.order.extend(delivered.iter().filter_map(|&index| page.keys.get(index)?.short()));
            !delivered.is_empty()
        };
        self.last.clone_from(&page.keys);
        self.last_start = page.start;
        if brings_news {
            self.edge.clone_from(&page.keys);
        }
        brings_news
    }

    /// How far the list has moved down since the last page, according to the first record that both hold.
    fn shift<R>(&self, page: &FetchedPage<R>) -> i128 {
        let found = page.keys.iter().zip(page.start..).find_map(|(key, now)| {
            let RecordKey::Id(_) = key else { return None };
            let (_, then) = self.last.iter().zip(self.last_start..).find(|(known, _)| *known == key)?;
            Some(i128::from(now) - i128::from(then))
        });
        found.unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::links::Links;
    use super::super::next_link::NextLink;
    use super::super::page::AnswerTime;
    use super::*;
    use crate::testing::test;

    fn page(start: u64, keys: Vec<RecordKey>) -> FetchedPage<()> {
        let wanted = u64::try_from(keys.len()).unwrap();
        FetchedPage {
            start,
            wanted,
            asked: wanted,
            answer_time: AnswerTime { sent: 0, date: None },
            keys,
            records: (),
            total: None,
            links: Links::default(),
            next: NextLink::NoField,
            largest: 0,
        }
    }

    fn keys(ids: impl IntoIterator<Item = usize>) -> Vec<RecordKey> {
        ids.into_iter().map(|id| RecordKey::of_id(format!("{id:024x}"))).collect()
    }

    /// With a search through the page for each known record it would take minutes.
    #[test]
    fn of_the_longest_page_the_unknown_half_is_new() {
        const RECORDS: usize = 100_000;
        let mut history = History::default();
        let (first, was_known) = history.take_in(&page(0, keys((0..RECORDS).step_by(2))), 0);
        assert_eq!((first.len(), was_known), (RECORDS / 2, false));
        let (new, was_known) = history.take_in(&page(0, keys(0..RECORDS)), 0);
        assert_eq!((new, was_known), ((1..RECORDS).step_by(2).collect::<Vec<_>>(), true));
    }

    #[test]
    fn an_id_that_is_twice_on_a_page_is_new_twice_and_no_more_on_the_next() {
        let mut history = History::default();
        assert_eq!(history.take_in(&page(0, keys([1, 2, 1, 3, 2])), 0), (vec![0, 1, 2, 3, 4], false));
        assert_eq!(history.take_in(&page(5, keys([3, 4, 1, 4])), 5), (vec![1, 3], true));
    }
}
