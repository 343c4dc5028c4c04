//! Windows whose records are updated away while they are walked, so that the list shrinks under it.

use super::stage::{DAY, Setting, Stage};
use crate::server::{AppChurn, Variant};
use crate::world::{Chance, seeds};

fn shrink(seed: u64, types: &[&'static str]) {
    let mut chance = Chance::new(seed, "shrinking");
    let variant = Variant { cap: chance.pick(&[2, 5, 20, 50]), ..Variant::drawn(&mut chance) };
    let count = variant.cap as u64 * chance.within(2..=12);
    let setting =
        Setting { types: types.to_vec(), concurrency: chance.pick(&[1, 2, 6]), ..Setting::default() };
    let stage = Stage::new(seed, variant, setting);
    stage.fill(count, 60);
    stage.set(|setting| setting.since = Some(stage.seconds() - 61 * DAY));
    let changes = chance.within(1..=count);
    stage.server.set_churn(Some(AppChurn::away(chance, changes)));
    stage.sync().unwrap();
    stage.sync().unwrap();
    stage.assert_equal_at_last();
}

#[test]
fn a_window_whose_records_are_updated_away_during_the_walk_so_that_the_list_shrinks_under_it() {
    for seed in seeds(500) {
        shrink(seed, &["weights"]);
    }
}

#[test]
fn records_without_ids_are_all_there_though_the_list_shrinks() {
    for seed in seeds(200) {
        shrink(seed, &["genetic_traits"]);
    }
}
