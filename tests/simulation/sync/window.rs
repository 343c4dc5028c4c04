//! Records updated where one window ends and the next begins, on servers that include the bounds of queries and on
//! servers that do not.

use super::stage::{DAY, Setting, Stage};
use crate::server::{Row, Variant};
use crate::world::seeds;

const NAME: &str = "weights";

/// A stage of a hundred days with records around each of `bounds`, in seconds.
pub fn stage(seed: u64, bounds: &[i64]) -> Stage {
    let variant = Variant {
        since_included: seed & 1 > 0,
        before_included: seed & 2 > 0,
        in_seconds: seed & 4 > 0,
        by_update: seed & 8 > 0,
        ..Variant::plain([3, 500][seed as usize / 16 % 2])
    };
    // Every stage begins at the same moment, so that the windows are the same.
    let stage = Stage::new(0, variant, Setting { types: vec![NAME], ..Setting::default() });
    stage.set(|setting| setting.since = Some(stage.seconds() - 100 * DAY));
    for bound in bounds {
        for off in [-2000, -1001, -1000, -500, -1, 0, 1, 500, 999, 1000, 1001, 2000] {
            let updated = (bound * 1000 + off).min(stage.server.now());
            // In the order of recording, the records that two windows share come first.
            stage.server.add(NAME, updated, |row| Row { recorded: -updated, ..row });
        }
    }
    stage
}

/// The bounds of the windows of a first run.
pub fn bounds() -> Vec<i64> {
    let stage = stage(0, &[]);
    stage.sync().unwrap();
    stage.server.asked().iter().map(|asked| asked.window).flat_map(<[i64; 2]>::from).collect()
}

#[test]
fn records_where_windows_meet_come_once() {
    let bounds = bounds();
    assert!(bounds.len() >= 8, "{bounds:?}");
    for seed in seeds(32) {
        let stage = stage(seed, &bounds);
        let since = stage.setting.borrow().since.unwrap() * 1000;
        // Records that were updated just now would come again.
        stage.pass(100_000);
        // The table reports a record that comes twice.
        let report = stage.sync().unwrap();
        let rows = stage.server.visible(NAME);
        for row in rows.iter().filter(|row| row.updated >= since) {
            assert!(stage.table.has(NAME, row), "{row:?}");
        }
        assert!(report.records <= rows.len() as u64);
        assert_eq!(stage.sync().unwrap().records, 0);
    }
}

#[test]
fn records_where_an_earlier_beginning_meets_a_later_one_are_delivered() {
    let bounds = bounds();
    for seed in seeds(32) {
        let stage = stage(seed, &bounds);
        let early = stage.setting.borrow().since.unwrap();
        let late = bounds[1];
        stage.set(|setting| setting.since = Some(late));
        stage.sync().unwrap();
        stage.set(|setting| setting.since = Some(early));
        // Records updated in the first second of the first run may come again: they have no marks.
        stage.table.trouble();
        stage.sync().unwrap();
        for row in stage.server.visible(NAME).iter().filter(|row| row.updated >= early * 1000) {
            assert!(stage.table.has(NAME, row), "{row:?}");
        }
        let rows = stage.server.visible(NAME);
        let met = (late - 1) * 1000..(late + 1) * 1000;
        let most = rows.iter().filter(|row| met.contains(&row.updated)).count() as u64;
        assert!(stage.table.again() <= most, "{} of {most} came again", stage.table.again());
    }
}
