//! Aborts and stores that fail: the next run repairs it.

use super::stage::{DAY, Setting, Stage};
use crate::server::Variant;
use crate::world::{FailurePoint, Verb, seeds};
use futures_util::future::join;
use humansync::api::BatchType;
use humansync::error::Error;
use humansync::http::Abort;
use humansync::sync::{Room, Settings};
use std::rc::Rc;

fn small(seed: u64) -> Stage {
    let setting = Setting { types: vec!["weights", "food/meals"], concurrency: 2, ..Setting::default() };
    let stage = Stage::new(seed, Variant::plain(3), setting);
    stage.fill(8, 40);
    stage.set(|setting| setting.since = Some(stage.seconds() - 41 * DAY));
    stage
}

#[test]
fn a_run_may_be_aborted_at_every_step() {
    for seed in seeds(4) {
        let steps = {
            let stage = small(seed);
            let before = stage.world.steps();
            stage.sync().unwrap();
            stage.world.steps() - before
        };
        for step in 1..=steps {
            let stage = small(seed);
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
fn any_operation_of_the_store_may_fail() {
    let operations = {
        let stage = small(0);
        stage.sync().unwrap();
        stage.disk.operations()
    };
    for failing in [FailurePoint::Before, FailurePoint::After] {
        for number in 0..operations {
            let stage = small(0);
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
fn a_store_that_takes_nothing_stops_the_first_delta_behind_which_it_is_asked() {
    let stage = small(1);
    stage.disk.fail(|operation| (operation.verb == Verb::Set).then_some(FailurePoint::Before));
    assert!(matches!(stage.sync(), Err(Error::Store(_))));
    let came = stage.table.len_of("weights") + stage.table.len_of("food/meals");
    assert!(came <= 3, "{came} records came though nothing was kept");
}

#[test]
fn the_lock_is_not_given_back_while_a_position_is_written() {
    for seed in seeds(40) {
        let stage = small(seed);
        let program = stage.program();
        let store = Rc::new(stage.disk.open(&program.process));
        let settings = Settings {
            types: vec![BatchType::from_name("weights").unwrap()],
            since: stage.setting.borrow().since,
            until: None,
            overlap: 300,
            room: Room::default(),
        };
        let mut run = program.app.run(store, settings, Abort::new());
        stage.world.run(async {
            let delta = run.next().await.unwrap().unwrap();
            let keeper = run.keeper();
            let ending = async {
                run.end().await.unwrap();
                assert!(stage.positions().contains_key("weights"), "it was still being written");
            };
            let (kept, ()) = join(keeper.commit(delta.number), ending).await;
            kept.unwrap();
            stage.table.take("weights", &delta.records.0, stage.server.now());
            // Once is enough, and a delta that there was not cannot be kept.
            keeper.commit(delta.number).await.unwrap();
            assert!(matches!(keeper.commit(delta.number + 1).await, Err(Error::Store(_))));
        });
        // What was kept does not come again: the table would tell.
        stage.assert_equal_at_last();
    }
}

#[test]
fn two_runs_on_one_store_take_turns() {
    for seed in seeds(100) {
        let stage = small(seed);
        let (one, other) = (stage.program(), stage.program());
        let abort = Abort::new();
        let runs = join(stage.sync_by(&one, &abort), stage.sync_by(&other, &abort));
        let (first, second) = stage.world.run(runs);
        let (first, second) = (first.unwrap().unwrap(), second.unwrap().unwrap());
        // The table would have told of anything that came twice.
        assert_eq!(first.records.min(second.records), 0);
        stage.assert_equal_at_last();
    }
}

#[test]
fn of_two_runs_on_one_store_one_may_die() {
    for seed in seeds(150) {
        let stage = small(seed);
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
