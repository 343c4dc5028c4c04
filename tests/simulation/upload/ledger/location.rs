//! Several servers share a store.

use crate::server::Verdict;
use crate::upload::early_ledger;
use crate::upload::oracle::assert_arrived_once;
use crate::upload::samples::{SampleSupply, TestSample, ndjson};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::seeds;
use futures_util::future::join;
use humansync::http::Abort;

fn two(seed: u64) -> (Stage, Stage, Vec<TestSample>) {
    let options = StageOptions { batch_size: 10, ..StageOptions::default() };
    let trial = Stage::calm(seed, options);
    let other = trial.beside("https://samples.example", |_| Verdict::Accepted);
    let samples = SampleSupply::new(trial.world.chance_for("samples"), 2, 40).some(42);
    (trial, other, samples)
}

#[test]
fn each_server_gets_every_sample() {
    for seed in seeds(20) {
        let (trial, other, samples) = two(seed);
        for stage in [&trial, &other] {
            assert_eq!(stage.upload(&samples).unwrap().sent, 42);
            assert_eq!(stage.upload(&samples).unwrap().already_sent, 42);
            assert_arrived_once(stage, &samples);
        }
        trial.world.run(trial.program().forget(None)).unwrap();
        assert_eq!(other.upload(&samples).unwrap().sent, 0);
        assert_eq!(trial.upload(&samples).unwrap().sent, 42);
    }
}

#[test]
fn an_early_ledger_belongs_to_the_server_that_it_is_used_with_first() {
    for seed in seeds(50) {
        let (first, second, samples) = two(seed);
        early_ledger::write(&first.disk, &samples[..30], &samples[30..32]);
        // A plan and a look at the watermarks do not claim it.
        let plan = second.world.run(second.program().plan(&ndjson(&samples))).unwrap();
        assert_eq!((plan.already_sent, plan.samples), (30, 12));
        assert_eq!(second.world.run(second.program().watermarks()).unwrap().len(), 2);

        let report = first.upload(&samples[32..]).unwrap();
        assert_eq!((report.carried, report.sent), (2, 12));
        assert_eq!(first.upload(&samples).unwrap().already_sent, 42);
        assert_eq!(second.upload(&samples).unwrap().sent, 42);
        assert_eq!(second.upload(&samples).unwrap().sent, 0);
        // It keeps its owner even when it is forgotten.
        first.world.run(first.program().forget(None)).unwrap();
        assert_eq!((second.upload(&samples).unwrap().sent, first.upload(&samples).unwrap().sent), (0, 42));
    }
}

#[test]
fn an_early_ledger_gets_one_owner_even_if_programs_race_and_die() {
    for step in 1..120 {
        let (first, second, samples) = two(step);
        early_ledger::write(&first.disk, &samples[..30], &[]);
        let program = first.program();
        let process = program.process.clone();
        first.world.interrupt(step, move || process.kill());
        let one = program.upload(&ndjson(&samples), &Abort::new());
        let other = second.program();
        let other = other.upload(&ndjson(&samples), &Abort::new());
        let (_, other) = first.world.run(join(one, other));
        first.world.interrupt(u64::MAX, || ());
        let sent = other.unwrap().unwrap().sent;
        let owner = if sent == 42 { &first } else { &second };
        assert!(sent == 42 || sent == 12, "{sent}");
        for stage in [&first, &second, &first] {
            stage.upload(&samples).unwrap();
        }
        first.world.settle();
        let arrived = |stage: &Stage| stage.inbox.arrivals().len();
        let expected = |stage: &Stage| if std::ptr::eq(owner, stage) { 12 } else { 42 };
        assert_eq!((arrived(&first), arrived(&second)), (expected(&first), expected(&second)), "step {step}");
    }
}
