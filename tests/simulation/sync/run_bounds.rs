//! Where runs begin and end: `since`, `until` and `overlap`.

use super::stage::{DAY, Setting, Stage, TYPES, drawn_tide};
use crate::server::AppChurn;
use crate::world::seeds;

#[test]
fn the_overlap_may_change_between_runs() {
    for seed in seeds(60) {
        let (stage, mut chance) = Stage::drawn(seed, 40, Setting::default());
        let mut tide = AppChurn::drawn(chance.clone(), u64::MAX, 0);
        for _ in 0..8 {
            let overlap = chance.pick(&[0, 1, 300, 3600, 80_000, 20 * DAY, 60 * DAY]);
            stage.set(|setting| setting.overlap = overlap);
            if overlap > DAY {
                // Marks are kept for at least a day, but not longer than the overlap needs.
                stage.table.trouble();
            }
            stage.sync().unwrap();
            stage.server.turn(&mut tide, 6);
            stage.pass(chance.pick(&[0, 700, 100_000]));
        }
        stage.set(|setting| setting.overlap = 300);
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_later_run_may_begin_earlier() {
    for seed in seeds(80) {
        // A window that a run has left is finished first.
        let setting = Setting { any_order: true, ..Setting::default() };
        let (stage, mut chance) = Stage::drawn(seed, 200, setting);
        let mut tide = drawn_tide(&chance);
        let now = stage.seconds();
        for _ in 0..5 {
            let days = chance.within(1..=150) as i64;
            stage.set(|setting| setting.since = Some(now - days * DAY - 1));
            stage.sync().unwrap();
            if chance.happens(0.5) {
                stage.sync_and_die(chance.within(1..=200));
            }
            stage.server.turn(&mut tide, 5);
            stage.pass(chance.pick(&[0, 5000, 86_400_000]));
        }
        stage.set(|setting| setting.since = Some(now - 201 * DAY));
        stage.assert_equal_at_last();
        let before = stage.network.requests();
        stage.sync().unwrap();
        assert!(stage.network.requests() - before <= 3 * 20, "what is delivered was read once more");
    }
}

#[test]
fn a_run_with_an_end_delivers_what_was_updated_before_it() {
    for seed in seeds(60) {
        let (stage, mut chance) = Stage::drawn(seed, 100, Setting::default());
        let end = stage.seconds() - chance.within(0..=99) as i64 * DAY;
        stage.set(|setting| setting.until = Some(end));
        let report = stage.sync().unwrap();
        for name in TYPES {
            let rows = stage.server.visible(name);
            let due = rows.iter().filter(|row| row.updated < end * 1000).count();
            let most = rows.iter().filter(|row| row.updated < (end + 1) * 1000).count();
            let came = stage.table.len_of(name);
            assert!((due..=most).contains(&came), "{name}: {came}, and {due} to {most} are due");
        }
        assert!(report.types.iter().all(|of| of.until == Some(end)), "{:?}, {end}", report.types);
        stage.set(|setting| setting.until = None);
        stage.assert_equal_at_last();
    }
}

#[test]
fn the_end_of_a_run_holds_for_a_window_that_an_earlier_run_left() {
    for seed in seeds(60) {
        let (stage, mut chance) = Stage::drawn(seed, 100, Setting::default());
        stage.sync_and_die(chance.within(20..=200));
        let end = stage.seconds() - chance.within(20..=90) as i64 * DAY;
        let late = |name: &str| {
            let rows = stage.server.visible(name).into_iter().filter(|row| row.updated >= (end + 1) * 1000);
            rows.filter(|row| stage.table.has(name, row)).count()
        };
        let before = TYPES.map(late);
        stage.set(|setting| setting.until = Some(end));
        stage.sync().unwrap();
        assert_eq!(TYPES.map(late), before, "records updated after the end were delivered");
        stage.set(|setting| setting.until = None);
        stage.assert_equal_at_last();
    }
}

#[test]
fn nothing_is_delivered_before_a_beginning_in_the_future() {
    for seed in seeds(40) {
        let (stage, chance) = Stage::drawn(seed, 10, Setting::default());
        let since = stage.seconds() + 3600;
        stage.set(|setting| setting.since = Some(since));
        stage.sync().unwrap();
        stage.pass(3 * 3_600_000);
        let mut tide = drawn_tide(&chance);
        stage.server.turn(&mut tide, 30);
        stage.sync().unwrap();
        for name in TYPES {
            for row in stage.server.visible(name) {
                assert_eq!(row.updated >= since * 1000, stage.table.has(name, &row), "{row:?}");
            }
        }
    }
}

#[test]
fn a_first_run_begins_31_days_ago_by_the_servers_clock() {
    for seed in seeds(40) {
        let (stage, mut chance) = Stage::drawn(seed, 60, Setting::default());
        let off = chance.pick(&[-40, -3, 0, 5, 400]) * DAY * 1000;
        stage.world.jump(off);
        stage.set(|setting| setting.since = None);
        let began = stage.server.now();
        stage.sync().unwrap();
        for name in TYPES {
            for row in stage.server.visible(name) {
                let age = began - row.updated;
                if age < (31 * DAY - 1) * 1000 {
                    assert!(stage.table.has(name, &row), "{row:?}");
                } else if age > (31 * DAY + 3) * 1000 {
                    assert!(!stage.table.has(name, &row), "{row:?}");
                }
            }
        }
        assert_eq!(*stage.warnings.borrow(), if off == 0 { vec![] } else { vec!["clock-differs"] });
        // Later runs begin where the last one ended, not 31 days ago.
        let before = stage.network.requests();
        let alone = |asked: &crate::server::AnsweredQuery| asked.limit == 1;
        let asked = stage.server.asked().iter().filter(|asked| alone(asked)).count();
        assert!(asked <= 4, "the clock was asked for {asked} times");
        stage.sync().unwrap();
        assert!(stage.network.requests() - before <= 6);
    }
}

#[test]
fn runs_go_on_after_an_outage_of_a_hundred_days() {
    for seed in seeds(60) {
        let (stage, chance) = Stage::drawn(seed, 40, Setting::default());
        stage.sync().unwrap();
        let mut tide = drawn_tide(&chance);
        for _ in 0..20 {
            stage.pass(5 * 86_400_000);
            stage.server.turn(&mut tide, 5);
        }
        stage.sync().unwrap();
        stage.assert_equal_at_last();
    }
}
