//! What a walk must deliver, according to the list's own record of its changes.

use super::reading::Reading;
use crate::server::{MovingList, Record};
use std::collections::{HashMap, HashSet};

/// Checks that every record that was in the list throughout was delivered in order, that no id was delivered twice, and
/// that nothing was delivered that never was in the list.
///
/// # Panics
/// If that is not so.
pub fn assert_complete(list: &MovingList, reading: &Reading) {
    assert!(reading.error.is_none(), "the walk failed: {:?}", reading.error);
    let records = reading.records();
    assert_none_was_missed(list, &records);
    assert_in_order(list, reading);
    assert_no_id_twice(&records);
}

/// Checks that every record that was in the list throughout was delivered in order, and nothing that never was in it.
///
/// # Panics
/// If that is not so.
pub fn assert_constant_records_came(list: &MovingList, records: &[&Record]) {
    assert_none_was_missed(list, records);
    let constant = list.constant();
    let expected: HashSet<u64> = constant.iter().copied().collect();
    let mut seen = HashSet::new();
    let came = records.iter().map(|record| record.serial);
    let came: Vec<u64> = came.filter(|serial| expected.contains(serial) && seen.insert(*serial)).collect();
    assert_eq!(came, constant, "the records were delivered in another order than that of the list");
}

/// Checks that the records that were in the list throughout were delivered in order in each pass. A pass begins with a
/// page.
fn assert_in_order(list: &MovingList, reading: &Reading) {
    let places: HashMap<u64, usize> =
        list.constant().into_iter().enumerate().map(|(place, serial)| (serial, place)).collect();
    let (mut last, mut passes) = (0, 1);
    for page in &reading.pages {
        let came: Vec<usize> =
            page.records.0.iter().filter_map(|record| places.get(&record.serial).copied()).collect();
        assert!(came.is_sorted(), "a page out of order: {came:?}");
        if came.first().is_some_and(|&first| first < last) {
            passes += 1;
        }
        last = came.last().copied().unwrap_or(last);
    }
    assert!(passes <= 8, "the list was read {passes} times");
}

/// Checks that every record that was in the list throughout was delivered, and nothing that never was in it.
fn assert_none_was_missed(list: &MovingList, records: &[&Record]) {
    for record in records {
        assert!(list.has_ever_had(record.serial), "{record:?} never was in the list");
    }
    let constant = list.constant();
    let came: HashSet<u64> = records.iter().map(|record| record.serial).collect();
    let missed: Vec<&u64> = constant.iter().filter(|serial| !came.contains(serial)).collect();
    assert!(missed.is_empty(), "{} of {} records were missed: {missed:?}", missed.len(), constant.len());
}

/// Checks that no id was delivered twice.
///
/// # Panics
/// If one was.
pub fn assert_no_id_twice(records: &[&Record]) {
    let mut ids = HashSet::new();
    for id in records.iter().filter_map(|record| record.id.as_ref()) {
        assert!(ids.insert(id), "{id} was delivered twice");
    }
}
