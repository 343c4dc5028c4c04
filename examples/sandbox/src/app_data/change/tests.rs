use std::collections::BTreeMap;

use super::super::Size;
use super::*;

const NOW: i64 = 1_751_284_800;
const WEIGHTS: BatchType = BatchType::Weights;

fn data() -> AppData {
    AppData::new(3, NOW, Size { users: 20, days: 60, records: 4000 })
}

fn by_key(data: &mut AppData) -> BTreeMap<u64, Entry> {
    data.entries(WEIGHTS).iter().map(|entry| (entry.key, *entry)).collect()
}

/// Changes weights, and returns the reported result and the entries that are new or different.
fn changed(data: &mut AppData, change: Change, now: i64) -> (Changed, Vec<Entry>) {
    let before = by_key(data);
    let did = data.change(WEIGHTS, change, now);
    let after = by_key(data);
    assert!(data.entries(WEIGHTS).is_sorted_by_key(Entry::place));
    assert_eq!(after.len() + did.removed, before.len() + did.inserted);
    let other: Vec<Entry> =
        after.values().filter(|entry| before.get(&entry.key) != Some(entry)).copied().collect();
    for entry in &other {
        assert!(before.get(&entry.key).is_none_or(|older| older.updated < entry.updated), "never older");
    }
    (did, other)
}

fn all(inserted: usize, updated: usize, removed: usize) -> Changed {
    Changed { inserted, updated, removed }
}

#[test]
fn each_kind_of_change_lands_where_it_says() {
    let ten = NonZeroU32::new(10).unwrap();
    let none = Change::default();
    for (change, span, expected) in [
        (Change { insert: 9, ..none }, 0..=999, all(9, 0, 0)),
        (Change { late: 9, ..none }, 0..=999, all(9, 0, 0)),
        (Change { visible_late: 9, late_seconds: ten, ..none }, -10_000..=-1, all(9, 0, 0)),
        (Change { update: 9, ..none }, 0..=999, all(0, 9, 0)),
        (Change { same_second: 9, ..none }, 0..=999, all(5, 4, 0)),
        (Change { future: 9, future_seconds: ten, ..none }, 1..=10_000, all(9, 0, 0)),
        (Change { remove: 9, ..none }, 0..=0, all(0, 0, 9)),
        (Change { remove: 9, update: 7, insert: 5, ..none }, 0..=999, all(5, 7, 9)),
    ] {
        let (did, other) = changed(&mut data(), change, NOW);
        assert_eq!(did, expected, "{change:?}");
        assert_eq!(other.len(), did.inserted + did.updated, "{change:?}");
        for entry in &other {
            assert!(span.contains(&(entry.updated - NOW * 1000)), "{change:?}: {entry:?}");
            assert!(
                entry.created <= entry.updated && entry.at * 1000 < entry.created,
                "{change:?}: {entry:?}"
            );
        }
    }
}

#[test]
fn what_is_late_was_recorded_long_ago() {
    for (change, age) in [
        (Change { insert: 5, ..Change::default() }, RECENTLY),
        (Change { late: 5, ..Change::default() }, LONG_AGO),
    ] {
        for entry in changed(&mut data(), change, NOW).1 {
            assert!((age.0..=age.1).contains(&(NOW - entry.at)), "{entry:?}");
        }
    }
}

#[test]
fn the_very_second_is_met_at_both_ends() {
    let (_, other) = changed(&mut data(), Change { same_second: 12, ..Change::default() }, NOW);
    for end in [0, 999] {
        let new = |entry: &&Entry| entry.created >= NOW * 1000;
        let (arrived, renewed): (Vec<&Entry>, Vec<&Entry>) =
            other.iter().filter(|entry| entry.updated == NOW * 1000 + end).partition(new);
        assert!(!arrived.is_empty() && !renewed.is_empty(), "{end}");
    }
}

#[test]
fn an_update_that_could_only_make_a_record_older_does_not_come_about() {
    let mut data = data();
    let total = data.count(WEIGHTS);
    // The clock was set back by thirty days. Records that were updated since then are not changed.
    let now = NOW - 30 * 86_400;
    let reached = data.window(WEIGHTS, 0, now * 1000 + 999).len();
    assert!(0 < reached && reached < total);
    let (did, other) = changed(&mut data, Change { update: total, ..Change::default() }, now);
    assert_eq!((did.updated, other.len()), (reached, reached));
    // All of these were updated in the current second. A second update moves each to the end of the second, once.
    changed(&mut data, Change { update: total, ..Change::default() }, now);
    let last = data.entries(WEIGHTS).iter().filter(|entry| entry.updated == now * 1000 + 999).count();
    assert!(last > reached / 3, "{last} of {reached}");
}

#[test]
fn there_is_no_more_to_remove_than_there_is() {
    let mut data = data();
    let total = data.count(WEIGHTS);
    assert_eq!(
        data.change(WEIGHTS, Change { remove: usize::MAX, ..Change::default() }, NOW),
        all(0, 0, total)
    );
    assert_eq!(data.change(WEIGHTS, Change { remove: 3, update: 3, ..Change::default() }, NOW), all(0, 0, 0));
}

#[test]
fn a_trait_is_given_to_nobody_twice() {
    let mut data = data();
    let before = data.count(BatchType::GeneticTraits);
    let did = data.change(BatchType::GeneticTraits, Change { insert: 10_000, ..Change::default() }, NOW);
    assert_eq!(before + did.inserted, 20 * 24);
    let mut keys: Vec<u64> = data.entries(BatchType::GeneticTraits).iter().map(|entry| entry.key).collect();
    keys.sort_unstable();
    assert_eq!(keys, (0..20 * traits::COUNT).collect::<Vec<_>>());
    assert!(
        data.entries(BatchType::GeneticTraits).iter().all(|entry| entry.user == traits::owner(entry.key))
    );
}

#[test]
fn the_same_changes_are_the_same_each_time() {
    let run = || {
        let mut data = data();
        let change = Change {
            insert: 3,
            late: 3,
            visible_late: 3,
            update: 9,
            future: 2,
            same_second: 5,
            remove: 4,
            ..Change::default()
        };
        data.change(WEIGHTS, change, NOW);
        data.change(WEIGHTS, change, NOW + 60);
        data.entries(WEIGHTS).to_vec()
    };
    assert_eq!(run(), run());
}

#[test]
fn nobody_records_anything_where_nobody_is() {
    let mut data = data();
    for user in 0..20 {
        assert!(data.delete(&super::super::human_id(3, user)));
    }
    assert_eq!(data.change(WEIGHTS, Change { insert: 4, update: 4, ..Change::default() }, NOW), all(0, 0, 0));
}
