//! When positions are stored, and when not.

use super::given_deltas::MOST_AGAIN;
use super::stage::{DAY, Setting, Stage};
use crate::server::Variant;
use crate::world::{Chance, Conditions, FailurePoint, Verb, seeds};
use futures_util::future::join;
use humansync::error::Error;
use humansync::http::Abort;
use std::cell::Cell;

#[test]
fn a_run_stops_after_its_first_delta_if_the_store_cannot_write() {
    let stage = Stage::of_few_records(1);
    stage.disk.fail(|operation| (operation.verb == Verb::Set).then_some(FailurePoint::Before));
    assert!(matches!(stage.sync(), Err(Error::Store(_))));
    let came = stage.table.len_of("weights") + stage.table.len_of("food/meals");
    assert!(came <= 3, "{came} records came though nothing was kept");
}

#[test]
fn the_lock_is_not_released_while_a_position_is_written() {
    for seed in seeds(40) {
        let stage = Stage::of_few_records(seed);
        stage.set(|setting| setting.types = vec!["weights"]);
        let mut run = stage.run_of(&stage.program(), &Abort::new());
        stage.world.run(async {
            let delta = run.next().await.unwrap().unwrap();
            let committer = run.committer();
            let ending = async {
                run.end().await.unwrap();
                assert!(stage.positions().contains_key("weights"), "it was still being written");
            };
            let (kept, ()) = join(committer.commit(delta.number), ending).await;
            kept.unwrap();
            stage.table.take("weights", &delta.records.0, &stage.server);
            // A second commit does nothing, and there is no third delta to commit.
            committer.commit(delta.number).await.unwrap();
            assert!(matches!(committer.commit(delta.number + 1).await, Err(Error::Store(_))));
        });
        // A stored delta does not come again: the table checks that.
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_commit_that_fails_while_the_next_delta_is_asked_for_is_made_again() {
    let mut caught = 0;
    for seed in seeds(40) {
        let stage = Stage::of_few_records(seed);
        stage.set(|setting| setting.types = vec!["weights"]);
        let mut run = stage.run_of(&stage.program(), &Abort::new());
        let first_set_fails = Cell::new(true);
        stage.world.run(async {
            let committer = run.committer();
            while let Some(delta) = run.next().await.unwrap() {
                stage.table.take("weights", &delta.records.0, &stage.server);
                if !first_set_fails.replace(false) {
                    continue;
                }
                let failures = Cell::new(1);
                stage.disk.fail(move |operation| {
                    let fails = operation.verb == Verb::Set && failures.replace(0) == 1;
                    fails.then_some(FailurePoint::Before)
                });
                // The consumer does not wait for its commit, and asks for the next delta.
                let (committed, next) = join(committer.commit(delta.number), run.next()).await;
                assert!(matches!(committed, Err(Error::Store(_))));
                let Some(next) = next.unwrap() else { break };
                caught += 1;
                stage.table.take("weights", &next.records.0, &stage.server);
                committer.commit(delta.number).await.unwrap();
                committer.commit(next.number).await.unwrap();
            }
        });
        // A stored delta does not come again: the table checks that.
        stage.assert_equal_at_last();
    }
    assert!(caught > 0, "no run had a second delta");
}

/// The most records on a page.
const CAP: u64 = 4;
const STILL: [&str; 3] = ["weights", "sleeps", "heights"];

/// A server on which nothing moves, with a few pages of each type, and a disk that takes up to `slow` milliseconds.
fn still(seed: u64, slow: u64) -> Stage {
    let setting = Setting {
        types: STILL.to_vec(),
        disk: 0..=slow,
        conditions: Conditions::steady(10),
        busy: 0..=10,
        ..Setting::default()
    };
    let stage = Stage::new(seed, Variant { cap: CAP as usize, ..Variant::plain(CAP as usize) }, setting);
    stage.fill(40, 20);
    // Nothing can change any more without getting another stamp.
    stage.pass(200_000);
    stage.set(|setting| setting.since = Some(stage.seconds() - 21 * DAY));
    stage
}

fn most_unstored(stage: &Stage) -> usize {
    stage.deltas.borrow().as_ref().unwrap().most()
}

#[test]
fn a_run_does_not_wait_for_a_slow_store_until_eight_deltas_are_done() {
    let stage = still(1, 0);
    let began = stage.world.elapsed();
    stage.sync().unwrap();
    let at_once = stage.world.elapsed() - began;
    for slow in [100, 5000] {
        let stage = still(1, slow);
        let began = stage.world.elapsed();
        let sets = stage.disk.operations();
        stage.sync().unwrap();
        let (took, operations) = (stage.world.elapsed() - began, stage.disk.operations() - sets);
        assert!(
            took < at_once + operations * slow / 2,
            "{took} ms with {operations} operations of up to {slow}"
        );
        assert_eq!(most_unstored(&stage), MOST_AGAIN);
        // Updates of one type that have to wait are written together.
        assert!(slow < 5000 || operations < 25, "{operations} operations");
        stage.assert_equal_at_last();
    }
}

#[test]
fn after_a_crash_eight_deltas_come_again_at_most_and_the_one_in_hand() {
    let mut most = 0;
    for seed in seeds(4) {
        let steps = {
            let stage = still(seed, 300);
            let before = stage.world.steps();
            stage.sync().unwrap();
            stage.world.steps() - before
        };
        for step in (1..=steps).step_by(3) {
            let stage = still(seed, 300);
            stage.sync_and_die(step);
            let before = stage.table.again();
            stage.sync().unwrap();
            let again = stage.table.again() - before;
            assert!(again <= MOST_AGAIN as u64 * CAP, "{again} records came again after {step} steps");
            most = most.max(again);
            stage.assert_equal();
        }
    }
    assert!(most > 4 * CAP, "only {most} came again: that does not test the bound");
}

#[test]
fn whoever_leaves_has_everything_stored_but_the_delta_in_hand() {
    for seed in seeds(60) {
        let mut chance = Chance::new(seed, "leaving");
        let stage = still(seed, chance.pick(&[0, 300, 5000]));
        stage.set(|setting| {
            setting.leaves_after = Some(chance.within(1..=30));
            setting.commits = chance.pick(&[0.0, 0.3]);
        });
        stage.sync().unwrap();
        stage.assert_nothing_is_left();
        stage.set(|setting| setting.leaves_after = None);
        let before = stage.table.again();
        stage.sync().unwrap();
        // The delta in hand was not taken.
        assert_eq!(stage.table.again() - before, 0);
        stage.assert_equal_at_last();
    }
}

#[test]
fn whoever_aborts_has_everything_stored_that_is_done() {
    for seed in seeds(60) {
        let stage = still(seed, 300);
        let abort = Abort::new();
        let (own, step) = (abort.clone(), stage.world.chance_for("abort").within(1..=250));
        stage.world.interrupt(stage.world.steps() + step, move || own.abort());
        let ended = stage.world.run(stage.sync_by(&stage.program(), &abort)).unwrap();
        stage.world.interrupt(u64::MAX, || ());
        assert!(matches!(ended, Ok(_) | Err(Error::Aborted)), "{ended:?}");
        stage.assert_nothing_is_left();
        let before = stage.table.again();
        stage.sync().unwrap();
        assert_eq!(stage.table.again() - before, 0);
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_write_that_fails_in_the_background_ends_the_run_before_another_delta() {
    let mut told = 0;
    for (number, failing) in
        (0..25).flat_map(|number| [FailurePoint::Before, FailurePoint::After].map(|point| (number, point)))
    {
        let stage = still(number, 300);
        let left = Cell::new(number);
        stage.disk.fail(move |operation| {
            let is_it = operation.verb == Verb::Set && left.replace(left.get().wrapping_sub(1)) == 0;
            is_it.then_some(failing)
        });
        // `GivenDeltas` checks that no delta comes after it.
        let ended = stage.sync();
        let store = stage.disk.opened() - 1;
        match &ended {
            // It made fewer writes.
            Ok(_) => assert_eq!(stage.disk.failed_at(store), None),
            Err(error) => {
                assert!(
                    matches!(error, Error::Store(error) if error.code == "failed"),
                    "{number}: {error:?}"
                );
                told += 1;
            }
        }
        stage.disk.heal();
        stage.assert_nothing_is_left();
        let before = stage.table.again();
        stage.sync().unwrap();
        assert!(stage.table.again() - before <= MOST_AGAIN as u64 * CAP);
        stage.assert_equal_at_last();
    }
    assert!(told >= 20, "{told}");
}

#[test]
fn whoever_leaves_is_told_of_a_write_that_has_failed() {
    let mut told = 0;
    for seed in seeds(40) {
        let stage = still(seed, 300);
        let mut chance = stage.world.chance_for("leaving");
        stage.set(|setting| setting.leaves_after = Some(chance.within(2..=8)));
        let left = Cell::new(chance.within(0..=6));
        stage.disk.fail(move |operation| {
            let is_it = operation.verb == Verb::Set && left.replace(left.get().wrapping_sub(1)) == 0;
            is_it.then_some(FailurePoint::Before)
        });
        let ended = stage.sync();
        let store = stage.disk.opened() - 1;
        assert_eq!(ended.is_err(), stage.disk.failed_at(store).is_some(), "{ended:?}");
        told += u64::from(ended.is_err());
        stage.disk.heal();
        stage.set(|setting| setting.leaves_after = None);
        stage.assert_equal_at_last();
    }
    assert!(told > 5, "{told}");
}

#[test]
fn a_commit_that_was_told_of_a_failure_may_be_repeated_and_the_run_goes_on() {
    let mut told = 0;
    for seed in seeds(60) {
        let stage = still(seed, 300);
        let mut run = stage.run_of(&stage.program(), &Abort::new());
        let mut chance = stage.world.chance_for("commits");
        let left = Cell::new(chance.within(1..=6));
        stage.disk.fail(move |operation| {
            let is_it = operation.verb == Verb::Set && left.replace(left.get().wrapping_sub(1)) == 0;
            is_it.then_some(FailurePoint::Before)
        });
        let ended = stage.world.run(async {
            let committer = run.committer();
            loop {
                let Some(delta) = run.next().await? else { return Ok(()) };
                stage.table.take(delta.name, &delta.records.0, &stage.server);
                if committer.commit(delta.number).await.is_err() {
                    told += 1;
                    if chance.happens(0.5) {
                        committer.commit(delta.number).await?;
                    }
                }
            }
        });
        // Only the end of a window without a delta can fail where no commit is told of it.
        assert!(matches!(ended, Ok(()) | Err(Error::Store(_))));
        drop(run);
        stage.disk.heal();
        if ended.is_err() {
            stage.table.trouble();
        }
        // A stored delta does not come again: the table checks that.
        stage.assert_equal_at_last();
    }
    assert!(told > 30, "{told}");
}
