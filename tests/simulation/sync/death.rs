//! Programs that die at any step, while the server changes.

use super::stage::{DAY, Setting, Stage};
use crate::server::{AppChurn, Variant};
use crate::world::{Chance, Conditions, seeds};

fn small(seed: u64) -> Stage {
    let mut chance = Chance::new(seed, "small");
    let variant = Variant { cap: 4, ..Variant::drawn(&mut chance) };
    let setting = Setting { types: vec!["weights", "sleeps"], concurrency: 2, ..Setting::default() };
    let stage = Stage::new(seed, variant, setting);
    stage.fill(9, 40);
    stage.set(|setting| setting.since = Some(stage.seconds() - 41 * DAY));
    stage
}

#[test]
fn a_program_may_die_at_every_step() {
    for seed in seeds(6) {
        let steps = {
            let stage = small(seed);
            let before = stage.world.steps();
            stage.sync().unwrap();
            stage.world.steps() - before
        };
        assert!(steps > 40, "only {steps} steps");
        for step in 1..=steps {
            let stage = small(seed);
            stage.sync_and_die(step);
            let again = stage.table.again();
            stage.sync().unwrap();
            stage.assert_equal();
            // What was with the consumer, and what it was done with without having asked for more.
            assert!(stage.table.again() - again <= 4, "{} records came again", stage.table.again() - again);
            stage.assert_equal_at_last();
        }
    }
}

#[test]
fn programs_may_die_fifty_times_while_everything_changes() {
    for seed in seeds(150) {
        let mut chance = Chance::new(seed, "deaths");
        let variant = Variant::drawn(&mut chance);
        let overlap = chance.pick(&[60, 300]);
        let cuts = chance.pick(&[0.0, 0.0, 0.05]);
        let conditions = Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() };
        let setting =
            Setting { concurrency: chance.pick(&[1, 3, 6]), overlap, conditions, ..Setting::default() };
        let count = if variant.cap < 10 { 30 } else { 150 };
        let stage = Stage::new(seed, variant, setting);
        stage.fill(count, 100);
        stage.set(|setting| setting.since = Some(stage.seconds() - 101 * DAY));
        let late = overlap as u64 * 1000 - 4000;
        let mut tide = AppChurn::drawn(chance.clone(), u64::MAX, late);
        let deaths = chance.pick(&[1, 5, 50]);
        for _ in 0..deaths {
            stage.server.set_churn(Some(AppChurn::drawn(chance.clone(), 10, late)));
            stage.sync_and_die(chance.within(1..=400));
            if chance.happens(0.3) {
                stage.server.turn(&mut tide, 5);
                stage.pass(chance.pick(&[0, 300, 20_000, 40_000_000]));
            }
        }
        stage.assert_equal_at_last();
    }
}
