//! A program dies at any step, and is started again.

use crate::upload::oracle::{assert_nothing_acknowledged_is_sent_again, died_soon_after};
use crate::upload::samples::{SampleSupply, TestSample, ndjson};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::{Chance, Conditions, seeds};
use humansync::http::Abort;
use humansync::upload::UploadReport;

/// Starts programs until one finishes its upload. Each is killed after as many steps as `next` says.
fn live(stage: &Stage, samples: &[TestSample], mut next: impl FnMut() -> Option<u64>) -> UploadReport {
    for _ in 0..1000 {
        let program = stage.program();
        if let Some(steps) = next() {
            let process = program.process.clone();
            stage.world.interrupt(stage.world.steps() + steps, move || process.kill());
        }
        let ended = stage.world.run(program.upload(&ndjson(samples), &Abort::new()));
        stage.world.interrupt(u64::MAX, || ());
        match ended {
            Some(Ok(report)) => {
                assert_eq!(report.warnings.len(), 0, "nothing is missing");
                return report;
            }
            Some(Err(stopped)) => assert_eq!(stopped.report.warnings.len(), 0, "nothing is missing"),
            None => assert!(program.process.is_dead()),
        }
    }
    panic!("a thousand programs, and none came to its end")
}

/// Everything but the held samples has arrived, nothing was sent again that the programs could know to have arrived,
/// and another upload sends nothing.
fn assert_survived(stage: &Stage, samples: &[TestSample], report: &UploadReport) {
    let arrived = stage.inbox.arrivals();
    assert_eq!(arrived.len() as u64 + report.held, samples.len() as u64);
    assert_eq!((report.unknown, report.failed), (0, 0));
    assert_nothing_acknowledged_is_sent_again(stage, |at| died_soon_after(stage, at));
    let requests = stage.post.sent();
    let again = stage.upload(samples).unwrap();
    assert_eq!((again.sent, again.requests, again.held), (0, 0, report.held));
    assert_eq!(again.already_sent, arrived.len() as u64);
    assert_eq!(stage.post.sent(), requests);
    stage.assert_nothing_is_left("at the end");
}

fn small(seed: u64) -> (Stage, Vec<TestSample>) {
    let options = StageOptions { batch_size: 5, concurrency: 3, lingering: 0.5, ..StageOptions::default() };
    let stage = Stage::calm(seed, options);
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(41);
    (stage, samples)
}

#[test]
fn nothing_is_lost_or_sent_again_if_a_program_dies_at_any_step() {
    for seed in seeds(4) {
        let (stage, samples) = small(seed);
        live(&stage, &samples, || None);
        let steps = stage.world.steps();
        assert!(steps > 50, "only {steps} steps: this upload waits for too little");
        for step in 1..=steps {
            let (stage, samples) = small(seed);
            let mut death = Some(step);
            let report = live(&stage, &samples, || death.take());
            assert_survived(&stage, &samples, &report);
        }
    }
}

#[test]
fn nothing_is_lost_if_the_next_programs_die_as_well() {
    for seed in seeds(300) {
        let (stage, samples) = small(seed);
        let mut chance = Chance::new(seed, "deaths");
        let mut left = chance.within(1..=12);
        let report = live(&stage, &samples, || {
            left = left.checked_sub(1)?;
            Some(chance.within(1..=60))
        });
        assert_survived(&stage, &samples, &report);
    }
}

#[test]
fn nothing_is_lost_if_large_uploads_die_on_a_bad_network() {
    for seed in seeds(60) {
        let mut chance = Chance::new(seed, "deaths");
        let cuts = chance.pick(&[0.0, 0.1]);
        let options = StageOptions {
            batch_size: chance.pick(&[3, 10, 100]),
            concurrency: chance.pick(&[1, 6]),
            conditions: Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() },
            lingering: 0.5,
            ..StageOptions::default()
        };
        let stage = Stage::calm(seed, options);
        let count = 600 + chance.index(5);
        let samples = SampleSupply::new(chance.clone(), 3, 90).some(count);
        let mut left = chance.within(1..=10);
        let report = live(&stage, &samples, || {
            left = left.checked_sub(1)?;
            Some(chance.within(1..=400))
        });
        assert_survived(&stage, &samples, &report);
    }
}

#[test]
fn with_hold_nothing_arrives_twice_however_often_programs_die() {
    for seed in seeds(300) {
        let options = StageOptions {
            batch_size: 5,
            concurrency: 3,
            hold: true,
            lingering: 0.5,
            ..StageOptions::default()
        };
        let stage = Stage::calm(seed, options);
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(41);
        let mut chance = Chance::new(seed, "deaths");
        let mut left = chance.within(1..=6);
        let report = live(&stage, &samples, || {
            left = left.checked_sub(1)?;
            Some(chance.within(1..=60))
        });
        stage.world.settle();
        crate::upload::oracle::assert_none_twice(&stage);
        assert_eq!(report.failed, 0);
        let arrived = stage.inbox.arrivals().len() as u64;
        assert!(arrived + report.held + report.unknown >= samples.len() as u64);
        // At each death, at most three batches of five were in flight or about to be.
        let most = stage.deaths().len() * 3 * 5;
        assert!(
            report.unknown <= most as u64,
            "{} unknown after {} deaths",
            report.unknown,
            stage.deaths().len()
        );
    }
}

#[test]
fn held_samples_survive_the_death_of_a_program() {
    let steps = |death: Option<u64>| {
        let stage = Stage::calm(
            death.unwrap_or(0),
            StageOptions { batch_size: 5, concurrency: 2, ..StageOptions::default() },
        );
        let mut supply = SampleSupply::new(stage.world.chance_for("samples"), 2, 40);
        let (early, late) = (supply.some(2), supply.some(20));
        assert_eq!(stage.upload(&early).unwrap().held, 2);
        let before = stage.world.steps();
        // The two held samples are in no source any more.
        let mut death = death;
        let report = live(&stage, &late, || death.take());
        assert_eq!(stage.inbox.arrivals().len() as u64 + report.held, 22);
        assert_nothing_acknowledged_is_sent_again(&stage, |at| died_soon_after(&stage, at));
        let steps = stage.world.steps() - before;
        let more = supply.some(5);
        let last = stage.upload(&more).unwrap();
        assert_eq!((stage.inbox.arrivals().len() as u64 + last.held, last.carried), (27, report.held));
        steps
    };
    let all = steps(None);
    for step in 1..=all {
        steps(Some(step));
    }
}
