//! Aborts, and stores that fail: the next run makes up for it.

use super::stage::Stage;
use crate::world::{FailurePoint, seeds};
use futures_util::future::join;
use humansync::error::Error;
use humansync::http::Abort;

#[test]
fn a_run_may_be_aborted_at_every_step() {
    for seed in seeds(4) {
        let steps = {
            let stage = Stage::of_few_records(seed);
            let before = stage.world.steps();
            stage.sync().unwrap();
            stage.world.steps() - before
        };
        for step in 1..=steps {
            let stage = Stage::of_few_records(seed);
            let (abort, flag) = (Abort::new(), Abort::new());
            let (own, signal) = (abort.clone(), flag.clone());
            stage.world.interrupt(stage.world.steps() + step, move || {
                own.abort();
                signal.abort();
            });
            let ended = stage.world.run(stage.sync_by(&stage.program(), &abort)).unwrap();
            stage.world.interrupt(u64::MAX, || ());
            assert!(flag.is_aborted() || ended.is_ok());
            assert!(matches!(ended, Ok(_) | Err(Error::Aborted)), "{ended:?}");
            stage.assert_nothing_is_left();
            stage.sync().unwrap();
            stage.assert_equal();
        }
    }
}

#[test]
fn every_operation_of_the_store_may_fail() {
    let operations = {
        let stage = Stage::of_few_records(0);
        stage.sync().unwrap();
        stage.disk.operations()
    };
    for failing in [FailurePoint::Before, FailurePoint::After] {
        for number in 0..operations {
            let stage = Stage::of_few_records(0);
            stage.disk.fail(move |operation| (operation.number == number).then_some(failing));
            let ended = stage.sync();
            assert!(matches!(ended, Err(Error::Store(_))), "operation {number}, {failing:?}: {ended:?}");
            stage.disk.heal();
            stage.assert_nothing_is_left();
            stage.sync().unwrap();
            stage.assert_equal_at_last();
        }
    }
}

#[test]
fn two_runs_on_one_store_take_turns() {
    for seed in seeds(100) {
        let stage = Stage::of_few_records(seed);
        let (one, other) = (stage.program(), stage.program());
        let abort = Abort::new();
        let runs = join(stage.sync_by(&one, &abort), stage.sync_by(&other, &abort));
        let (first, second) = stage.world.run(runs);
        let (first, second) = (first.unwrap().unwrap(), second.unwrap().unwrap());
        // The table would have reported a record that came twice.
        assert_eq!(first.records.min(second.records), 0);
        stage.assert_equal_at_last();
    }
}

#[test]
fn one_of_two_runs_on_one_store_may_die() {
    for seed in seeds(150) {
        let stage = Stage::of_few_records(seed);
        let (one, other) = (stage.program(), stage.program());
        let process = one.process.clone();
        let (step, table) = (stage.world.chance_for("death").within(1..=120), stage.table.clone());
        stage.world.interrupt(stage.world.steps() + step, move || {
            table.trouble();
            process.kill();
        });
        let abort = Abort::new();
        let (_, second) = stage.world.run(join(stage.sync_by(&one, &abort), stage.sync_by(&other, &abort)));
        stage.world.interrupt(u64::MAX, || ());
        second.unwrap().unwrap();
        stage.assert_equal_at_last();
    }
}
