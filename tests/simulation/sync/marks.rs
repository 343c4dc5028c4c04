//! Records that change more than once within a tick of the clock that stamps them.

use super::stage::{DAY, Setting, Stage};
use crate::server::Variant;
use crate::world::{Conditions, seeds};

const NAME: &str = "weights";

fn stage(seed: u64, tick: i64, setting: Setting) -> Stage {
    let variant = Variant { tick, ..Variant::plain(500) };
    let setting = Setting { types: vec![NAME], ..setting };
    let stage = Stage::new(seed, variant, setting);
    stage.set(|setting| setting.since = Some(stage.seconds() - DAY));
    stage
}

#[test]
fn a_record_that_changes_again_within_the_tick_of_its_stamp_comes_again() {
    for tick in [1000, 60_000] {
        for overlap in [0, 300] {
            let setting = Setting { overlap, conditions: Conditions::steady(10), ..Setting::default() };
            let stage = stage(1, tick, setting);
            // Begin with the tick.
            stage.pass((tick - stage.server.now() % tick) as u64);
            let created = stage.server.now();
            stage.server.add(NAME, created, |row| row);
            stage.sync().unwrap();
            let mut chance = stage.world.chance_for("again");
            while stage.server.noted().is_empty() {
                stage.server.touch_again(&mut chance);
            }
            let row = stage.server.visible(NAME).remove(0);
            assert_eq!((row.updated, row.version), (created, 1), "its stamp is the same");
            // Wait until the tick is long over.
            stage.pass(100_000);
            assert_eq!(stage.sync().unwrap().records, 1);
            stage.assert_equal();
            assert_eq!(stage.sync().unwrap().records, 0, "now it is known");
        }
    }
}

#[test]
fn a_record_that_changes_in_the_millisecond_in_which_it_is_read_comes_again() {
    for seed in seeds(20) {
        let stage = stage(seed, 1, Setting::default());
        stage.server.add(NAME, stage.server.now() - 50_000, |row| row);
        stage.server.set_echo(Some((stage.world.chance_for("echo"), 1.0)));
        stage.sync().unwrap();
        assert!(!stage.server.noted().is_empty());
        stage.server.set_echo(None);
        stage.pass(20_000);
        stage.sync().unwrap();
        stage.assert_equal();
    }
}
