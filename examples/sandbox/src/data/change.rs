//! Changes lists, during a walk or on demand: records arrive at the front or late, are removed, or are updated.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::catalogue::DataType;
use crate::data::{Dataset, schedule};
use crate::draw::{Draw, purpose};

/// The body of `POST /_sandbox/mutate`, without the type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// Records newer than all others.
    pub insert_front: usize,
    /// Records that arrive late, anywhere between the newest and the oldest.
    pub insert_anywhere: usize,
    pub remove: usize,
    /// Records whose `updatedAt` becomes now.
    pub touch: usize,
}

/// The result of a change, as ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub inserted: Vec<String>,
    pub removed: Vec<String>,
    pub touched: Vec<String>,
    /// Records in the list afterwards.
    pub total: usize,
}

impl Dataset {
    /// Changes a list. The records are drawn from the seed and the number of changes so far. If there are fewer than
    /// are to be removed or touched, all are.
    pub fn change(&mut self, data_type: DataType, change: Change) -> Changed {
        let mut changed = Changed::default();
        let mut draw = self.next_change();
        let mut days = BTreeSet::new();
        for _ in 0..change.insert_front {
            let now = self.clock.tick();
            let newest = self.list(data_type).first().map_or(now, |row| row.at);
            let at = newest + draw.between(1, 60);
            changed.inserted.push(self.insert(data_type, at, draw.bits(), &mut days));
        }
        for _ in 0..change.insert_anywhere {
            let now = self.clock.tick();
            let rows = self.list(data_type);
            let (newest, oldest) =
                (rows.first().map_or(now, |row| row.at), rows.last().map_or(now, |row| row.at));
            let at = draw.between(oldest, newest);
            changed.inserted.push(self.insert(data_type, at, draw.bits(), &mut days));
        }
        for _ in 0..change.remove.min(self.list(data_type).len()) {
            self.clock.tick();
            let rows = self.list(data_type);
            let index = draw.between(0, rows.len() as i64 - 1) as usize;
            let row = rows.remove(index);
            days.insert(row.local_day());
            changed.removed.push(row.id());
        }
        for index in draw.distinct(change.touch, self.list(data_type).len()) {
            let updated = self.clock.tick() * 1000;
            let row = &mut self.list(data_type)[index];
            row.updated = updated;
            changed.touched.push(row.id());
        }
        self.sum_again(data_type, &days, self.now() * 1000);
        changed.total = self.list(data_type).len();
        changed
    }

    /// Changes a list a little, as other devices would during a read: `rate` changes on average. The last record is
    /// never removed.
    pub fn churn(&mut self, data_type: DataType, rate: f64) {
        let mut draw = self.next_change();
        let whole = rate.floor();
        let times = whole as usize + usize::from(draw.chance(rate - whole));
        for _ in 0..times {
            let change = match draw.between(0, 9) {
                0..=3 => Change { insert_front: 1, ..Change::default() },
                4..=5 => Change { insert_anywhere: 1, ..Change::default() },
                6..=7 if self.list(data_type).len() > 1 => Change { remove: 1, ..Change::default() },
                _ => Change { touch: 1, ..Change::default() },
            };
            self.change(data_type, change);
        }
    }

    fn insert(&mut self, data_type: DataType, at: i64, key: u64, days: &mut BTreeSet<Day>) -> String {
        let now = self.now();
        let mut row = schedule::row(data_type, key, at, now);
        row.created = now * 1000;
        row.updated = row.created;
        let rows = self.list(data_type);
        // Before records of the same time.
        let index = rows.partition_point(|other| other.at > at);
        rows.insert(index, row);
        days.insert(row.local_day());
        row.id()
    }

    pub(super) fn next_change(&mut self) -> Draw {
        self.changes += 1;
        Draw::new(self.seed, &[purpose("change"), self.changes])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Reading;

    const WEIGHT: DataType = DataType::Reading(Reading::Weight);

    fn ids(dataset: &mut Dataset) -> Vec<String> {
        dataset.rows(WEIGHT).iter().map(super::super::row::Row::id).collect()
    }

    fn dataset() -> Dataset {
        Dataset::new(3, 1_751_284_800)
    }

    #[test]
    fn a_record_inserted_in_front_is_the_first() {
        let mut dataset = dataset();
        let before = ids(&mut dataset);
        let changed = dataset.change(WEIGHT, Change { insert_front: 2, ..Change::default() });
        let after = ids(&mut dataset);
        assert_eq!(after[0], changed.inserted[1]);
        assert_eq!(after[1], changed.inserted[0]);
        assert_eq!(after[2..], before);
    }

    #[test]
    fn late_records_land_in_order_of_their_time() {
        let mut dataset = dataset();
        let before = ids(&mut dataset);
        let changed = dataset.change(WEIGHT, Change { insert_anywhere: 40, ..Change::default() });
        assert!(dataset.rows(WEIGHT).windows(2).all(|pair| pair[0].at >= pair[1].at));
        let after = ids(&mut dataset);
        assert_eq!(
            after.iter().filter(|id| !changed.inserted.contains(id)).cloned().collect::<Vec<_>>(),
            before
        );
        assert_eq!(changed.total, before.len() + 40);
    }

    #[test]
    fn a_touched_record_keeps_its_id_and_place_and_is_updated_last() {
        let mut dataset = dataset();
        let before = ids(&mut dataset);
        let changed = dataset.change(WEIGHT, Change { touch: 3, ..Change::default() });
        assert_eq!(ids(&mut dataset), before);
        let start = 1_751_284_800_000;
        let touched: Vec<_> = dataset
            .rows(WEIGHT)
            .iter()
            .filter(|row| row.updated > start)
            .map(super::super::row::Row::id)
            .collect();
        assert_eq!(touched.len(), 3);
        assert!(changed.touched.iter().all(|id| touched.contains(id)));
    }

    #[test]
    fn removing_more_than_there_are_leaves_none() {
        let mut dataset = dataset();
        let before = ids(&mut dataset).len();
        let changed = dataset.change(WEIGHT, Change { remove: usize::MAX, ..Change::default() });
        assert_eq!((changed.removed.len(), changed.total), (before, 0));
    }

    #[test]
    fn churn_replays_from_its_seed_and_never_empties_a_list() {
        let walk = || {
            let mut dataset = dataset();
            (0..300).for_each(|_| dataset.churn(WEIGHT, 1.5));
            ids(&mut dataset)
        };
        assert_eq!(walk(), walk());
        assert_ne!(walk(), ids(&mut dataset()));
        let mut small = dataset();
        small.change(WEIGHT, Change { remove: usize::MAX, ..Change::default() });
        (0..300).for_each(|_| small.churn(WEIGHT, 3.0));
        assert!(!small.rows(WEIGHT).is_empty());
    }
}
