use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::calendar::rfc3339;

const NOW: i64 = 1_751_284_800;

fn data() -> AppData {
    AppData::new(7, NOW, Size { users: 50, days: 100, records: 20_000 })
}

fn text(batch_type: BatchType, entry: &Entry) -> String {
    let mut text = String::new();
    records::write(&mut text, batch_type, entry, &human_id(7, entry.user), false);
    text
}

#[test]
fn there_is_about_as_much_as_was_asked_for_and_all_of_it_is_in_order() {
    let mut data = data();
    let mut ids = BTreeSet::new();
    let mut total = 0;
    for batch_type in BatchType::ALL {
        let count = data.count(batch_type);
        let entries = data.entries(batch_type);
        assert_eq!(entries.len(), count, "{}: counted before it was made", batch_type.name());
        assert!(entries.is_sorted_by_key(Entry::place), "{}", batch_type.name());
        assert!(entries.iter().all(|entry| entry.created <= entry.updated && entry.updated <= NOW * 1000));
        assert!(entries.iter().all(|entry| entry.updated >= (NOW - 100 * 86_400) * 1000));
        assert!(entries.iter().all(|entry| entry.at * 1000 <= entry.created && entry.user < 50));
        if batch_type != BatchType::GeneticTraits {
            ids.extend(entries.iter().map(Entry::id));
        }
        total += entries.len();
    }
    assert!((19_900..=20_000).contains(&total), "{total}");
    assert_eq!(ids.len(), total - data.count(BatchType::GeneticTraits), "ids are unique over all types");
}

#[test]
fn updates_come_in_clumps_and_some_of_them_late() {
    let mut data = AppData::new(7, NOW, Size { users: 50, days: 100, records: 200_000 });
    let entries = data.entries(BatchType::HeartRates);
    let share = |count: usize| count as f64 / entries.len() as f64;
    let late = share(entries.iter().filter(|entry| entry.updated > entry.created).count());
    assert!((0.11..0.13).contains(&late), "{late}");
    let whole = share(entries.iter().filter(|entry| entry.updated % 1000 == 0).count());
    assert!((0.05..0.2).contains(&whole), "{whole} at the very start of a second");
    let second = |entry: &Entry| entry.updated / 1000;
    let shared = share(entries.windows(2).filter(|pair| second(&pair[0]) == second(&pair[1])).count());
    assert!(shared > 0.1, "{shared} share a second with the one before");
    // Each tenth of the time has its share.
    for tenth in 0..10 {
        let start = NOW - (100 - tenth * 10) * 86_400;
        let inside = |entry: &&Entry| (start..start + 864_000).contains(&second(entry));
        assert!(share(entries.iter().filter(inside).count()) > 0.08, "{tenth}");
    }
}

#[test]
fn the_same_seed_makes_the_same_and_another_does_not() {
    let made = |seed| AppData::new(seed, NOW, Size::default()).entries(BatchType::Weights).to_vec();
    assert_eq!(made(1), made(1));
    assert_ne!(made(1)[0], made(2)[0]);
}

#[test]
fn windows_hold_what_was_updated_in_them() {
    let mut data = data();
    let (since, before) = ((NOW - 20 * 86_400) * 1000, (NOW - 10 * 86_400) * 1000);
    let window = data.window(BatchType::HeartRates, since, before);
    let entries = data.entries(BatchType::HeartRates);
    let expected = entries.iter().filter(|entry| (since..before).contains(&entry.updated)).count();
    assert!(expected > 100);
    assert_eq!(window.len(), expected);
    assert!(entries[window].iter().all(|entry| (since..before).contains(&entry.updated)));
    assert!(data.window(BatchType::HeartRates, before, since).is_empty());
}

#[test]
fn a_user_who_is_deleted_takes_their_records_along_whether_lists_were_made_or_not() {
    let mut data = data();
    let human_id = human_id(7, 3);
    assert!(data.entries(BatchType::Sleeps).iter().any(|entry| entry.user == 3));
    let version = data.version(BatchType::Sleeps);
    assert!(data.delete(&human_id));
    assert!(!data.delete(&human_id));
    assert_ne!(data.version(BatchType::Sleeps), version);
    for batch_type in BatchType::ALL {
        let count = data.count(batch_type);
        assert!(data.entries(batch_type).iter().all(|entry| entry.user != 3), "{}", batch_type.name());
        assert_eq!(data.entries(batch_type).len(), count, "{}", batch_type.name());
    }
    assert_eq!(data.users().len(), 49);
}

#[test]
fn every_record_is_json_with_its_id_its_person_and_its_update() {
    let mut data = data();
    for batch_type in BatchType::ALL {
        for entry in data.entries(batch_type).iter().take(50) {
            let text = text(batch_type, entry);
            let record: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(record["humanId"], human_id(7, entry.user));
            if batch_type != BatchType::GeneticTraits {
                assert_eq!(record["id"], entry.id());
                assert_eq!(record["updatedAt"], rfc3339(entry.updated));
            }
            assert_eq!(text, serde_json::to_string(&record).unwrap(), "written as a printer would");
        }
    }
}

#[test]
fn what_a_record_says_changes_with_its_update() {
    let mut data = data();
    let said = |batch_type, entry: &Entry| {
        let mut record: Value = serde_json::from_str(&text(batch_type, entry)).unwrap();
        record["updatedAt"].take();
        record
    };
    for batch_type in BatchType::ALL {
        for entry in data.entries(batch_type).iter().take(50) {
            let later = Entry { updated: entry.updated + 1, ..*entry };
            assert_eq!(said(batch_type, entry), said(batch_type, entry));
            assert_ne!(said(batch_type, entry), said(batch_type, &later), "{}", batch_type.name());
        }
    }
}
