//! A year of records, then rounds of changes with a run after each, on every kind of server.

use super::stage::{DAY, Setting, Stage};
use crate::server::{AppChurn, Variant};
use crate::world::{Chance, Conditions, seeds};

fn rounds(seed: u64, concurrency: usize) {
    let mut chance = Chance::new(seed, "rounds");
    let mut variant = Variant::drawn(&mut chance);
    let overlap = chance.pick(&[0, 1, 60, 300, 3600]);
    // Clocks may be wrong by as much as the overlap covers.
    let date = if overlap >= 60 { chance.pick(&[0, 0, -4000, 3000]) } else { 0 };
    variant.dates = chance.happens(0.85);
    let cuts = chance.pick(&[0.0, 0.0, 0.03]);
    let conditions = Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() };
    let count = if variant.cap < 10 { chance.within(0..=60) } else { chance.within(0..=250) };
    let setting = Setting { concurrency, overlap, conditions, max_retries: 20, ..Setting::default() };
    let stage = Stage::new(seed, variant, setting);
    stage.server.set_date(date);
    stage.fill(count, 365);
    stage.set(|setting| setting.since = Some(stage.seconds() - 366 * DAY));
    let late = (overlap as u64 * 1000).saturating_sub(4000);
    stage.sync().unwrap();
    stage.assert_equal();
    let mut tide = AppChurn::drawn(chance.clone(), u64::MAX, late);
    for _ in 0..10 {
        let between = chance.pick(&[0, 0, 3, 20]);
        stage.server.turn(&mut tide, between);
        let during = chance.pick(&[0, 5, 40]);
        stage.server.set_churn(Some(AppChurn::drawn(chance.clone(), during, late)));
        chance.fraction();
        stage.sync().unwrap();
        stage.pass(chance.pick(&[0, 1, 200, 1000, 4321, 90_000, 3_600_000]));
    }
    stage.assert_equal_at_last();
}

#[test]
fn a_year_and_ten_rounds_of_changes_one_request_at_a_time() {
    for seed in seeds(150) {
        rounds(seed, 1);
    }
}

#[test]
fn a_year_and_ten_rounds_of_changes_six_requests_at_a_time() {
    for seed in seeds(150) {
        rounds(seed, 6);
    }
}

#[test]
fn what_becomes_visible_within_the_overlap_is_not_missed_however_long_a_run_takes() {
    for seed in seeds(40) {
        let setting = Setting {
            types: vec!["weights"],
            // A run takes many minutes.
            busy: 5_000..=10_000,
            conditions: Conditions::steady(10),
            ..Setting::default()
        };
        let stage = Stage::new(seed, Variant::plain(20), setting);
        stage.set(|setting| setting.since = Some(stage.seconds() - 7200));
        let now = stage.server.now();
        for number in 0..1000 {
            stage.server.add("weights", now - number * 3000, |row| row);
        }
        let mut chance = Chance::new(seed, "late");
        for _ in 0..40 {
            let late = chance.within(1000..=290_000) as i64;
            let updated = now - chance.within(0..=200_000) as i64;
            stage
                .server
                .add("weights", updated, |row| crate::server::Row { visible_from: updated + late, ..row });
        }
        stage.sync().unwrap();
        stage.pass(1000);
        stage.sync().unwrap();
        stage.assert_equal();
    }
}
