//! The longest time for one attempt, body included.

use super::asking::{Stage, ask, script};
use crate::server::{Document, ok};
use crate::setup::Setup;
use crate::world::{Fate, Outcome};
use futures_util::future::join_all;
use humansync::error::Error;
use humansync::http::Abort;

fn late(milliseconds: u64) -> Outcome {
    Outcome::Late(milliseconds, ok(Document::Blank))
}

#[test]
fn an_answer_within_the_time_is_taken_and_one_behind_it_is_not() {
    let setup = Setup { timeout: 1_000, max_retries: 0, ..Setup::default() };
    // 10 ms are the way there and back.
    let stage = Stage::new(&setup, script([late(980)]));
    assert!(stage.ask().is_ok());
    let stage = Stage::new(&setup, script([late(1_000)]));
    match stage.ask() {
        Err(Error::Connection(error)) => assert_eq!((error.timeout, error.sent), (Some(1_000), true)),
        other => panic!("{other:?}"),
    }
    assert_eq!(stage.world.elapsed(), 1_000);
    assert_eq!(stage.network.log()[0].fate, Fate::Cancelled);
    stage.assert_nothing_is_left();
}

#[test]
fn silence_is_tried_again_each_attempt_with_its_own_time() {
    let stage = Stage::new(&Setup::default(), |_: &_| Outcome::Silence);
    assert!(matches!(stage.ask(), Err(Error::Connection(_))));
    let sent = stage.sent();
    assert_eq!(sent.len(), 5);
    for (index, pair) in sent.windows(2).enumerate() {
        let between = pair[1] - pair[0];
        assert!((30_000..30_000 + (500 << index)).contains(&between), "{between} ms");
    }
    assert!(stage.network.log().iter().all(|exchange| exchange.fate == Fate::Cancelled));
    stage.assert_nothing_is_left();
}

#[test]
fn waiting_for_a_lane_does_not_count() {
    let setup = Setup { timeout: 1_000, max_retries: 0, concurrency: 1, ..Setup::default() };
    let stage = Stage::new(&setup, |_: &_| late(900));
    let calls = (0..5).map(|_| {
        let client = stage.client.clone();
        async move { ask(&client, &Abort::new()).await.is_ok() }
    });
    let ended = stage.world.run(join_all(calls));
    assert_eq!(ended, [true; 5]);
}

#[test]
fn a_machine_that_slept_reads_what_has_arrived_before_it_gives_up() {
    let setup = Setup { timeout: 1_000, max_retries: 0, ..Setup::default() };
    for slept in [1_000, 5_000, 600_000] {
        let stage = Stage::new(&setup, script([late(500)]));
        let world = stage.world.clone();
        // With the request under way.
        stage.world.interrupt(2, move || world.suspend(slept));
        assert!(stage.ask().is_ok(), "slept {slept} ms");
        assert_eq!(stage.network.requests(), 1);
        stage.assert_nothing_is_left();
    }
}

#[test]
fn what_does_not_come_after_the_sleep_either_is_given_up_soon() {
    let setup = Setup { timeout: 1_000, max_retries: 0, ..Setup::default() };
    let stage = Stage::new(&setup, |_: &_| Outcome::Silence);
    let world = stage.world.clone();
    stage.world.interrupt(2, move || world.suspend(600_000));
    assert!(matches!(stage.ask(), Err(Error::Connection(_))));
    assert!(stage.world.elapsed() <= 602_000, "{} ms", stage.world.elapsed());
    stage.assert_nothing_is_left();
}
