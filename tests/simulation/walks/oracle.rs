//! What a walk had to deliver, told from the list's own memory.

use super::reading::Reading;
use crate::server::{MovingList, Record};
use std::collections::HashSet;

/// Everything that was there throughout came, in its order; no id came twice; nothing came that never was.
///
/// # Panics
/// When one of these does not hold.
pub fn assert_complete(list: &MovingList, reading: &Reading) {
    assert!(reading.error.is_none(), "the walk failed: {:?}", reading.error);
    let records = reading.records();
    assert_constant_records_came(list, &records);
    assert_no_id_twice(&records);
}

/// Everything that was there throughout came, in its order, and nothing that never was.
///
/// # Panics
/// When that does not hold.
pub fn assert_constant_records_came(list: &MovingList, records: &[&Record]) {
    for record in records {
        assert!(list.has_ever_had(record.serial), "the walk made {record:?} up");
    }
    let constant = list.constant();
    let expected: HashSet<u64> = constant.iter().copied().collect();
    let mut seen = HashSet::new();
    let came: Vec<u64> = records
        .iter()
        .map(|record| record.serial)
        .filter(|serial| expected.contains(serial) && seen.insert(*serial))
        .collect();
    let missed: Vec<&u64> = constant.iter().filter(|serial| !seen.contains(serial)).collect();
    assert!(missed.is_empty(), "{} of {} records were missed: {missed:?}", missed.len(), constant.len());
    assert_eq!(came, constant, "the records came in another order than they stand in");
}

/// No id came twice.
///
/// # Panics
/// When one did.
pub fn assert_no_id_twice(records: &[&Record]) {
    let mut ids = HashSet::new();
    for id in records.iter().filter_map(|record| record.id.as_ref()) {
        assert!(ids.insert(id), "{id} came twice");
    }
}
