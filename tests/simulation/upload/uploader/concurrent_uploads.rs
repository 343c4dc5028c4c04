//! Several programs that share a disk upload at the same time.

use crate::upload::oracle::{
    assert_arrived, assert_arrived_once, assert_nothing_acknowledged_is_sent_again, died_soon_after,
};
use crate::upload::samples::{SampleSupply, TestSample, ndjson};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::{Chance, Conditions, seeds};
use futures_util::future::{join, join_all};
use humansync::clock::Clock;
use humansync::error::Error;
use humansync::http::Abort;

#[test]
fn two_programs_with_the_same_source_send_each_sample_once() {
    for seed in seeds(300) {
        let mut chance = Chance::new(seed, "together");
        let options = StageOptions { batch_size: chance.pick(&[5, 20, 1000]), ..StageOptions::default() };
        let stage = Stage::calm(seed, options);
        let samples = SampleSupply::new(chance.clone(), 3, 40).some(200);
        let bytes = ndjson(&samples);
        let (one, other) = (stage.program(), stage.program());
        let late = stage.world.sleep(chance.within(0..=200));
        let other = async {
            late.await;
            other.upload(&bytes, &Abort::new()).await
        };
        let (one, other) = stage.world.run(join(one.upload(&bytes, &Abort::new()), other));
        let (one, other) = (one.unwrap().unwrap(), other.unwrap().unwrap());
        let mut sent = [one.sent, other.sent];
        sent.sort_unstable();
        assert_eq!(sent, [0, 200]);
        assert_eq!(one.already_sent + other.already_sent, 200);
        assert_arrived_once(&stage, &samples);
        stage.assert_nothing_is_left("at the end");
    }
}

#[test]
fn five_programs_with_overlapping_sources_send_each_sample_once() {
    for seed in seeds(200) {
        let mut chance = Chance::new(seed, "together");
        let stage = Stage::calm(
            seed,
            StageOptions { batch_size: chance.pick(&[3, 5, 20]), ..StageOptions::default() },
        );
        let samples = SampleSupply::new(chance.clone(), 3, 40).some(200);
        let parts: Vec<Vec<TestSample>> =
            (0..5).map(|_| samples.iter().filter(|_| chance.happens(0.4)).cloned().collect()).collect();
        let uploads = parts.iter().map(|part| stage.program().upload(&ndjson(part), &Abort::new()));
        let ended = stage.world.run(join_all(uploads));
        let reports: Vec<_> = ended.into_iter().map(|ended| ended.unwrap().unwrap()).collect();
        let last = stage.upload(&samples).unwrap();
        let sent: u64 = reports.iter().map(|report| report.sent).sum();
        assert_eq!(sent + last.sent + last.held, 200);
        crate::upload::oracle::assert_none_twice(&stage);
        assert_eq!(stage.inbox.arrivals().len() as u64, 200 - last.held);
    }
}

#[test]
fn if_one_program_dies_or_is_aborted_the_other_goes_on() {
    for seed in seeds(400) {
        let mut chance = Chance::new(seed, "together");
        let cuts = chance.pick(&[0.0, 0.1]);
        let options = StageOptions {
            batch_size: 10,
            conditions: Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() },
            lingering: 0.5,
            ..StageOptions::default()
        };
        let stage = Stage::calm(seed, options);
        let samples = SampleSupply::new(chance.clone(), 3, 40).some(200);
        let bytes = ndjson(&samples);
        let (one, other) = (stage.program(), stage.program());
        let abort = Abort::new();
        let (process, by_abort, signal) = (one.process.clone(), chance.happens(0.5), abort.clone());
        stage.world.interrupt(
            chance.within(1..=200),
            move || {
                if by_abort { signal.abort() } else { process.kill() }
            },
        );
        let (one, other) =
            stage.world.run(join(one.upload(&bytes, &abort), other.upload(&bytes, &Abort::new())));
        if let Some(Err(stopped)) = &one {
            assert!(matches!(stopped.error, Error::Aborted | Error::Connection(_)), "{:?}", stopped.error);
        }
        drop(other.unwrap());
        stage.upload_until_done(&samples, 100);
        assert_arrived(&stage, &samples);
        assert_nothing_acknowledged_is_sent_again(&stage, |at| died_soon_after(&stage, at));
    }
}

#[test]
fn an_upload_that_waits_for_the_lock_can_be_aborted_at_once() {
    for seed in seeds(50) {
        let stage =
            Stage::calm(seed, StageOptions { batch_size: 3, concurrency: 1, ..StageOptions::default() });
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 40).some(90);
        let bytes = ndjson(&samples);
        let abort = Abort::new();
        let (one, other) = (stage.program(), stage.program());
        let stopping = async {
            stage.world.sleep(100).await;
            let waiting = other.upload(&bytes, &abort);
            let (ended, ()) = join(waiting, async {
                stage.world.sleep(100).await;
                abort.abort();
            })
            .await;
            assert_eq!(stage.world.elapsed(), 200);
            ended
        };
        let (one, stopped) = stage.world.run(join(one.upload(&bytes, &Abort::new()), stopping));
        assert!(matches!(stopped.unwrap().unwrap_err().error, Error::Aborted));
        assert_eq!(one.unwrap().unwrap().sent, 90);
        assert_arrived_once(&stage, &samples);
        stage.assert_nothing_is_left("at the end");
    }
}
