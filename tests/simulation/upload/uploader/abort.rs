//! An upload is aborted, or its client closed, at any step.

use crate::server::Verdict;
use crate::upload::oracle::{assert_arrived, assert_nothing_acknowledged_is_sent_again, in_doubt};
use crate::upload::samples::{SampleSupply, TestSample, ndjson};
use crate::upload::stage::{Program, Stage, StageOptions};
use crate::world::{Conditions, seeds};
use humansync::error::Error;
use humansync::http::Abort;
use std::cell::Cell;
use std::rc::Rc;

fn eventful(seed: u64, hold: bool) -> (Stage, Vec<TestSample>) {
    let options = StageOptions { batch_size: 5, concurrency: 3, hold, ..StageOptions::default() };
    let mut seen = 0;
    let stage = Stage::new(seed, options, move |_| {
        seen += 1;
        match seen {
            2 => Verdict::Refused(503),
            4 => Verdict::Deferred(429, 1),
            6 => Verdict::Unanswered { accepted: true },
            7 => Verdict::Refused(413),
            _ => Verdict::Accepted,
        }
    });
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(42);
    (stage, samples)
}

/// One upload, stopped before `step` if it gets that far. Returns how many steps it took.
fn stopped_before(seed: u64, step: Option<u64>, hold: bool, stop: fn(&Abort, &Program)) -> u64 {
    let (stage, samples) = eventful(seed, hold);
    let program = stage.program();
    let abort = Abort::new();
    let at = Rc::new(Cell::new(None));
    if let Some(step) = step {
        let (abort, program, at, clock) = (abort.clone(), program.clone(), at.clone(), stage.world.clone());
        stage.world.interrupt(step, move || {
            at.set(Some(clock.elapsed()));
            stop(&abort, &program);
        });
    }
    let ended = stage.world.run(program.upload(&ndjson(&samples), &abort)).unwrap();
    let steps = stage.world.steps();
    let when = format!("stopped before step {step:?}");
    if let Some(at) = at.get() {
        // What is known is still recorded: that takes a few operations of the disk, one after another.
        let took = stage.world.elapsed() - at;
        match &ended {
            Err(stopped) => {
                assert!(
                    matches!(stopped.error, Error::Aborted | Error::Closed),
                    "{when}: {:?}",
                    stopped.error
                );
                assert!(took <= stage.longest_write() * 4, "{when} it took {took} ms to end");
            }
            // It was so late that only the clean-up was left.
            Ok(report) => {
                assert_eq!(report.sent + report.held + report.failed + report.unknown, 42, "{when}")
            }
        }
    }
    stage.assert_nothing_is_left(&when);
    let doubtful = in_doubt(&stage).len() as u64;
    if let (Err(stopped), true) = (&ended, hold) {
        assert_eq!(stopped.report.unknown, doubtful, "{when}");
    }

    // The next upload goes on from there.
    let next = stage.program_with(false);
    let report = stage.upload_by(&next, &samples).unwrap();
    assert_eq!(report.unknown, 0, "{when}");
    assert_nothing_acknowledged_is_sent_again(&stage, |_| false);
    if report.failed + report.held == 0 {
        assert_arrived(&stage, &samples);
    }
    stage.assert_nothing_is_left(&when);
    steps
}

#[test]
fn an_abort_at_any_step_ends_the_upload_at_once_and_loses_nothing() {
    for hold in [false, true] {
        for seed in seeds(3) {
            let steps = stopped_before(seed, None, hold, |_, _| ());
            assert!(steps > 50, "only {steps} steps: this upload waits for too little");
            for step in 1..=steps {
                stopped_before(seed, Some(step), hold, |abort, _| abort.abort());
            }
        }
    }
}

#[test]
fn closing_the_client_at_any_step_ends_the_upload_at_once_and_loses_nothing() {
    for seed in seeds(2) {
        let steps = stopped_before(seed, None, false, |_, _| ());
        for step in 1..=steps {
            stopped_before(seed, Some(step), false, |_, program| program.close());
        }
    }
}

#[test]
fn with_hold_batches_that_were_never_sent_are_not_held_back_after_an_abort() {
    for seed in seeds(300) {
        let mut chance = crate::world::Chance::new(seed, "abort");
        let options = StageOptions { batch_size: 5, concurrency: 3, hold: true, ..StageOptions::default() };
        let stage = Stage::calm(seed, options);
        let samples = SampleSupply::new(chance.clone(), 2, 40).some(40);
        let abort = Abort::new();
        let signal = abort.clone();
        stage.world.interrupt(chance.within(1..=90), move || signal.abort());
        let _ = stage.world.run(stage.program().upload(&ndjson(&samples), &abort)).unwrap();
        stage.world.interrupt(u64::MAX, || ());
        let doubtful = in_doubt(&stage).len() as u64;
        let report = stage.upload(&samples).unwrap();
        assert_eq!(report.unknown, doubtful);
    }
}

#[test]
fn an_abort_ends_a_pause_of_a_minute_at_once() {
    for seed in seeds(20) {
        let options =
            StageOptions { batch_size: 5, conditions: Conditions::steady(5), ..StageOptions::default() };
        let stage = Stage::new(seed, options, |_| Verdict::Deferred(429, 60));
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(100);
        let abort = Abort::new();
        let upload = stage.program().upload(&ndjson(&samples), &abort);
        let stopping = async {
            humansync::clock::Clock::sleep(&stage.world, 20_000).await;
            abort.abort();
        };
        let (ended, ()) = stage.world.run(futures_util::future::join(upload, stopping));
        let stopped = ended.unwrap().unwrap_err();
        assert!(matches!(stopped.error, Error::Aborted));
        // Nothing was accepted, and this is known of every batch.
        assert_eq!((stopped.report.sent, stopped.report.unknown, stopped.report.failed), (0, 0, 100));
        assert!(stage.world.elapsed() <= 20_050, "{} ms", stage.world.elapsed());
        stage.assert_nothing_is_left("at the end");
    }
}
