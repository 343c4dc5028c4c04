//! What is forgotten is sent again.

use crate::server::Verdict;
use crate::upload::oracle::{assert_none_twice, said};
use crate::upload::samples::{SampleSupply, TestSample, ndjson};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::{Chance, seeds};
use futures_util::future::join;
use humansync::http::Abort;

fn stage(seed: u64) -> (Stage, Vec<TestSample>) {
    let mut chance = Chance::new(seed, "forgetting");
    let stage = Stage::calm(
        seed,
        StageOptions { batch_size: chance.pick(&[7, 30, 1000]), ..StageOptions::default() },
    );
    let samples = SampleSupply::new(chance, 3, 70).some(150);
    (stage, samples)
}

#[test]
fn one_device_is_forgotten_and_sent_again() {
    for seed in seeds(200) {
        let (stage, samples) = stage(seed);
        stage.upload(&samples).unwrap();
        assert_none_twice(&stage);
        let program = stage.program();
        let before = said(&stage.world.run(program.watermarks()).unwrap());
        stage.world.run(program.forget(Some("Watch 1"))).unwrap();
        let after = said(&stage.world.run(program.watermarks()).unwrap());
        assert!(before.iter().filter(|standing| standing.0 != "Watch 1").eq(&after));

        let its_own = samples.iter().filter(|sample| sample.fact().device == "Watch 1").count() as u64;
        let report = stage.upload_by(&program, &samples).unwrap();
        assert_eq!((report.sent, report.already_sent), (its_own, 150 - its_own));
        for (fact, letters) in stage.inbox.arrivals() {
            assert_eq!(letters.len(), if fact.device == "Watch 1" { 2 } else { 1 });
        }
        assert_eq!(said(&stage.world.run(program.watermarks()).unwrap()), before);
    }
}

#[test]
fn everything_is_forgotten_and_sent_again() {
    for seed in seeds(200) {
        let (stage, samples) = stage(seed);
        stage.upload(&samples).unwrap();
        let program = stage.program();
        stage.world.run(program.forget(None)).unwrap();
        assert_eq!(stage.world.run(program.watermarks()).unwrap(), []);
        assert_eq!(stage.disk.keys(), [""; 0]);
        let report = stage.upload_by(&program, &samples).unwrap();
        assert_eq!((report.sent, report.already_sent), (150, 0));
        assert!(stage.inbox.arrivals().values().all(|letters| letters.len() == 2));
    }
}

#[test]
fn forgetting_an_unknown_device_changes_nothing() {
    for seed in seeds(20) {
        let (stage, samples) = stage(seed);
        stage.upload(&samples).unwrap();
        stage.world.run(stage.program().forget(Some("Watch 9"))).unwrap();
        assert_eq!(stage.upload(&samples).unwrap().requests, 0);
    }
}

#[test]
fn held_samples_are_not_forgotten() {
    for seed in seeds(50) {
        let stage = Stage::calm(seed, StageOptions::default());
        let mut supply = SampleSupply::new(stage.world.chance_for("samples"), 2, 40);
        let (few, more) = (supply.some(2), supply.some(10));
        assert_eq!(stage.upload(&few).unwrap().held, 2);
        let device = if seed % 2 == 0 { None } else { Some("Watch 0") };
        stage.world.run(stage.program().forget(device)).unwrap();
        assert_eq!(stage.upload(&more).unwrap().sent, 12);
    }
}

#[test]
fn unknown_batches_of_a_device_are_forgotten_with_it() {
    for seed in seeds(100) {
        let mut seen = 0;
        let options = StageOptions { batch_size: 10, hold: true, ..StageOptions::default() };
        let stage = Stage::new(seed, options, move |_| {
            seen += 1;
            if seen == 2 { Verdict::AcceptedUnder(500) } else { Verdict::Accepted }
        });
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(50);
        let report = stage.upload(&samples).unwrap();
        assert_eq!(report.unknown, 10);
        let device = "Watch 0";
        let unknown = crate::upload::oracle::in_doubt(&stage);
        let its_own = unknown.iter().filter(|fact| fact.device == device).count();
        let of_device = samples.iter().filter(|sample| sample.fact().device == device).count();
        stage.world.run(stage.program().forget(Some(device))).unwrap();
        let report = stage.upload(&samples).unwrap();
        assert_eq!((report.sent, report.unknown), (of_device as u64, 10 - its_own as u64));
    }
}

#[test]
fn forgetting_waits_for_an_upload_that_is_under_way() {
    for seed in seeds(100) {
        let (stage, samples) = stage(seed);
        let (one, other) = (stage.program(), stage.program());
        let forgetting = async {
            humansync::clock::Clock::sleep(&stage.world, 40).await;
            other.forget(None).await
        };
        let (ended, forgotten) =
            stage.world.run(join(one.upload(&ndjson(&samples), &Abort::new()), forgetting));
        assert_eq!(ended.unwrap().unwrap().sent, 150);
        forgotten.unwrap();
        assert_eq!(stage.disk.keys(), [""; 0]);
        stage.assert_nothing_is_left("at the end");
    }
}

#[test]
fn forgetting_can_be_repeated_if_a_program_dies_during_it() {
    for seed in seeds(300) {
        let (stage, samples) = stage(seed);
        stage.upload(&samples).unwrap();
        let device = if seed % 2 == 0 { None } else { Some("Watch 2") };
        let program = stage.program();
        let process = program.process.clone();
        let step = stage.world.steps() + 1 + Chance::new(seed, "death").within(0..=20);
        stage.world.interrupt(step, move || process.kill());
        stage.world.run(program.forget_or_die(device));
        stage.world.interrupt(u64::MAX, || ());
        // However far it got, a plan and an upload agree on what was forgotten.
        let plan = stage.world.run(stage.program().plan(&ndjson(&samples))).unwrap();
        let report = stage.upload(&samples).unwrap();
        assert_eq!((plan.samples, plan.held), (report.sent, report.held));
        // Months that were left over are ignored, and do not come back.
        assert_eq!(report.warnings.len(), 0, "nothing is missing");
        let again = stage.upload(&samples).unwrap();
        assert_eq!((again.sent, again.warnings.len()), (0, 0));
        stage.world.run(stage.program().forget(device)).unwrap();
        let report = stage.upload(&samples).unwrap();
        let forgotten =
            samples.iter().filter(|sample| device.is_none_or(|device| sample.fact().device == device));
        assert_eq!(report.sent, forgotten.count() as u64);
    }
}
