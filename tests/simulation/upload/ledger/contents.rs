//! Values of a ledger are lost, or replaced by older ones.

use crate::upload::oracle::{acknowledged, assert_none_twice, said};
use crate::upload::samples::{SampleSupply, TestSample, ndjson};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::seeds;
use humansync::upload::UploadReport;

fn stage(seed: u64) -> (Stage, Vec<TestSample>) {
    let stage = Stage::calm(seed, StageOptions { batch_size: 10, ..StageOptions::default() });
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 70).some(100);
    assert_eq!(stage.upload(&samples).unwrap().sent, 100);
    (stage, samples)
}

fn is_reported(report: &UploadReport) -> bool {
    report.warnings.iter().any(|warning| warning.code == "ledger-incomplete")
}

#[test]
fn a_lost_index_is_reported_and_rebuilt() {
    for seed in seeds(50) {
        let (stage, samples) = stage(seed);
        let before = said(&stage.world.run(stage.program().watermarks()).unwrap());
        let index = stage.disk.keys().into_iter().find(|key| key.ends_with("/index")).unwrap();
        stage.disk.lose(&index);
        // This source has one device only. The other devices' names come back with their samples.
        let (of_one, others): (Vec<TestSample>, Vec<TestSample>) =
            samples.iter().cloned().partition(|sample| sample.fact().device == "Watch 0");
        let report = stage.upload(&of_one).unwrap();
        assert!(is_reported(&report));
        assert_eq!((report.sent, report.already_sent), (0, of_one.len() as u64));
        let report = stage.upload(&others).unwrap();
        assert!(!is_reported(&report), "it is reported twice");
        assert_eq!((report.sent, report.already_sent), (0, others.len() as u64));
        assert_none_twice(&stage);
        let more = SampleSupply::new(stage.world.chance_for("more"), 3, 70).some(20);
        stage.upload(&[samples, more].concat()).unwrap();
        let after = said(&stage.world.run(stage.program().watermarks()).unwrap());
        assert_eq!(after.len(), before.len());
        assert_eq!(after.iter().map(|it| it.2).sum::<u64>(), acknowledged(&stage).len() as u64);
    }
}

#[test]
fn a_lost_month_is_reported_and_only_that_month_is_sent_again() {
    for seed in seeds(50) {
        let (stage, samples) = stage(seed);
        let months: Vec<String> =
            stage.disk.keys().into_iter().filter(|key| key.contains("/sent/")).collect();
        stage.disk.lose(&months[seed as usize % months.len()]);
        let report = stage.upload(&samples).unwrap();
        assert!(is_reported(&report));
        assert!(report.sent + report.held > 0 && report.already_sent > 0, "{report:?}");
        let report = stage.upload(&samples).unwrap();
        assert!(!is_reported(&report) && report.requests == 0, "{report:?}");
    }
}

#[test]
fn an_older_copy_of_a_month_is_reported_and_what_it_lacks_is_sent_again() {
    let mut tried = 0;
    for seed in seeds(50) {
        let stage = Stage::calm(seed, StageOptions { batch_size: 10, ..StageOptions::default() });
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 70).some(100);
        stage.upload(&samples[..50]).unwrap();
        let before = stage.disk.values();
        stage.upload(&samples).unwrap();
        let after = stage.disk.values();
        let is_older = |(key, value): &(&String, &Vec<u8>)| key.contains("/sent/") && after[*key] != **value;
        let older: Vec<(&String, &Vec<u8>)> = before.iter().filter(is_older).collect();
        let Some((key, value)) = older.get(seed as usize % older.len().max(1)) else { continue };
        stage.disk.put(key, (*value).clone());
        tried += 1;

        let plan = stage.world.run(stage.program().plan(&ndjson(&samples))).unwrap();
        let report = stage.upload(&samples).unwrap();
        assert!(is_reported(&report));
        assert_eq!((report.sent, report.held), (plan.samples, plan.held));
        assert!(report.sent + report.held > 0 && report.already_sent >= 50, "{report:?}");
        let report = stage.upload(&samples).unwrap();
        assert!(!is_reported(&report) && report.requests == 0, "{report:?}");
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn months_that_an_older_index_does_not_list_are_reported_and_added() {
    for seed in seeds(50) {
        let stage = Stage::calm(seed, StageOptions { batch_size: 10, ..StageOptions::default() });
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 70).some(100);
        let of_one: Vec<TestSample> =
            samples.iter().filter(|sample| sample.fact().device == "Watch 0").cloned().collect();
        stage.upload(&of_one).unwrap();
        let (key, index) = stage.disk.values().into_iter().find(|(key, _)| key.ends_with("/index")).unwrap();
        stage.upload(&samples).unwrap();
        let before = said(&stage.world.run(stage.program().watermarks()).unwrap());
        stage.disk.put(&key, index);

        let report = stage.upload(&samples).unwrap();
        assert!(is_reported(&report));
        assert_eq!((report.sent, report.already_sent), (0, 100));
        let report = stage.upload(&samples).unwrap();
        assert!(!is_reported(&report), "it is reported twice");
        assert_eq!((report.sent, report.already_sent), (0, 100));
        assert_none_twice(&stage);
        let more = SampleSupply::new(stage.world.chance_for("more"), 3, 70).some(20);
        stage.upload(&[samples, more].concat()).unwrap();
        let after = said(&stage.world.run(stage.program().watermarks()).unwrap());
        assert_eq!(after.len(), before.len());
        assert_eq!(after.iter().map(|it| it.2).sum::<u64>(), acknowledged(&stage).len() as u64);
    }
}

#[test]
fn a_complete_ledger_is_not_reported_as_incomplete() {
    for seed in seeds(20) {
        let (stage, samples) = stage(seed);
        assert!(!is_reported(&stage.upload(&samples).unwrap()));
        stage.world.run(stage.program().forget(Some("Watch 1"))).unwrap();
        assert!(!is_reported(&stage.upload(&samples).unwrap()));
        stage.world.run(stage.program().forget(None)).unwrap();
        assert!(!is_reported(&stage.upload(&samples).unwrap()));
    }
}
