//! How many marks of delivered records are stored, and for how long.

use super::stage::{DAY, Setting, Stage};
use crate::server::Variant;

const NAME: &str = "weights";

#[test]
fn forty_thousand_records_within_the_overlap_are_remembered() {
    for (count, by_update) in [(40_000, true), (40_000, false)] {
        let variant = Variant { by_update, ..Variant::plain(500) };
        let setting = Setting { types: vec![NAME], overlap: 4 * 3600, ..Setting::default() };
        let stage = Stage::new(1, variant, setting);
        let now = stage.server.now();
        // All within the last three hours.
        (0..count).for_each(|number| {
            stage.server.add(NAME, now - 10_000 - number as i64 * 10_000_000 / count as i64, |row| row);
        });
        stage.set(|setting| setting.since = Some(stage.seconds() - 10 * DAY));
        stage.pass(60_000);
        assert_eq!(stage.sync().unwrap().records, count);
        assert_eq!(stage.sync().unwrap().records, 0);
        stage.pass(600_000);
        stage.server.add(NAME, stage.server.now() - 20_000, |row| row);
        assert_eq!(stage.sync().unwrap().records, 1);
    }
}

#[test]
fn a_longer_overlap_delivers_no_record_that_has_a_mark() {
    let stage =
        Stage::new(3, Variant::plain(500), Setting { types: vec![NAME], overlap: 300, ..Setting::default() });
    let now = stage.server.now();
    (0..5000).for_each(|number| stage.server.add(NAME, now - 10_000 - number * 10_000, |row| row));
    stage.set(|setting| setting.since = Some(stage.seconds() - 2 * DAY));
    stage.pass(60_000);
    assert_eq!(stage.sync().unwrap().records, 5000);
    for overlap in [3600, 80_000, 0, 86_000] {
        stage.set(|setting| setting.overlap = overlap);
        assert_eq!(stage.sync().unwrap().records, 0, "overlap {overlap}");
    }
}
