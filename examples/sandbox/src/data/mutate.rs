//! Changes one person's lists as an app's lists are changed: the same plan, and a clock that does not move.

use std::collections::BTreeSet;

use super::Dataset;
use super::records::{TRAITS, trait_index};
use super::row::Row;
use super::schedule;
use crate::app_data::change::{Arrival, Change, Changed, LONG_AGO, others, planned};
use crate::calendar::Day;
use crate::catalogue::DataType;
use crate::draw::Draw;

impl Dataset {
    /// Changes a list at the time of the clock. The records are drawn from the seed and the number of changes so far,
    /// each at most once. If there are fewer than requested, all are changed.
    pub fn mutate(&mut self, data_type: DataType, change: Change) -> Changed {
        let now = self.now();
        let end = now * 1000 + 999;
        let mut draw = self.next_change();
        let (arrivals, updates) = planned(change, now, &mut draw);
        let mut new = self.arriving(data_type, &arrivals, &mut draw);

        let rows = self.list(data_type);
        // An update never makes a record older, and is never later than this second.
        let reached: Vec<usize> = (0..rows.len()).filter(|index| rows[*index].updated < end).collect();
        let renewed: Vec<usize> =
            draw.distinct(updates.len(), reached.len()).into_iter().map(|index| reached[index]).collect();
        for (index, updated) in renewed.iter().zip(&updates) {
            let row = &mut rows[*index];
            row.updated = if *updated > row.updated { *updated } else { end };
            row.revision = row.revision.wrapping_add(1);
        }
        let removed: BTreeSet<usize> =
            others(&mut draw, change.remove, &renewed, rows.len()).into_iter().collect();
        let mut days: BTreeSet<Day> = removed.iter().map(|index| rows[*index].local_day()).collect();
        let mut index = 0;
        rows.retain(|_| {
            index += 1;
            !removed.contains(&(index - 1))
        });

        days.extend(new.iter().map(Row::local_day));
        let changed = Changed { inserted: new.len(), updated: renewed.len(), removed: removed.len() };
        // Before records of the same time: the sort keeps their order.
        let rows = self.list(data_type);
        new.append(rows);
        new.sort_by_key(|row| std::cmp::Reverse(row.at));
        *rows = new;
        self.sum_again(data_type, &days, draw.between(now * 1000, end));
        changed
    }

    /// Updates the summaries of the days on which records were added or removed, because they sum these up: at
    /// `updated`, in Unix milliseconds, or if that is not later than the last update, just after this.
    pub(super) fn sum_again(&mut self, data_type: DataType, days: &BTreeSet<Day>, updated: i64) {
        let Some(summary) = data_type.summed_in() else { return };
        for row in self.list(summary).iter_mut().filter(|row| days.contains(&row.local_day())) {
            row.updated = updated.max(row.updated + 1);
        }
    }

    /// The new rows. Of each trait there is only one, so that new ones may run out.
    fn arriving(&mut self, data_type: DataType, arrivals: &[Arrival], draw: &mut Draw) -> Vec<Row> {
        let (now, began) = (self.now(), self.began);
        let mut free_traits = self.free_traits(data_type);
        let mut free_days = FreeDays::of(self.list(data_type), Day::of(now, 0));
        let mut new = Vec::with_capacity(arrivals.len());
        for Arrival { updated, age } in arrivals {
            // A record that is updated in the future has been created by now.
            let created = (*updated).min(now * 1000 + 999);
            let mut key = draw.bits();
            let mut at = created / 1000 - schedule::lasts_at_most(data_type) - draw.between(age.0, age.1);
            if data_type.is_summary() {
                at = free_days.next(*age == LONG_AGO).start();
            }
            if data_type == DataType::GeneticTrait {
                if free_traits.is_empty() {
                    break;
                }
                let index = free_traits.swap_remove(draw.between(0, free_traits.len() as i64 - 1) as usize);
                // A trait that was added has the index that its key says.
                key = key / 32 * TRAITS.len() as u64 + index as u64;
            }
            let mut row = schedule::row(data_type, key, at, began);
            (row.created, row.updated) = (created, *updated);
            new.push(row);
        }
        new
    }

    /// The traits that the person does not have; none for other lists.
    fn free_traits(&mut self, data_type: DataType) -> Vec<usize> {
        if data_type != DataType::GeneticTrait {
            return Vec::new();
        }
        let rows = self.list(data_type).clone();
        let taken: BTreeSet<usize> = rows.iter().map(|row| trait_index(self, row)).collect();
        (0..TRAITS.len()).filter(|index| !taken.contains(index)).collect()
    }
}

/// The days without a summary, because a day has only one.
struct FreeDays {
    today: Day,
    newest: Day,
    oldest: Day,
}

impl FreeDays {
    /// `rows` are those of the summaries, newest first.
    fn of(rows: &[Row], today: Day) -> Self {
        let day = |row: Option<&Row>| row.map_or(Day(today.0 - 1), Row::local_day);
        Self { today, newest: day(rows.first()), oldest: day(rows.last()) }
    }

