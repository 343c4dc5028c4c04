//! What was acknowledged before is not sent again, and what is new is.

use crate::upload::oracle::assert_arrived_once;
use crate::upload::samples::{Given, Supply};
use crate::upload::stage::{Setting, Stage};
use crate::world::seeds;

#[test]
fn the_same_again_sends_nothing() {
    for seed in seeds(100) {
        let stage = Stage::calm(seed, Setting { batch_size: 30, ..Setting::default() });
        let given = Supply::new(stage.world.chance_for("samples"), 3, 60).some(300);
        stage.upload(&given).unwrap();
        let requests = stage.post.sent();
        let elsewhere: Vec<Given> = given.iter().map(Given::elsewhere).collect();
        for again in [&given, &elsewhere] {
            let report = stage.upload(again).unwrap();
            assert_eq!((report.sent, report.already_sent, report.requests), (0, 300, 0));
        }
        assert_eq!(stage.post.sent(), requests);
        assert_arrived_once(&stage, &given);
    }
}

#[test]
fn backfilled_samples_are_sent_and_nothing_else() {
    for seed in seeds(100) {
        let stage = Stage::calm(seed, Setting { batch_size: 30, ..Setting::default() });
        let mut supply = Supply::new(stage.world.chance_for("samples"), 3, 60);
        let mut given = supply.some(300);
        stage.upload(&given).unwrap();
        given.extend(supply.of_days(50, 20..=21));
        let report = stage.upload(&given).unwrap();
        assert_eq!((report.sent, report.already_sent), (50, 300));
        assert_arrived_once(&stage, &given);
    }
}
