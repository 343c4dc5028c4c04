//! Windows that lose records during the walk because these are updated, so that the list becomes shorter.

use super::stage::{DAY, Setting, Stage};
use crate::server::{AppChurn, Variant};
use crate::world::{Chance, seeds};

fn shrink(seed: u64, types: &[&'static str]) {
    let mut chance = Chance::new(seed, "shrinking");
    let variant = Variant { cap: chance.pick(&[2, 5, 20, 50]), ..Variant::drawn(&mut chance) };
    let count = variant.cap as u64 * chance.within(2..=12);
    let setting = Setting {
        types: types.to_vec(),
        concurrency: chance.pick(&[1, 2, 6]),
        // A window whose list changes each time that it is read is read once more at the end.
        any_order: true,
        ..Setting::default()
    };
    let stage = Stage::new(seed, variant, setting);
    // If it changed in each of eight passes, all of it comes again.
    stage.table.may_forget();
    stage.fill(count, 60);
    stage.set(|setting| setting.since = Some(stage.seconds() - 61 * DAY));
    let changes = chance.within(1..=count);
    stage.server.set_churn(Some(AppChurn::away(chance, changes)));
    stage.sync().unwrap();
    stage.sync().unwrap();
    stage.assert_equal_at_last();
}

#[test]
fn no_record_is_missed_if_updates_shorten_a_window_during_its_walk() {
    for seed in seeds(500) {
        shrink(seed, &["weights"]);
    }
}

#[test]
fn no_record_without_an_id_is_missed_if_the_list_becomes_shorter() {
    for seed in seeds(200) {
        shrink(seed, &["genetic_traits"]);
    }
}
