//! Changes an app's data on demand. The plan of a change is also that of one person's lists.

use std::collections::{BTreeSet, HashSet};
use std::num::NonZeroU32;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::AppData;
use super::batch_type::BatchType;
use super::entry::Entry;
use super::traits;
use crate::draw::Draw;

/// The body of `POST /_sandbox/app/mutate` and of `POST /_sandbox/person/mutate`, without the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// Records that are recorded and updated now.
    pub insert: usize,
    /// Records that were recorded long ago and arrive now.
    pub late: usize,
    /// Records that were updated up to `lateSeconds` ago and become visible now.
    pub visible_late: usize,
    pub late_seconds: NonZeroU32,
    /// Records that are updated now.
    pub update: usize,
    /// Records whose `updatedAt` lies up to `futureSeconds` ahead of the clock.
    pub future: usize,
    pub future_seconds: NonZeroU32,
    /// Records that arrive or are updated within the current second, half of them each.
    pub same_second: usize,
    pub remove: usize,
}

impl Default for Change {
    fn default() -> Self {
        let seconds = |seconds| NonZeroU32::new(seconds).unwrap_or(NonZeroU32::MIN);
        Self {
            insert: 0,
            late: 0,
            visible_late: 0,
            late_seconds: seconds(240),
            update: 0,
            future: 0,
            future_seconds: seconds(3600),
            same_second: 0,
            remove: 0,
        }
    }
}

impl Change {
    /// The number of records that are changed.
    #[must_use]
    pub fn size(&self) -> usize {
        [self.insert, self.late, self.visible_late, self.update, self.future, self.same_second, self.remove]
            .into_iter()
            .fold(0, usize::saturating_add)
    }
}

/// The result of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub inserted: usize,
    pub updated: usize,
    pub removed: usize,
}

/// The range of seconds between the recording of a new record and its update.
pub const RECENTLY: (i64, i64) = (1, 60);
pub const LONG_AGO: (i64, i64) = (30 * 86_400, 300 * 86_400);

/// When a new record is updated, in Unix milliseconds, and its age at that time.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    pub updated: i64,
    pub age: (i64, i64),
}

/// The subjects of new records: anything, or for traits, those that a person does not have yet.
#[derive(Debug)]
pub enum Free {
    Any,
    Traits(Vec<u64>),
}

impl Free {
    pub fn of(data: &mut AppData, batch_type: BatchType) -> Self {
        if batch_type != BatchType::GeneticTraits {
            return Self::Any;
        }
        let taken: HashSet<u64> = data.entries(batch_type).iter().map(|entry| entry.key).collect();
        let keys =
            data.users().iter().flat_map(|user| (0..traits::COUNT).map(|index| traits::key(*user, index)));
        Self::Traits(keys.filter(|key| !taken.contains(key)).collect())
    }
}

impl AppData {
    /// Changes a type at `now`, in Unix seconds. The records are drawn from the seed and the number of changes so far,
    /// each at most once. If there are fewer than requested, all are changed.
    pub fn change(&mut self, batch_type: BatchType, change: Change, now: i64) -> Changed {
        let mut draw = self.next_change();
        let second = now * 1000..=now * 1000 + 999;
        let (arrivals, updates) = planned(change, now, &mut draw);
        let mut free = Free::of(self, batch_type);
        let new: Vec<Entry> = arrivals
            .into_iter()
            .filter_map(|arrival| self.arriving(&mut draw, arrival, now, &mut free))
            .collect();
        let mut changed = Changed { inserted: new.len(), ..Changed::default() };

        let list = self.list(batch_type);
        let entries = &mut list.entries;
        // An update never makes a record older, and is never later than this second.
        let reached = entries.partition_point(|entry| entry.updated < *second.end());
        let renewed = draw.distinct(updates.len(), reached);
        changed.updated = renewed.len();
        let removed = others(&mut draw, change.remove, &renewed, entries.len());
        changed.removed = removed.len();
        let mut places: Vec<usize> = renewed.iter().copied().chain(removed).collect();
        places.sort_unstable();

        let renewed = renewed.into_iter().zip(updates).map(|(index, updated)| {
            let entry = entries[index];
            Entry { updated: if updated > entry.updated { updated } else { *second.end() }, ..entry }
        });
        let coming: Vec<Entry> = renewed.chain(new).collect();
        let mut users: BTreeSet<u32> = places.iter().map(|index| entries[*index].user).collect();
        users.extend(coming.iter().map(|entry| entry.user));
        let mut places = places.into_iter().peekable();
        let mut index = 0;
        entries.retain(|_| {
            index += 1;
            places.next_if_eq(&(index - 1)).is_none()
        });
        entries.extend(coming);
        // Most entries are already in order, which this sort exploits.
        entries.sort_by_key(Entry::place);
        list.version += 1;
        self.changed_users.append(&mut users);
        changed
    }

    /// A new record; `None` if there are no users, or every user has all traits.
    pub(super) fn arriving(
        &self,
        draw: &mut Draw,
        arrival: Arrival,
        now: i64,
        free: &mut Free,
    ) -> Option<Entry> {
        let (key, user) = match free {
            Free::Any if self.users().is_empty() => return None,
            Free::Any => (draw.bits(), draw.pick(self.users())),
            Free::Traits(keys) if keys.is_empty() => return None,
            Free::Traits(keys) => {
                let key = keys.swap_remove(draw.between(0, keys.len() as i64 - 1) as usize);
                (key, traits::owner(key))
            }
        };
        let Arrival { updated, age } = arrival;
        // A record that is updated in the future has been created by now.
        let created = updated.min(now * 1000 + 999);
        Some(Entry { updated, key, at: created / 1000 - draw.between(age.0, age.1), created, user })
    }
}

/// Draws `count` places below `total`, or as many as there are, without those in `taken`.
pub fn others(draw: &mut Draw, count: usize, taken: &[usize], total: usize) -> Vec<usize> {
    if count == 0 {
        return Vec::new();
    }
    let drawn = draw.distinct(count.saturating_add(taken.len()), total);
    let taken: HashSet<&usize> = taken.iter().collect();
    drawn.into_iter().filter(|place| !taken.contains(place)).take(count).collect()
}

/// Plans the new records, and the times of updates.
pub fn planned(change: Change, now: i64, draw: &mut Draw) -> (Vec<Arrival>, Vec<i64>) {
    let start = now * 1000;
    let late = start - i64::from(change.late_seconds.get()) * 1000;
    let future = start + i64::from(change.future_seconds.get()) * 1000;
    let mut arrivals = Vec::new();
    let mut arrive = |count: usize, span: RangeInclusive<i64>, age, draw: &mut Draw| {
        arrivals
            .extend((0..count).map(|_| Arrival { updated: draw.between(*span.start(), *span.end()), age }));
    };
    arrive(change.insert, start..=start + 999, RECENTLY, draw);
    arrive(change.late, start..=start + 999, LONG_AGO, draw);
    arrive(change.visible_late, late..=start - 1, RECENTLY, draw);
    arrive(change.future, start + 1000..=future, RECENTLY, draw);
    let mut updates: Vec<i64> = (0..change.update).map(|_| draw.between(start, start + 999)).collect();
    for index in 0..change.same_second {
        // The first and the last millisecond of the second are included because mistakes are likely there.
        let updated = start + [0, 999, draw.between(1, 998)][index % 3];
        match index % 2 {
            0 => arrivals.push(Arrival { updated, age: RECENTLY }),
            _ => updates.push(updated),
        }
    }
    (arrivals, updates)
}

#[cfg(test)]
mod tests;