    /// The day after the newest until today, and before the oldest beyond that, or for a late one.
    fn next(&mut self, late: bool) -> Day {
        if !late && self.newest < self.today {
            self.newest = Day(self.newest.0 + 1);
            return self.newest;
        }
        self.oldest = Day(self.oldest.0 - 1);
        self.oldest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::rfc3339;
    use serde_json::Value;
    use std::collections::BTreeMap;

    const NOW: i64 = 1_751_284_800;

    fn records(dataset: &mut Dataset, data_type: DataType) -> Vec<(Row, Value)> {
        let rows = dataset.rows(data_type).to_vec();
        let records = dataset.records(data_type, &rows, false);
        rows.into_iter().zip(records).collect()
    }

    fn by_key(dataset: &mut Dataset, data_type: DataType) -> BTreeMap<u64, (Row, Value)> {
        records(dataset, data_type).into_iter().map(|(row, record)| (row.key, (row, record))).collect()
    }

    #[test]
    fn every_list_changes_as_it_is_told_to() {
        for data_type in DataType::all() {
            let mut dataset = Dataset::new(3, NOW);
            let before = by_key(&mut dataset, data_type);
            let remove = Change { remove: 2, ..Change::default() };
            let total = before.len();
            assert_eq!(dataset.mutate(data_type, remove).removed, 2, "{data_type:?}");
            let change = Change { insert: 2, update: 1_000_000, ..Change::default() };
            let changed = dataset.mutate(data_type, change);
            assert_eq!(changed, Changed { inserted: 2, updated: total - 2, removed: 0 }, "{data_type:?}");
            let after = by_key(&mut dataset, data_type);
            assert_eq!(after.len(), total, "{data_type:?}");
            let new = after.keys().filter(|key| !before.contains_key(key)).count();
            assert_eq!(new, 2, "{data_type:?}");
            for (key, (row, record)) in &after {
                assert!((NOW * 1000..=NOW * 1000 + 999).contains(&row.updated), "{data_type:?}");
                let Some((old, earlier)) = before.get(key) else { continue };
                assert_eq!((row.id(), row.at, row.created), (old.id(), old.at, old.created));
                assert!(row.updated > old.updated);
                let mut same = record.clone();
                if data_type != DataType::GeneticTrait {
                    assert_eq!(record["updatedAt"], rfc3339(row.updated));
                    same["updatedAt"] = earlier["updatedAt"].clone();
                }
                assert_ne!(same, *earlier, "{data_type:?}: the content changed");
            }
            let rows = dataset.rows(data_type);
            assert!(rows.is_sorted_by(|one, next| one.at >= next.at), "{data_type:?}");
            assert_eq!(dataset.now(), NOW);
        }
    }

    #[test]
    fn each_kind_arrives_when_it_says() {
        let none = Change::default();
        for (change, span) in [
            (Change { insert: 4, ..none }, 0..=999),
            (Change { late: 4, ..none }, 0..=999),
            (Change { visible_late: 4, ..none }, -240_000..=-1),
            (Change { future: 4, ..none }, 1..=3_600_000),
        ] {
            let mut dataset = Dataset::new(3, NOW);
            let before = by_key(&mut dataset, DataType::Meal);
            assert_eq!(dataset.mutate(DataType::Meal, change).inserted, 4);
            let after = by_key(&mut dataset, DataType::Meal);
            let new: Vec<Row> = after
                .into_iter()
                .filter(|(key, _)| !before.contains_key(key))
                .map(|(_, (row, _))| row)
                .collect();
            assert_eq!(new.len(), 4);
            for row in new {
                assert!(span.contains(&(row.updated - NOW * 1000)), "{change:?}: {row:?}");
                assert!(row.created <= row.updated && row.at * 1000 < row.created, "{change:?}: {row:?}");
                assert_eq!(row.at < NOW - 29 * 86_400, change.late > 0, "{change:?}: {row:?}");
            }
        }
    }

    #[test]
    fn a_day_has_one_summary_and_a_person_each_trait_once() {
        let mut dataset = Dataset::new(3, NOW);
        dataset.mutate(DataType::SleepSummary, Change { insert: 5, late: 3, ..Change::default() });
        let days: Vec<Day> = dataset.rows(DataType::SleepSummary).iter().map(Row::local_day).collect();
        assert!(days.is_sorted_by(|one, next| one > next), "each day once");
        assert_eq!((days[0], days.len()), (Day::of(NOW, 0), 1826 + 8));

        assert_eq!(
            dataset.mutate(DataType::GeneticTrait, Change { insert: 3, ..Change::default() }).inserted,
            0
        );
        dataset.mutate(DataType::GeneticTrait, Change { remove: 5, ..Change::default() });
        assert_eq!(
            dataset.mutate(DataType::GeneticTrait, Change { insert: 9, ..Change::default() }).inserted,
            5
        );
        let names: BTreeSet<String> = records(&mut dataset, DataType::GeneticTrait)
            .iter()
            .map(|(_, record)| record["trait"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(names.len(), 24);
    }

    #[test]
    fn a_summary_that_says_something_else_has_another_update() {
        let mut dataset = Dataset::new(3, NOW);
        let before = by_key(&mut dataset, DataType::ActivitySummary);
        // The clock stands: more changes of a day than there are milliseconds at its second's end.
        for _ in 0..10 {
            let earlier = by_key(&mut dataset, DataType::ActivitySummary);
            dataset.mutate(DataType::Activity, Change { remove: 60, late: 60, ..Change::default() });
            for (key, (row, record)) in by_key(&mut dataset, DataType::ActivitySummary) {
                let (old, said) = &earlier[&key];
                assert_eq!(row.updated > old.updated, record["updatedAt"] != said["updatedAt"]);
                assert!(row.updated > old.updated || record == *said, "{record}");
            }
        }
        let after = by_key(&mut dataset, DataType::ActivitySummary);
        let changed = after.iter().filter(|(key, (row, _))| row.updated != before[*key].0.updated).count();
        assert!((500..1826).contains(&changed), "{changed}");
        assert!(after.values().all(|(row, _)| row.updated < NOW * 1000 + 2000));
    }
}
