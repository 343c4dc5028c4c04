//! Samples that were acknowledged before are not sent again; new ones are.

use crate::upload::oracle::assert_arrived_once;
use crate::upload::samples::{SampleSupply, TestSample};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::seeds;

#[test]
fn repeating_an_upload_sends_nothing() {
    for seed in seeds(100) {
        let stage = Stage::calm(seed, StageOptions { batch_size: 30, ..StageOptions::default() });
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 60).some(300);
        stage.upload(&samples).unwrap();
        let requests = stage.post.sent();
        let elsewhere: Vec<TestSample> = samples.iter().map(TestSample::elsewhere).collect();
        for again in [&samples, &elsewhere] {
            let report = stage.upload(again).unwrap();
            assert_eq!((report.sent, report.already_sent, report.requests), (0, 300, 0));
        }
        assert_eq!(stage.post.sent(), requests);
        assert_arrived_once(&stage, &samples);
    }
}

#[test]
fn only_backfilled_samples_are_sent() {
    for seed in seeds(100) {
        let stage = Stage::calm(seed, StageOptions { batch_size: 30, ..StageOptions::default() });
        let mut supply = SampleSupply::new(stage.world.chance_for("samples"), 3, 60);
        let mut samples = supply.some(300);
        stage.upload(&samples).unwrap();
        samples.extend(supply.of_days(50, 20..=21));
        let report = stage.upload(&samples).unwrap();
        assert_eq!((report.sent, report.already_sent), (50, 300));
        assert_arrived_once(&stage, &samples);
    }
}
