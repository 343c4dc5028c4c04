//! A disk that fails, once or from some moment on.

use super::given::{Given, Supply, ndjson};
use super::oracle::{assert_arrived, assert_nothing_acknowledged_is_sent_again, fewest};
use super::stage::{Setting, Stage};
use crate::world::{FailurePoint, Operation, Verb, seeds};
use humansync::error::Error;
use humansync::upload::Report;
use std::cell::RefCell;
use std::rc::Rc;

fn small(seed: u64) -> (Stage, Vec<Given>, Vec<Given>) {
    let setting = Setting { batch_size: 5, concurrency: 3, ..Setting::default() };
    let stage = Stage::calm(seed, setting);
    let mut supply = Supply::new(stage.world.chance_for("samples"), 2, 40);
    // Something is there already: samples that were sent, and some that wait.
    let before = supply.some(12);
    let report = stage.upload(&before[..7]).unwrap();
    assert_eq!(report.held, 0);
    stage.upload(&before[7..9]).unwrap();
    let given = supply.some(33);
    (stage, before[..9].to_vec(), given)
}

/// The disk's operation with this number fails, and with `on`, all that follow; gives the operations that an upload takes.
fn failing_at(seed: u64, number: Option<u64>, how: FailurePoint, on: bool) -> u64 {
    let (stage, before, given) = small(seed);
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
    let ended = stage.upload(&given);
    let operations = stage.disk.operations() - begun;
    stage.disk.heal();
    let when = format!("operation {number:?}, {how:?}, {on}: {:?}", failed.borrow().first());
    let failed = failed.borrow();
    match &ended {
        Ok(report) => {
            assert!(failed.is_empty(), "{when}: it is not told");
            assert_sent_all(report);
        }
        Err(stopped) => {
            let as_told = matches!(&stopped.error, Error::Store(error) if error.code == "failed");
            assert!(as_told, "{when}: {:?}", stopped.error);
        }
    }
    stage.assert_nothing_is_left(&when);

    // On a disk that works everything is there at the end, and only what could not be written down was sent again.
    let all: Vec<Given> = before.iter().chain(&given).cloned().collect();
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

fn assert_sent_all(report: &Report) {
    assert_eq!((report.sent, report.carried, report.held, report.failed), (35, 2, 0, 0));
}

#[test]
fn a_disk_that_fails_once_stops_the_upload_and_loses_nothing() {
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
fn a_disk_that_fails_from_some_moment_on_stops_the_upload_and_loses_nothing() {
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
fn a_full_disk_sends_nothing_that_it_cannot_remember() {
    for seed in seeds(50) {
        let (stage, _, given) = small(seed);
        let sent = stage.post.sent();
        stage.disk.fail(|operation| (operation.verb == Verb::Set).then_some(FailurePoint::Before));
        let program = stage.program();
        let stopped = stage.upload_by(&program, &given).unwrap_err();
        assert!(matches!(stopped.error, Error::Store(_)));
        assert_eq!((stopped.report.sent, stage.post.sent()), (0, sent));
        // Planning and asking where one stands need no writing.
        assert_eq!(stage.world.run(program.plan(&ndjson(&given))).unwrap().samples, 35);
        stage.world.run(program.watermarks()).unwrap();
    }
}
