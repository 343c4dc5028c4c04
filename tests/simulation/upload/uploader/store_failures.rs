//! The disk fails, once or from some moment on.

use crate::upload::oracle::{assert_arrived, assert_nothing_acknowledged_is_sent_again, fewest};
use crate::upload::samples::{SampleSupply, TestSample, ndjson};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::{FailurePoint, Operation, Verb, seeds};
use humansync::error::Error;
use humansync::upload::UploadReport;
use std::cell::RefCell;
use std::rc::Rc;

fn small(seed: u64) -> (Stage, Vec<TestSample>, Vec<TestSample>) {
    let options = StageOptions { batch_size: 5, concurrency: 3, ..StageOptions::default() };
    let stage = Stage::calm(seed, options);
    let mut supply = SampleSupply::new(stage.world.chance_for("samples"), 2, 40);
    // The disk has something already: samples that were sent, and two that are held.
    let before = supply.some(12);
    let report = stage.upload(&before[..7]).unwrap();
    assert_eq!(report.held, 0);
    stage.upload(&before[7..9]).unwrap();
    let samples = supply.some(33);
    (stage, before[..9].to_vec(), samples)
}

/// One upload in which the disk's operation with this number fails, and with `on` all later ones, too. Returns how many
/// operations it took.
fn failing_at(seed: u64, number: Option<u64>, how: FailurePoint, on: bool) -> u64 {
    let (stage, before, samples) = small(seed);
    let begun = stage.disk.operations();
    let failed: Rc<RefCell<Vec<(u64, Operation)>>> = Rc::default();
    if let Some(number) = number {
        let (failed, world) = (failed.clone(), stage.world.clone());
        stage.disk.fail(move |operation| {
            let nth = operation.number - begun;
            let fails = nth == number || on && nth > number;
            fails.then(|| failed.borrow_mut().push((world.elapsed(), operation.clone())))?;
            Some(how)
        });
    }
    let ended = stage.upload(&samples);
    let operations = stage.disk.operations() - begun;
    stage.disk.heal();
    let when = format!("operation {number:?}, {how:?}, {on}: {:?}", failed.borrow().first());
    let failed = failed.borrow();
    match &ended {
        Ok(report) => {
            assert!(failed.is_empty(), "{when}: it is not reported");
            assert_sent_all(report);
        }
        Err(stopped) => {
            let is_expected = matches!(&stopped.error, Error::Store(error) if error.code == "failed");
            assert!(is_expected, "{when}: {:?}", stopped.error);
        }
    }
    stage.assert_nothing_is_left(&when);

    // Once the disk works again, everything arrives, and only what could not be recorded is sent again.
    let all: Vec<TestSample> = before.iter().chain(&samples).cloned().collect();
    let report = stage.upload(&all).unwrap();
    assert_eq!((report.unknown, report.failed), (0, 0), "{when}");
    let left = fewest(all.len(), 5).1;
    assert_eq!((report.held as usize, left), (0, 0));
    assert_arrived(&stage, &all);
    let writes = |operation: &Operation| operation.verb == Verb::Set && operation.key.contains("/batch/");
    assert_nothing_acknowledged_is_sent_again(&stage, |at| {
        failed.iter().any(|(moment, operation)| *moment == at && writes(operation))
    });
    let again = stage.upload(&all).unwrap();
    assert_eq!((again.requests, again.already_sent), (0, all.len() as u64), "{when}");
    operations
}

fn assert_sent_all(report: &UploadReport) {
    assert_eq!((report.sent, report.carried, report.held, report.failed), (35, 2, 0, 0));
}

#[test]
fn one_failure_of_the_disk_stops_the_upload_and_loses_nothing() {
    for seed in seeds(3) {
        let operations = failing_at(seed, None, FailurePoint::Before, false);
        assert!(operations > 30, "only {operations} operations");
        for number in 0..operations {
            for how in [FailurePoint::Before, FailurePoint::After] {
                failing_at(seed, Some(number), how, false);
            }
        }
    }
}

#[test]
fn a_disk_that_keeps_failing_stops_the_upload_and_loses_nothing() {
    for seed in seeds(3) {
        let operations = failing_at(seed, None, FailurePoint::Before, true);
        for number in 0..operations {
            for how in [FailurePoint::Before, FailurePoint::After] {
                failing_at(seed, Some(number), how, true);
            }
        }
    }
}

#[test]
fn nothing_is_sent_that_a_full_disk_cannot_record() {
    for seed in seeds(50) {
        let (stage, _, samples) = small(seed);
        let sent = stage.post.sent();
        stage.disk.fail(|operation| (operation.verb == Verb::Set).then_some(FailurePoint::Before));
        let program = stage.program();
        let stopped = stage.upload_by(&program, &samples).unwrap_err();
        assert!(matches!(stopped.error, Error::Store(_)));
        assert_eq!((stopped.report.sent, stage.post.sent()), (0, sent));
        // Plans and watermarks write nothing.
        assert_eq!(stage.world.run(program.plan(&ndjson(&samples))).unwrap().samples, 35);
        stage.world.run(program.watermarks()).unwrap();
    }
}
